using System.Text;

namespace CfLogStream.Core.Rules;

/// <summary>The right side of a comparison, or an argument of a call.</summary>
public abstract record LiteralNode(int Position) : RuleNode(Position);

/// <summary>A quoted or raw string; its value is bytes, which need not be UTF-8.</summary>
/// <param name="IsRegex">Whether it is the pattern of <c>matches</c>, where a backslash stays.</param>
public sealed record StringLiteral(int Position, byte[] Value, bool IsRegex) : LiteralNode(Position)
{
    /// <summary>The value as text; bytes that are no UTF-8 become replacement characters.</summary>
    public string Text => Encoding.UTF8.GetString(Value);
}

/// <summary>A literal without quotes.</summary>
/// <param name="Text">As written.</param>
/// <param name="Kind">What it is by its form alone; whether it fits depends on the type of what it is compared with.</param>
public sealed record BareLiteral(int Position, string Text, BareKind Kind) : LiteralNode(Position);

/// <summary>A set of literals in braces.</summary>
public sealed record SetLiteral(int Position, IReadOnlyList<LiteralNode> Items) : LiteralNode(Position)
{
    /// <inheritdoc/>
    public override IEnumerable<RuleNode> Children => Items;
}

/// <summary>A named list.</summary>
/// <param name="Name">Without the <c>$</c>.</param>
public sealed record ListLiteral(int Position, string Name) : LiteralNode(Position);

/// <summary>The forms of a literal without quotes.</summary>
public enum BareKind
{
    /// <summary>A whole number of 64 bits.</summary>
    Integer,

    /// <summary>Two of them, <c>first..last</c>.</summary>
    IntegerRange,

    /// <summary>An IP address.</summary>
    Address,

    /// <summary>Addresses with a prefix length.</summary>
    Network,

    /// <summary>Two addresses, <c>first..last</c>.</summary>
    AddressRange,

    /// <summary>Bytes in hexadecimal, for instance <c>6f:72:67</c>.</summary>
    Bytes,
}

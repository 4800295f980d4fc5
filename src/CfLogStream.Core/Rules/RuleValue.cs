using System.Net;
using System.Text;

namespace CfLogStream.Core.Rules;

/// <summary>What a field or a function gives. A value that is not known is null, which is not the same as <see cref="Missing"/>.</summary>
public abstract record RuleValue
{
    /// <summary>The request has no such value: every comparison with it is false.</summary>
    public static RuleValue Missing { get; } = new MissingValue();

    /// <summary>Returns text as bytes.</summary>
    public static RuleValue Of(string text) => new TextValue(Encoding.UTF8.GetBytes(text));

    /// <summary>Returns a whole number.</summary>
    public static RuleValue Of(long number) => new NumberValue(number);

    /// <summary>Returns a truth value.</summary>
    public static RuleValue Of(bool flag) => new FlagValue(flag);

    /// <summary>Returns an address.</summary>
    public static RuleValue Of(IPAddress address) => new AddressValue(address);

    private sealed record MissingValue : RuleValue;
}

/// <summary>Text, which is bytes and need not be UTF-8.</summary>
public sealed record TextValue(ReadOnlyMemory<byte> Bytes) : RuleValue;

/// <summary>A whole number.</summary>
public sealed record NumberValue(long Number) : RuleValue;

/// <summary>A truth value.</summary>
public sealed record FlagValue(bool Flag) : RuleValue;

/// <summary>An IP address.</summary>
public sealed record AddressValue(IPAddress Address) : RuleValue;

/// <summary>An array; elements that are not known are null.</summary>
/// <param name="IsUnpacked">Whether it stands for each of its elements, after <c>[*]</c>.</param>
public sealed record ListValue(IReadOnlyList<RuleValue?> Items, bool IsUnpacked = false) : RuleValue;

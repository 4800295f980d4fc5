namespace CfLogStream.Core.Rules;

/// <summary>A field or a call, with its indexes; alone it is a condition.</summary>
public abstract record ValueNode(int Position, string Name, IReadOnlyList<RuleIndex> Indexes) : RuleNode(Position);

/// <summary>A field, for instance <c>http.request.headers["accept"][0]</c>.</summary>
public sealed record FieldNode(int Position, string Name, IReadOnlyList<RuleIndex> Indexes) : ValueNode(Position, Name, Indexes);

/// <summary>A call of a function; <c>any</c> and <c>all</c> are calls too.</summary>
public sealed record CallNode(int Position, string Name, IReadOnlyList<RuleNode> Arguments, IReadOnlyList<RuleIndex> Indexes)
    : ValueNode(Position, Name, Indexes)
{
    /// <inheritdoc/>
    public override IEnumerable<RuleNode> Children => Arguments;
}

/// <summary>One index: an element's number, a map's key, or <c>*</c> for each.</summary>
/// <param name="Key">The key of a map; null for the others.</param>
/// <param name="Number">The element of an array, 0-based; null for the others.</param>
public readonly record struct RuleIndex(string? Key, uint? Number)
{
    /// <summary>Whether it stands for each element.</summary>
    public bool IsEach => Key is null && Number is null;
}

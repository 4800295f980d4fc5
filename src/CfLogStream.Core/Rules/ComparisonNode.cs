namespace CfLogStream.Core.Rules;

/// <summary>A value compared with a literal.</summary>
public sealed record ComparisonNode(int Position, ValueNode Value, ComparisonOperator Operator, LiteralNode Literal) : RuleNode(Position)
{
    /// <inheritdoc/>
    public override IEnumerable<RuleNode> Children => [Value, Literal];
}

/// <summary>The operators of a comparison.</summary>
public enum ComparisonOperator
{
    /// <summary><c>eq</c>, <c>==</c></summary>
    Equal,

    /// <summary><c>ne</c>, <c>!=</c></summary>
    NotEqual,

    /// <summary><c>ge</c>, <c>&gt;=</c></summary>
    GreaterOrEqual,

    /// <summary><c>le</c>, <c>&lt;=</c></summary>
    LessOrEqual,

    /// <summary><c>gt</c>, <c>&gt;</c></summary>
    Greater,

    /// <summary><c>lt</c>, <c>&lt;</c></summary>
    Less,

    /// <summary><c>in</c> a set or a named list</summary>
    In,

    /// <summary><c>&amp;</c>, <c>bitwise_and</c></summary>
    BitwiseAnd,

    /// <summary><c>contains</c></summary>
    Contains,

    /// <summary><c>matches</c>, <c>~</c></summary>
    Matches,

    /// <summary><c>wildcard</c></summary>
    Wildcard,

    /// <summary><c>strict wildcard</c></summary>
    StrictWildcard,
}

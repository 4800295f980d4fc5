namespace CfLogStream.Core.Rules;

/// <summary>Two or more expressions joined by one operator; a chain of the same operator is one node.</summary>
public sealed record LogicalNode(int Position, LogicalOperator Operator, IReadOnlyList<RuleNode> Operands) : RuleNode(Position)
{
    /// <inheritdoc/>
    public override IEnumerable<RuleNode> Children => Operands;
}

/// <summary>The logical operators, the loosest first.</summary>
public enum LogicalOperator
{
    /// <summary><c>or</c>, <c>||</c></summary>
    Or,

    /// <summary><c>xor</c>, <c>^^</c></summary>
    Xor,

    /// <summary><c>and</c>, <c>&amp;&amp;</c></summary>
    And,
}

namespace CfLogStream.Core.Rules;

/// <summary>A negation; it binds to the next simple expression only.</summary>
public sealed record NotNode(int Position, RuleNode Operand) : RuleNode(Position)
{
    /// <inheritdoc/>
    public override IEnumerable<RuleNode> Children => [Operand];
}

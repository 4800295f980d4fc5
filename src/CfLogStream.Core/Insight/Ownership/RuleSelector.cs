using CfLogStream.Core.Insight.Findings;

namespace CfLogStream.Core.Insight.Ownership;

/// <summary>Which rules an entry is about: all that is given must fit.</summary>
/// <param name="Control">The folded control; empty for any.</param>
/// <param name="Id">The rule's id; empty for any.</param>
/// <param name="Reference">The rule's reference; empty for any.</param>
/// <param name="Description">A pattern of the rule's description; null for any.</param>
public sealed record RuleSelector(string Control, string Id, string Reference, OwnerPattern? Description)
{
    /// <summary>How many of its parts are given, those that name one rule counting most.</summary>
    public int Specificity =>
        (Id.Length > 0 ? 1000 : 0) + (Reference.Length > 0 ? 1000 : 0) + (Description is { } pattern ? 100 + Math.Min(pattern.Literals, 99) : 0)
        + (Control.Length > 0 ? 1 : 0);

    /// <summary>Whether a rule is meant.</summary>
    public bool Matches(RuleIdentity rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return (Control.Length == 0 || Control == rule.Control)
            && (Id.Length == 0 || Id == rule.Id)
            && (Reference.Length == 0 || Reference == rule.Reference)
            && (Description is null || Description.Matches(rule.Description));
    }

    public override string ToString() => string.Join(
        ' ',
        ((string[])[
            Control,
            Id.Length > 0 ? $"id {Id}" : "",
            Reference.Length > 0 ? $"ref {Reference}" : "",
            Description is null ? "" : $"\"{Description.Text}\"",
        ]).Where(part => part.Length > 0));
}

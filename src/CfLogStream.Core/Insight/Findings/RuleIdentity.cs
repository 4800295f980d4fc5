namespace CfLogStream.Core.Insight.Findings;

/// <summary>A rule of a control with the action it took.</summary>
/// <param name="Control">The folded control, for instance <c>firewallcustom</c>; an unknown one as it was logged.</param>
/// <param name="Reference">The rule's stable reference; empty or the id where it has none.</param>
/// <param name="Description">The rule's newest description; empty when none was logged.</param>
/// <param name="Action">The folded action, for instance <c>managedchallenge</c>.</param>
public sealed record RuleIdentity(string Zone, string Control, string Id, string Reference, string Description, string Action);

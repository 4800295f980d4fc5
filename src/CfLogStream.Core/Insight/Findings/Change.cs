namespace CfLogStream.Core.Insight.Findings;

/// <summary>A change of Cloudflare configuration: a row of <c>changes</c>.</summary>
/// <param name="Time">When it was made, UTC.</param>
/// <param name="Id">The audit log's id, or the mark's.</param>
/// <param name="Source">audit_logs, audit_logs_v2 or manual.</param>
/// <param name="Kind">What was done, for instance <c>rule_created</c>.</param>
/// <param name="Control">The folded control it concerns; empty when that is not known.</param>
public sealed record Change(
    DateTime Time, string Id, string Zone, string Source, string Kind, string Control, string RuleId, string RuleReference,
    string Actor, string ActorKind, string Summary, string OldValue, string NewValue);

using CfLogStream.Core.Insight.Findings;

namespace CfLogStream.Core.Insight.Changes;

/// <summary>What a change is looked for that explains it.</summary>
/// <param name="Onset">When it began, UTC.</param>
/// <param name="Rule">The rule it is about; null when there is none.</param>
/// <param name="Zone">The zone; empty when it is not known.</param>
public sealed record ChangeQuestion(DateTime Onset, RuleIdentity? Rule, string Zone, ChangeDirection Direction);

namespace CfLogStream.Core.Insight.Remedies;

/// <summary>How fast the clients of a finding call, per client and colo: what a rate limit must let pass.</summary>
/// <param name="PeriodSeconds">The period the rates are counted in; 0 when not known.</param>
/// <param name="Limit">The limit that fired, where it is known from the rule's description or a change; 0 when not.</param>
public sealed record RateEvidence(int PeriodSeconds, long Limit, long Median, long P90, long P99, long Highest);

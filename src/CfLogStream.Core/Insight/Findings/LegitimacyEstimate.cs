namespace CfLogStream.Core.Insight.Findings;

/// <summary>How probably stopped traffic is legitimate, and why.</summary>
/// <param name="Probability">0 to 1, calibrated against labelled traffic.</param>
public sealed record LegitimacyEstimate(double Probability, IReadOnlyList<Reason> Reasons);

using CfLogStream.Core.Insight.Requests;

namespace CfLogStream.Core.Insight.Remedies;

/// <summary>A request that a rule stopped, for a remedy to be tried on.</summary>
/// <param name="Weight">How many requests it stands for.</param>
/// <param name="Attack">How probably it was stopped rightly, 0 to 1.</param>
/// <param name="Fields">What it was, as rules see it.</param>
public sealed record TriedRequest(double Weight, double Attack, KeptRequest Fields);

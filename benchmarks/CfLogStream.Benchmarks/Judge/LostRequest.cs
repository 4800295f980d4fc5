using CfLogStream.Core.Insight.Requests;

namespace CfLogStream.Benchmarks.Judge;

/// <summary>A kept request that a rule stopped.</summary>
/// <param name="Weight">How many requests it stands for.</param>
internal sealed record LostRequest(string Zone, string Control, string RuleId, string Class, string Name, double Weight, KeptRequest Fields);

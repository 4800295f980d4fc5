namespace CfLogStream.Core.Insight.Detection;

/// <summary>What makes a rule the same one over time.</summary>
public readonly record struct RuleKey(string Zone, string Control, string Id);

namespace CfLogStream.Core.Insight.Detection;

/// <summary>What is known of a rule besides its key.</summary>
/// <param name="FirstSeen">When it first matched with a stopping action, as far as history is kept, UTC; null when never.</param>
public sealed record RuleText(string Reference, string Description, DateTime? FirstSeen);

namespace CfLogStream.Server.Insight.Symptoms;

/// <summary>Where a symptom was seen.</summary>
/// <param name="Host">One host; empty for all.</param>
/// <param name="From">Start, UTC; null for 24 hours before the end.</param>
/// <param name="To">End, exclusive, UTC; null for the end of the data.</param>
public sealed record SymptomScope(string Host, DateTime? From, DateTime? To);

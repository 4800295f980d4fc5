namespace CfLogStream.Server.Insight.Symptoms;

/// <summary>What the data says of a symptom.</summary>
/// <param name="From">Start of the span looked at, UTC.</param>
/// <param name="To">Its end, exclusive.</param>
/// <param name="Stops">What controls did, the most frequent first.</param>
/// <param name="Requests">Single requests, grouped, the most frequent first.</param>
public sealed record SymptomEvidence(
    DateTime From, DateTime To, IReadOnlyList<SymptomStop> Stops, IReadOnlyList<SymptomRequest> Requests);

namespace CfLogStream.Server.Insight.Symptoms;

/// <summary>Kept requests that show a symptom, by endpoint, class of clients and who answered.</summary>
/// <param name="AnsweredBy">edge, origin, or unknown where the job does not log the origin's status.</param>
/// <param name="Control">The control that stopped them; empty for none.</param>
/// <param name="Requests">How many they stand for: sampled ones count for those left out.</param>
public sealed record SymptomRequest(
    string Zone, string Host, string Method, string Path, string ClientClass, ushort Status, string AnsweredBy, string Control, string RuleId,
    double Requests, DateTime Last, IReadOnlyList<string> Rays);

namespace CfLogStream.Server.Insight.Symptoms;

/// <summary>What one rule did on one endpoint to one class of clients.</summary>
public sealed record SymptomStop(
    string Zone, string Host, string Method, string Path, string ClientClass, string Control, string RuleId, string Rule, string Action,
    ulong Count, ulong Lost, ulong Callers, DateTime First, DateTime Last, IReadOnlyList<string> Rays);

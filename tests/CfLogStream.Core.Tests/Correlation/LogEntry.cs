namespace CfLogStream.Core.Tests.Correlation;

/// <summary>A security entry as a test writes it.</summary>
public sealed record LogEntry(string Control, string RuleId, string Action, string Ref = "", string Description = "", int MatchIndex = -1);

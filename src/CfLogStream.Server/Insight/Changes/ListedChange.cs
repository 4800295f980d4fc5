using CfLogStream.Core.Insight.Findings;

namespace CfLogStream.Server.Insight.Changes;

/// <summary>A change with what people said of it.</summary>
public sealed record ListedChange(Change Change, string Owner, string Ticket);

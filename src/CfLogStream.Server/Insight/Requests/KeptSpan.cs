namespace CfLogStream.Server.Insight.Requests;

/// <summary>What is kept: how many rows of requests, and from when to when, UTC.</summary>
internal sealed record KeptSpan(long Kept, DateTime First, DateTime Last);

/// <summary>How far logs are read.</summary>
/// <param name="Newest">The newest minute of which a record was read, UTC; null when none was.</param>
/// <param name="InFlight">Records of its last hour that are neither counted nor known as duplicates nor rejected.</param>
/// <param name="ClosedBefore">Minutes before this are closed in all partitions of a log, UTC; null when no log was processed.</param>
internal sealed record ReadSpan(DateTime? Newest, long InFlight, DateTime? ClosedBefore);

namespace CfLogStream.Server.Requests;

/// <summary>Kept rejected lines of one reason, dataset and source.</summary>
/// <param name="First">The oldest event time, UTC; 1970-01-01 where lines have none.</param>
/// <param name="Example">The id of one of them.</param>
public sealed record DeadLetterGroup(string Reason, string Dataset, string Source, long Lines, DateTime First, DateTime Last, ulong Example);

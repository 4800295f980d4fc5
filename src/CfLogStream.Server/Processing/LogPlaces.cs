namespace CfLogStream.Server.Processing;

/// <summary>What the log can be asked about a partition.</summary>
/// <param name="Low">The offset of the oldest message there is.</param>
/// <param name="High">The offset after the newest.</param>
/// <param name="LowTime">When the oldest message was appended; null when there is none.</param>
/// <param name="FindAsync">Returns the offset of the first message that was appended at a time or later; the high offset when there is none.</param>
public sealed record LogPlaces(long Low, long High, DateTimeOffset? LowTime, Func<DateTimeOffset, CancellationToken, Task<long>> FindAsync);

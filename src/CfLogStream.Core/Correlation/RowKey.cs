namespace CfLogStream.Core.Correlation;

/// <summary>What every aggregate row's key and version share.</summary>
/// <param name="WindowSeconds">Start of the window (minute, or hour) in seconds since 1970-01-01 UTC.</param>
/// <param name="Partition">The partition of the log.</param>
/// <param name="Chunk">0 for what came in time; 1 + offset / 4096 for what came after its window closed.</param>
/// <param name="Version">One more than the newest log offset the row includes: ReplacingMergeTree's version.</param>
public readonly record struct RowKey(uint WindowSeconds, uint Partition, ulong Chunk, ulong Version);

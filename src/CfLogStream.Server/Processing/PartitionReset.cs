namespace CfLogStream.Server.Processing;

/// <summary>What a reset will do to one partition.</summary>
/// <param name="From">The beginning of the first hour whose rows are written anew; <see cref="DateTimeOffset.UnixEpoch"/> for all of them.</param>
/// <param name="Progress">The progress to write; null when the partition stays as it is.</param>
/// <param name="Why">Why it stays as it is; empty otherwise.</param>
public sealed record PartitionReset(int Partition, DateTimeOffset From, PartitionProgress? Progress, string Why);

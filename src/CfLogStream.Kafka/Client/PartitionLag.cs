namespace CfLogStream.Kafka.Client;

/// <summary>How far a group is behind in one partition.</summary>
/// <param name="Low">The oldest offset there is.</param>
/// <param name="High">The offset after the newest message.</param>
/// <param name="Committed">What the group committed; null when it never did.</param>
public sealed record PartitionLag(string Topic, int Partition, long Low, long High, long? Committed)
{
    /// <summary>The messages that the group has not yet committed.</summary>
    public long Messages => Math.Max(0, High - Math.Max(Low, Committed ?? Low));

    /// <summary>Messages that the group has not committed and the topic has no more.</summary>
    public long Lost => Committed is { } committed ? Math.Max(0, Low - committed) : 0;
}

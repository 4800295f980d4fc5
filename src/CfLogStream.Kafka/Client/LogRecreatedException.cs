namespace CfLogStream.Kafka.Client;

/// <summary>A topic ends before the offset from which it must be read: it is not the topic that was read before.</summary>
public sealed class LogRecreatedException : Exception
{
    public LogRecreatedException(string topic, int partition, long expected, long end, bool isLog = true)
        : base($"Cannot read partition {partition} of topic '{topic}' from offset {expected}: it ends at {end}. The topic was created again or its "
            + "newest messages were lost. "
            + (isLog
                ? "Stop all processes and begin a new generation with 'cflogstream reset --to oldest'."
                : "Its records cannot be told from those taken in before: write to a topic of another name and take that one in."))
    {
        Partition = partition;
        Expected = expected;
        End = end;
    }

    public int Partition { get; }

    /// <summary>The offset that should be read next.</summary>
    public long Expected { get; }

    /// <summary>The offset after the newest message there is.</summary>
    public long End { get; }
}

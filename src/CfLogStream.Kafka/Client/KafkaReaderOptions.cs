namespace CfLogStream.Kafka.Client;

/// <summary>How partitions are read, paused and given up.</summary>
public sealed record KafkaReaderOptions
{
    /// <summary>How long sessions may take to finish when their partitions are given to another member, or at the end.</summary>
    /// <value>20 seconds.</value>
    /// <remarks>What is not finished by then is abandoned: the next owner reads it again. Nothing is polled meanwhile, so it must be less than
    /// <see cref="KafkaOptions.MaxPollInterval"/>.</remarks>
    public TimeSpan DrainLimit { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How often the sessions' offsets are committed to the broker, as advice.</summary>
    /// <value>5 seconds, as Kafka.</value>
    public TimeSpan CommitInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes of messages that are kept for a session that is full before its partition is paused.</summary>
    /// <value>1 MiB.</value>
    /// <remarks>A pause throws away what was read ahead, so a short jam should not cause one. 0 pauses at once.</remarks>
    public int HeldBytes { get; init; } = 1024 * 1024;
}

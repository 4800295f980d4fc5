using Confluent.Kafka;

namespace CfLogStream.Kafka.Client;

/// <summary>What a <see cref="GroupReader{TMessage}"/> reads and how it hands it over.</summary>
/// <param name="Name">The name of the reading thread.</param>
/// <param name="HolesAreLosses">Whether a jump in the offsets is a loss. It is on the log, which has neither compaction nor transactions; a user's topic may
/// have both.</param>
internal sealed record GroupSettings<TMessage>(
    string Name,
    string Group,
    IReadOnlyList<string> Topics,
    bool IsLog,
    bool HolesAreLosses,
    bool StartAtNewest,
    Func<TopicPartition, CancellationToken, Task<IGroupSession<TMessage>>> OpenAsync,
    Func<ConsumeResult<Ignore, RentedBytes>, TMessage> Wrap);

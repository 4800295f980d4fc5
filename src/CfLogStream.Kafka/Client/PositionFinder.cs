using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Kafka.Client;

/// <summary>Finds out where a partition is read on. It asks the brokers for as long as it takes, never on the reading thread.</summary>
internal sealed partial class PositionFinder<TMessage>
    where TMessage : class, IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(250);

    private readonly GroupSettings<TMessage> _settings;
    private readonly IConsumer<Ignore, RentedBytes> _consumer;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly LogGate _gate;

    internal PositionFinder(
        GroupSettings<TMessage> settings, IConsumer<Ignore, RentedBytes> consumer, TimeProvider time, ILogger logger)
    {
        _settings = settings;
        _consumer = consumer;
        _time = time;
        _logger = logger;
        _gate = new LogGate(time);
    }

    /// <summary>Opens a session and finds its first offset.</summary>
    /// <param name="before">The end of the session that had the partition before.</param>
    internal async Task<StartPoint<TMessage>> OpenAsync(TopicPartition id, Task before, CancellationToken ct)
    {
        await before.WaitAsync(ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        ct.ThrowIfCancellationRequested();
        IGroupSession<TMessage> session = await _settings.OpenAsync(id, ct).ConfigureAwait(false);
        try
        {
            return await FindAsync(id, session, session.StartOffset, ct).ConfigureAwait(false);
        }
        catch
        {
            await session.AbandonAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Finds the next offset there is.</summary>
    /// <param name="wanted">The offset that should come next, as <see cref="IGroupSession{TMessage}.StartOffset"/>.</param>
    /// <exception cref="LogRecreatedException">The partition ends before it.</exception>
    internal async Task<StartPoint<TMessage>> FindAsync(
        TopicPartition id, IGroupSession<TMessage> session, long? wanted, CancellationToken ct)
    {
        if (wanted is null)
        {
            long committed = await AskAsync(id, consumer => consumer.Committed([id], s_limit)[0].Offset.Value, ct).ConfigureAwait(false);
            wanted = committed >= 0 ? committed : _settings.StartAtNewest ? long.MaxValue : long.MinValue;
        }

        WatermarkOffsets marks = await AskAsync(id, consumer => consumer.QueryWatermarkOffsets(id, s_limit), ct).ConfigureAwait(false);
        (long low, long high) = (marks.Low.Value, marks.High.Value);
        return wanted switch
        {
            long.MinValue => new StartPoint<TMessage>(session, low, low),
            long.MaxValue => new StartPoint<TMessage>(session, high, high),
            _ when wanted > high => throw new LogRecreatedException(id.Topic, id.Partition.Value, wanted.Value, high, _settings.IsLog),
            _ => new StartPoint<TMessage>(session, wanted.Value, Math.Max(low, wanted.Value)),
        };
    }

    private async Task<T> AskAsync<T>(TopicPartition id, Func<IConsumer<Ignore, RentedBytes>, T> ask, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                return await Task.Run(() => ask(_consumer), ct).ConfigureAwait(false);
            }
            catch (KafkaException e) when (!e.Error.IsFatal)
            {
                if (_gate.TryPass(out int suppressed))
                {
                    Log.Waiting(_logger, id.Topic, id.Partition.Value, e.Error.Code, e.Error.Reason, suppressed);
                }
            }

            await Task.Delay(s_pause, _time, ct).ConfigureAwait(false);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            1020,
            LogLevel.Warning,
            "Waiting for the offsets of {Topic}/{Partition}: {Code}: {Reason} ({Suppressed} messages like it were not shown)")]
        public static partial void Waiting(ILogger logger, string topic, int partition, ErrorCode code, string reason, int suppressed);
    }
}

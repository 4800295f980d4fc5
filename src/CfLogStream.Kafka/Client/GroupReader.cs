using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Kafka.Client;

/// <summary>A member of a consumer group: one named thread that polls, and a session for each partition that the group gives it.</summary>
/// <remarks>
/// <para>The thread polls at least ten times a second whatever the sessions do. A full session's messages are held, and past a limit its partition is
/// paused. Only while partitions are given up in good order does it wait, within the drain limit; heartbeats go on by themselves.</para>
/// <para>A new partition is paused until its session is open and its position known. It is assigned at offset 0, not at a logical one:
/// librdkafka looks a logical offset up later and would then overrule the seek.</para>
/// <para>Committed offsets are advice. They are stored here and committed by librdkafka in its own time, at the latest when a partition is revoked; of
/// lost partitions nothing is committed.</para>
/// </remarks>
internal sealed partial class GroupReader<TMessage>
    where TMessage : class, IDisposable
{
    private static readonly TimeSpan s_idlePoll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_busyPoll = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(200);

    private readonly KafkaOptions _options;
    private readonly KafkaReaderOptions _readerOptions;
    private readonly GroupSettings<TMessage> _settings;
    private readonly KafkaReaderMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly LogGate _errors;
    private readonly LogGate _commitErrors;

    // Reading thread only.
    private readonly Dictionary<TopicPartition, OwnedPartition<TMessage>> _owned = [];
    private readonly Dictionary<TopicPartition, Task> _endings = [];
    private readonly List<Task> _findings = [];
    private IConsumer<Ignore, RentedBytes> _consumer = null!;
    private PositionFinder<TMessage> _finder = null!;
    private bool _pauseNew;
    private long _lastTick;
    private long _messages;
    private long _bytes;

    internal GroupReader(
        KafkaOptions options,
        KafkaReaderOptions readerOptions,
        GroupSettings<TMessage> settings,
        KafkaReaderMetrics metrics,
        TimeProvider time,
        ILogger logger)
    {
        if (readerOptions.DrainLimit >= options.MaxPollInterval)
        {
            throw new ArgumentException(
                $"The drain limit ({readerOptions.DrainLimit}) must be less than the maximal poll interval ({options.MaxPollInterval}).",
                nameof(readerOptions));
        }

        _options = options;
        _readerOptions = readerOptions;
        _settings = settings;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _errors = new LogGate(time);
        _commitErrors = new LogGate(time);
    }

    internal async Task RunAsync(CancellationToken ct)
    {
        try
        {
            using var admin = new TopicAdmin(_options);
            foreach (string topic in _settings.Topics)
            {
                await admin.WaitForTopicAsync(topic, _settings.IsLog, _time, _logger, ct).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return;
        }

        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                Read(ct);
                done.SetResult();
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        })
        { Name = _settings.Name, IsBackground = true };
        thread.Start();
        await done.Task.ConfigureAwait(false);
    }

    private void Read(CancellationToken ct)
    {
        _consumer = BuildConsumer();
        _finder = new PositionFinder<TMessage>(_settings, _consumer, _time, _logger);
        try
        {
            _lastTick = _time.GetTimestamp();
            _consumer.Subscribe(_settings.Topics);
            Log.Started(_logger, string.Join(", ", _settings.Topics), _settings.Group, _options.BootstrapServers);
            while (!ct.IsCancellationRequested)
            {
                bool busy = Serve();
                Poll(busy ? s_busyPoll : s_idlePoll);
            }
        }
        finally
        {
            Close();
        }
    }

    // Its revoke handler drains what is owned; the library commits what was stored and leaves the group.
    private void Close()
    {
        try
        {
            _consumer.Close();
        }
        catch (KafkaException e)
        {
            Log.CloseFailed(_logger, e.Error.Code, e.Error.Reason);
        }

        Abandon([.. _owned.Keys]);
        Publish();
        Wait(Task.WhenAll(_endings.Values), _readerOptions.DrainLimit);
        // They use the consumer, each call for at most some seconds.
        Wait(Task.WhenAll(_findings), Timeout.InfiniteTimeSpan);
        _consumer.Dispose();
        Log.Stopped(_logger, string.Join(", ", _settings.Topics), _settings.Group);
    }

    private bool Wait(Task task, TimeSpan limit)
    {
        // The reading thread has nothing else to do here; the tasks run on the pool.
        task.WaitAsync(limit, _time).ContinueWith(
            static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).GetAwaiter().GetResult();
        return task.IsCompletedSuccessfully;
    }

    /// <summary>Opens, offers, resumes and counts.</summary>
    /// <returns>True when something waits for a session or a position.</returns>
    private bool Serve()
    {
        bool busy = false;
        foreach (OwnedPartition<TMessage> partition in _owned.Values)
        {
            if (partition.Finding is { } finding)
            {
                busy = true;
                if (finding.IsCompleted)
                {
                    ReadOn(partition, finding.GetAwaiter().GetResult());
                }
            }
            else if (partition.Holds)
            {
                (int messages, long bytes) = partition.OfferHeld();
                _messages += messages;
                _bytes += bytes;
                busy |= partition.Holds;
                if (!partition.Holds && partition.Paused)
                {
                    partition.Paused = false;
                    _consumer.Resume([partition.Id]);
                }
            }
        }

        if (_time.GetElapsedTime(_lastTick) >= s_tick)
        {
            _lastTick = _time.GetTimestamp();
            Publish();
        }

        return busy;
    }

    private void ReadOn(OwnedPartition<TMessage> partition, StartPoint<TMessage> start)
    {
        if (!TryMove(partition.Id, start.Offset))
        {
            return;
        }

        bool isNew = partition.Session is null;
        partition.Session = start.Session;
        partition.Finding = null;
        if (isNew)
        {
            Log.Opened(_logger, partition.Id.Topic, partition.Id.Partition.Value, start.Offset);
        }

        if (start.Offset > start.Wanted)
        {
            Lose(partition, start.Wanted, start.Offset);
        }

        partition.Expected = start.Offset;
        if (!partition.Holds)
        {
            partition.Paused = false;
            _consumer.Resume([partition.Id]);
        }
    }

    private void Poll(TimeSpan limit)
    {
        ConsumeResult<Ignore, RentedBytes>? result = null;
        try
        {
            result = _consumer.Consume(limit);
        }
        catch (ConsumeException e)
        {
            OnError(e);
        }

        if (_pauseNew)
        {
            PauseNew();
        }

        if (result is not null)
        {
            OnMessage(result);
        }
    }

    private void OnMessage(ConsumeResult<Ignore, RentedBytes> result)
    {
        long offset = result.Offset.Value;
        if (!_owned.TryGetValue(result.TopicPartition, out OwnedPartition<TMessage>? partition)
            || partition.Session is null || partition.Finding is not null || offset < partition.Expected)
        {
            // Read ahead before the position was known or moved.
            result.Message.Value.Return();
            return;
        }

        if (offset > partition.Expected && _settings.HolesAreLosses)
        {
            Lose(partition, partition.Expected, offset);
        }

        partition.Expected = offset + 1;
        partition.LastTimeMs = result.Message.Timestamp.UnixTimestampMs;
        int bytes = result.Message.Value.Length;
        if (partition.Offer(_settings.Wrap(result), bytes))
        {
            _messages++;
            _bytes += bytes;
        }
        else if (!partition.Paused && partition.HeldBytes > _readerOptions.HeldBytes)
        {
            partition.Paused = true;
            _consumer.Pause([partition.Id]);
            _metrics.Paused();
        }
    }

    private void OnError(ConsumeException e)
    {
        Error error = e.Error;
        if (error.IsFatal)
        {
            throw new KafkaException(error, e);
        }

        TopicPartition? id = e.ConsumerRecord?.TopicPartition;
        if (error.Code is ErrorCode.Local_AutoOffsetReset or ErrorCode.OffsetOutOfRange
            && id is not null && _owned.TryGetValue(id, out OwnedPartition<TMessage>? partition))
        {
            // Before the session is open this is the offset 0 of the assignment; the seek that follows corrects it.
            if (partition.Session is { } session && partition.Finding is null)
            {
                Log.OutOfRange(_logger, id.Topic, id.Partition.Value, partition.Expected);
                Find(partition, _finder.FindAsync(id, session, partition.Expected, partition.Stop.Token));
            }
        }
        else if (_errors.TryPass(out int suppressed))
        {
            Log.ReadFailed(_logger, error.Code, error.Reason, suppressed);
        }
    }

    private void Find(OwnedPartition<TMessage> partition, Task<StartPoint<TMessage>> finding)
    {
        partition.Finding = finding;
        _findings.RemoveAll(task => task.IsCompleted);
        _findings.Add(finding);
    }

    private void Lose(OwnedPartition<TMessage> partition, long from, long to)
    {
        Log.Gap(_logger, partition.Id.Topic, partition.Id.Partition.Value, from, to);
        _metrics.Gap(to - from);
        partition.Lose(from, to);
    }

    private void Publish()
    {
        if (_messages > 0)
        {
            _metrics.Taken(_messages, _bytes);
            _messages = 0;
            _bytes = 0;
        }

        foreach (OwnedPartition<TMessage> partition in _owned.Values)
        {
            if (partition.Session is not null)
            {
                Store(partition);
                long high = _consumer.GetWatermarkOffsets(partition.Id).High.Value;
                if (high >= 0)
                {
                    long lag = Math.Max(0, high - partition.Expected) + partition.HeldMessages;
                    double seconds = lag == 0 || partition.LastTimeMs <= 0 ? 0
                        : Math.Max(0, (_time.GetUtcNow().ToUnixTimeMilliseconds() - partition.LastTimeMs) / 1000.0);
                    _metrics.SetLag(partition.Id.Topic, partition.Id.Partition.Value, lag, seconds);
                }
            }
        }
    }
}

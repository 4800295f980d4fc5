using System.Threading.Channels;
using CfLogStream.ClickHouse.Rows;
using CfLogStream.ClickHouse.Writing;
using CfLogStream.Core.Correlation;
using CfLogStream.Kafka.Log;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Server.Processing;

/// <summary>Processes one partition of the log: read → classify → correlate → encode → insert → progress.</summary>
/// <remarks>
/// One task takes messages from a queue bounded in bytes and makes rows; others insert and write progress (<see cref="CutWriter"/>). A cut
/// ends rows and takes a snapshot: after so many records, and after some time, then with the rows of open windows. The clock decides
/// nothing else. While ClickHouse does not answer, the task waits, the queue fills, and <see cref="TryTake"/> says no.
/// </remarks>
public sealed partial class PartitionPipeline : IPartitionSession, IAsyncDisposable
{
    /// <summary>What a waiting message takes beside its bytes.</summary>
    private const long MessageBytes = 256;

    private readonly ProcessOptions _options;
    private readonly int _partition;
    private readonly PartitionProgress? _progress;
    private readonly ILogger<PartitionPipeline> _logger;
    private readonly CrashPoints _crashPoints;
    private readonly ProcessMetrics _metrics;
    private readonly PartitionGauges _gauges = new();
    private readonly Channel<QueueItem> _queue = Channel.CreateUnbounded<QueueItem>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private readonly CutWriter _writer;
    private readonly Task _run;
    private long _queuedBytes;
    private long _commitOffset = -1;
    private int _tickQueued;
    private int _isEnded;

    // The processing task only.
    private readonly SliceProcessor _processor;
    private readonly PoisonBreaker _breaker;
    private readonly LogGaps _gaps;
    private RecordTally _cutTally = new();
    private bool _isDirty;
    private bool _isEarlyDue;
    private bool _isStopped;

    // Received and not acknowledged; guarded by itself.
    private readonly RecordTally _inFlight = new();

    /// <param name="progress">Where an earlier pipeline left off; null at the beginning of a log.</param>
    /// <param name="batches">The batches seen before it; see <see cref="ProgressStore.ReadBatchesAsync"/>.</param>
    public PartitionPipeline(
        ProcessOptions options,
        int partition,
        PartitionProgress? progress,
        IReadOnlyList<KnownBatch> batches,
        IBlockWriter writer,
        ProgressStore store,
        CrashPoints crashPoints,
        ProcessMetrics metrics,
        TimeProvider time,
        ILogger<PartitionPipeline> logger)
    {
        _options = options;
        _partition = partition;
        _progress = progress;
        _logger = logger;
        _crashPoints = crashPoints;
        _metrics = metrics;
        StartOffset = progress?.ReadFromMessage ?? long.MinValue;
        _processor = new SliceProcessor(
            options, partition, progress, batches, new RowEncoder(new RowEncoderOptions { Database = options.Database }));
        _breaker = new PoisonBreaker(options.BreakerMessages, options.BreakerShare);
        _gaps = new LogGaps(progress?.Gaps ?? []);
        _writer = new CutWriter(options, partition, writer, store, crashPoints, Acknowledge);
        metrics.Open(partition, _gauges);
        Log.Opened(logger, options.Log, partition, Math.Max(0, StartOffset));
        ITimer ticker = time.CreateTimer(_ => Tick(), null, UntilCut(time, options.CutInterval), options.CutInterval);
        _run = Task.Run(() => RunAsync(ticker));
    }

    public long StartOffset { get; }

    public long? CommitOffset => Volatile.Read(ref _commitOffset) is >= 0 and long offset ? offset : null;

    /// <exception cref="InvalidOperationException">The pipeline has failed.</exception>
    public bool TryTake(LogMessage message)
    {
        if (_run.IsFaulted)
        {
            throw new InvalidOperationException(
                $"Partition {_partition} of '{_options.Log}' cannot be processed any more.", _run.Exception.InnerException);
        }

        long bytes = message.Length + MessageBytes;
        long queued = Volatile.Read(ref _queuedBytes);
        if (_gauges.IsStopped || (queued > 0 && queued + bytes > _options.QueueBytes))
        {
            return false;
        }

        _gauges.QueuedBytes = Interlocked.Add(ref _queuedBytes, bytes);
        if (_queue.Writer.TryWrite(new QueueItem(message)))
        {
            return true;
        }

        Interlocked.Add(ref _queuedBytes, -bytes);
        return false;
    }

    public void LoseOffsets(long fromOffset, long toOffset)
    {
        if (toOffset > fromOffset)
        {
            _queue.Writer.TryWrite(new QueueItem(null, Math.Max(0, fromOffset), toOffset));
        }
    }

    public async Task DrainAsync(CancellationToken ct)
    {
        _crashPoints.Reach(CrashPoints.Drain);
        _queue.Writer.TryComplete();
        try
        {
            await _run.WaitAsync(ct).ConfigureAwait(false);
            Log.Drained(_logger, _options.Log, _partition, CommitOffset ?? Math.Max(0, StartOffset));
        }
        finally
        {
            await EndAsync().ConfigureAwait(false);
        }
    }

    public async Task AbandonAsync()
    {
        await EndAsync().ConfigureAwait(false);
        Log.Abandoned(_logger, _options.Log, _partition, CommitOffset ?? Math.Max(0, StartOffset));
    }

    /// <summary>Ends it at once unless it has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await EndAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    /// <summary>All partitions cut at the same times of the clock, so that their rows share inserts (<see cref="GatheredWriter"/>).</summary>
    private static TimeSpan UntilCut(TimeProvider time, TimeSpan interval) =>
        interval - TimeSpan.FromTicks(time.GetUtcNow().Ticks % interval.Ticks);

    private async Task EndAsync()
    {
        if (Interlocked.Exchange(ref _isEnded, 1) != 0)
        {
            return;
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        _queue.Writer.TryComplete();
        await _run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (_queue.Reader.TryRead(out QueueItem item))
        {
            item.Message?.Dispose();
        }

        lock (_inFlight)
        {
            _metrics.Abandon(_partition, _inFlight);
        }

        _metrics.Close(_partition, _gauges);
    }

    private async Task RunAsync(ITimer ticker)
    {
        await using (ticker.ConfigureAwait(false))
        {
            List<Task> tasks =
            [
                Task.Run(() => ProcessAsync(_stop.Token)),
                Task.Run(() => _writer.CommitAsync(_stop.Token)),
                .. Enumerable.Range(0, _options.Inserters).Select(_ => Task.Run(() => _writer.InsertAsync(_stop.Token))),
            ];
            while (tasks.Count > 0)
            {
                Task finished = await Task.WhenAny(tasks).ConfigureAwait(false);
                tasks.Remove(finished);
                if (!finished.IsCompletedSuccessfully)
                {
                    if (finished.Exception?.InnerException is { } exception)
                    {
                        Log.Failed(_logger, exception, _options.Log, _partition);
                    }

                    await _stop.CancelAsync().ConfigureAwait(false);
                    await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    await finished.ConfigureAwait(false);
                }
            }
        }
    }

    private async Task ProcessAsync(CancellationToken ct)
    {
        await foreach (QueueItem item in _queue.Reader.ReadAllAsync(ct).ConfigureAwait(false))
        {
            if (item.Message is { } message)
            {
                await TakeAsync(message, ct).ConfigureAwait(false);
            }
            else if (item.IsTick)
            {
                Volatile.Write(ref _tickQueued, 0);
                await CutAsync(early: true, ct).ConfigureAwait(false);
            }
            else
            {
                Lose(item.LostFrom, item.LostTo);
            }
        }

        await CutAsync(early: true, ct).ConfigureAwait(false);
        _writer.Complete();
    }

    private async ValueTask TakeAsync(LogMessage message, CancellationToken ct)
    {
        bool isSlice = true;
        using (message)
        {
            if (!_isStopped)
            {
                _crashPoints.Reach(CrashPoints.AfterRead);
                isSlice = _processor.Process(message);
                _isDirty = _isEarlyDue = true;
                _crashPoints.Reach(CrashPoints.AfterCompute);
            }
        }

        _gauges.QueuedBytes = Interlocked.Add(ref _queuedBytes, -(message.Length + MessageBytes));
        if (_isStopped)
        {
            return;
        }

        Receive(_processor.TakeTally());
        await _writer.SendAsync(_processor.Encoder.TakeFull(), ct).ConfigureAwait(false);
        _gauges.QueuedBlocks = _writer.Queued;
        if (_breaker.Opens(!isSlice))
        {
            await CutAsync(early: true, ct).ConfigureAwait(false);
            _isStopped = true;
            _gauges.IsStopped = true;
            Log.Stopped(_logger, _options.Log, _partition, _processor.NextMessage, _options.BreakerMessages);
        }
        else if (_cutTally.Total >= _options.CutRecords)
        {
            await CutAsync(early: false, ct).ConfigureAwait(false);
        }
    }

    /// <summary>Ends the rows so far and takes a snapshot; its progress is written once they are acknowledged.</summary>
    /// <param name="early">Whether the rows of open windows are written too.</param>
    private async ValueTask CutAsync(bool early, CancellationToken ct)
    {
        ShowState();
        bool writesEarly = early && _isEarlyDue && !_processor.IsReplaying(_progress);
        if (_isStopped || (!_isDirty && !writesEarly))
        {
            return;
        }

        Correlator correlator = _processor.Correlator;
        if (writesEarly)
        {
            correlator.WriteEarly();
            _isEarlyDue = false;
        }

        await _writer.SendAsync(_processor.Encoder.TakeAll(), ct).ConfigureAwait(false);
        PartitionProgress? progress = Snapshot(correlator.Snapshot());
        await _writer.SealAsync(progress, _processor.Duplicates.TakeNew(), _cutTally, ct).ConfigureAwait(false);
        _cutTally = new RecordTally();
        _isDirty = false;
        ShowState();
    }

    /// <summary>The progress of this place; null when there is nothing of use to say.</summary>
    private PartitionProgress? Snapshot(CorrelatorResume resume)
    {
        long readFrom = resume.ReadFrom / RecordOffsets.PerMessage;
        bool isReplaying = _processor.IsReplaying(_progress);
        if (resume.NextOffset == 0 || (isReplaying && _gaps.Ranges.Count == _progress!.Gaps.Count))
        {
            return null;
        }

        return new PartitionProgress
        {
            Generation = _options.Generation,
            Resume = isReplaying ? _progress!.Resume : resume,
            NextMessage = isReplaying ? _progress!.NextMessage : _processor.NextMessage,
            Gaps = _gaps.Ranges,
            Positions = isReplaying ? _progress!.Positions : _processor.Duplicates.PositionsBefore(readFrom),
        };
    }

    private void Lose(long from, long to)
    {
        if (_isStopped)
        {
            return;
        }

        _metrics.Lose(_partition, _gaps.Add(from, to));
        _processor.Skip(to);
        _isDirty = true;
        Log.Lost(_logger, _options.Log, _partition, from, to);
    }

    private void Receive(RecordTally tally)
    {
        _cutTally.Add(tally);
        lock (_inFlight)
        {
            _inFlight.Add(tally);
        }

        _metrics.Receive(_partition, tally);
    }

    private void Acknowledge(PartitionProgress? progress, RecordTally tally)
    {
        lock (_inFlight)
        {
            _inFlight.Remove(tally);
        }

        _metrics.Acknowledge(_partition, tally);
        _gauges.QueuedBlocks = _writer.Queued;
        if (progress is not null)
        {
            Volatile.Write(ref _commitOffset, progress.NextMessage);
        }
    }

    private void ShowState()
    {
        CorrelationStatus status = _processor.Correlator.Status;
        _gauges.OpenWindows = status.OpenMinutes + status.OpenHours + status.OpenChunks;
        _gauges.WaitingJoins = status.WaitingJoins;
        _gauges.QueuedBlocks = _writer.Queued;
        _gauges.NewestTimeNs = status.WatermarkNs == long.MinValue
            ? long.MinValue
            : status.WatermarkNs + (_options.Correlation.AllowedLateness.Ticks * 100);
    }

    private void Tick()
    {
        if (Interlocked.Exchange(ref _tickQueued, 1) == 0)
        {
            _queue.Writer.TryWrite(default);
        }
    }
}

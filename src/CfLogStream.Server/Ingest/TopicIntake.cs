using System.Threading.Channels;
using CfLogStream.ClickHouse.Writing;
using CfLogStream.Kafka.Client;
using CfLogStream.Kafka.Log;
using CfLogStream.Kafka.Slices;
using CfLogStream.Server.Sources;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Server.Ingest;

/// <summary>Takes in one partition of a user's topic: collects messages, slices them, appends the slices to the log.</summary>
/// <remarks>
/// One batch is appended before the next is sliced: positions of a source must reach the log in order, or what came later would make what came
/// earlier look sent again. The reading thread offers messages; one task does everything else.
/// </remarks>
internal sealed partial class TopicIntake : ITopicSession, IDisposable
{
    private const int QueuedBatches = 2;

    private readonly IngestOptions _options;
    private readonly string _source;
    private readonly ILogWriter _log;
    private readonly IngestMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly MessageSlicer _slicer;
    private readonly EventTimeGate.Source _place;
    private readonly RetryDelay _delay = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10), new Random(1));
    private readonly Channel<RawMessage> _queue = Channel.CreateUnbounded<RawMessage>(
        new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _work;
    private long _queuedBytes;
    private long _commitOffset = -1;
    private int _isEnding;

    public TopicIntake(
        IngestOptions options, string source, ILogWriter log, LineBatchPool pool, EventTimeGate.Source place, IngestMetrics metrics, TimeProvider time, ILogger logger)
    {
        _options = options;
        _source = source;
        _log = log;
        _place = place;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _slicer = new MessageSlicer(
            options.Reader, new BatchSlicer(options.Reader, log.Partitions, options.Slicer), pool, source, options.InflatedBytes);
        _work = Task.Run(() => RunAsync(_stop.Token));
    }

    /// <inheritdoc/>
    public long? CommitOffset => Volatile.Read(ref _commitOffset) is >= 0 and long offset ? offset : null;

    /// <inheritdoc/>
    public bool TryTake(RawMessage message)
    {
        if (_work.IsFaulted)
        {
            // What the work could not do, the reading thread must know.
            _work.GetAwaiter().GetResult();
        }

        if (Volatile.Read(ref _queuedBytes) > (long)QueuedBatches * _options.BatchBytes)
        {
            return false;
        }

        Interlocked.Add(ref _queuedBytes, message.Length);
        _place.See();
        return _queue.Writer.TryWrite(message);
    }

    /// <inheritdoc/>
    public void LoseOffsets(long fromOffset, long toOffset)
    {
        _metrics.Lost(toOffset - fromOffset);
        LogLost(_source, fromOffset, toOffset);
    }

    /// <inheritdoc/>
    public async Task DrainAsync(CancellationToken ct)
    {
        _queue.Writer.TryComplete();
        await _work.WaitAsync(ct).ConfigureAwait(false);
        Dispose();
    }

    /// <inheritdoc/>
    public async Task AbandonAsync()
    {
        if (Interlocked.Exchange(ref _isEnding, 1) == 0)
        {
            _queue.Writer.TryComplete();
            await _stop.CancelAsync().ConfigureAwait(false);
            await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (_queue.Reader.TryRead(out RawMessage? message))
            {
                message.Dispose();
            }

            Dispose();
        }
    }

    public void Dispose()
    {
        _place.Dispose();
        _stop.Dispose();
    }

    [LoggerMessage(1100, LogLevel.Error, "Messages {From} to {To} of '{Source}' are gone: the topic had them no more. Raise its retention, or read it faster.")]
    private partial void LogLost(string source, long from, long to);

    [LoggerMessage(1101, LogLevel.Warning, "A batch of '{Source}' is not on the log yet; it is appended again in {Delay}. {Reason}")]
    private partial void LogRetry(string source, TimeSpan delay, string reason);

    private async Task RunAsync(CancellationToken ct)
    {
        var batch = new List<RawMessage>();
        try
        {
            while (await _queue.Reader.WaitToReadAsync(ct).ConfigureAwait(false))
            {
                await CollectAsync(batch, ct).ConfigureAwait(false);
                if (batch.Count > 0)
                {
                    await BringAsync(batch, ct).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            Release(batch);
        }
    }

    /// <summary>Takes messages until there are enough of them, or the first has waited long enough.</summary>
    private async Task CollectAsync(List<RawMessage> batch, CancellationToken ct)
    {
        long bytes = 0;
        long started = _time.GetTimestamp();
        while (true)
        {
            while (bytes < _options.BatchBytes && _queue.Reader.TryRead(out RawMessage? message))
            {
                bytes += message.Length;
                batch.Add(message);
            }

            TimeSpan left = _options.Linger - _time.GetElapsedTime(started);
            if (bytes >= _options.BatchBytes || left <= TimeSpan.Zero || _queue.Reader.Completion.IsCompleted)
            {
                return;
            }

            Task<bool> more = _queue.Reader.WaitToReadAsync(ct).AsTask();
            using var endWait = CancellationTokenSource.CreateLinkedTokenSource(ct);
            Task first = await Task.WhenAny(more, Task.Delay(left, _time, endWait.Token)).ConfigureAwait(false);
            await endWait.CancelAsync().ConfigureAwait(false);
            if (first != more || !await more.ConfigureAwait(false))
            {
                return;
            }
        }
    }

    /// <summary>Brings messages to the log, in batches that do not span too much event time.</summary>
    private async Task BringAsync(List<RawMessage> messages, CancellationToken ct)
    {
        int next = 0;
        while (next < messages.Count)
        {
            next = Collect(messages, next, messages.Count, (_time.GetUtcNow().UtcTicks - DateTime.UnixEpoch.Ticks) * 100);
            IReadOnlyList<Slice> slices = _slicer.End();
            await _place.WaitAsync(_slicer.Counts.NewestNs, ct).ConfigureAwait(false);
            await AppendAsync(slices, ct).ConfigureAwait(false);
            _place.Pass(_slicer.Counts.NewestNs);
            _metrics.Appended(_slicer.Counts, slices);
            Volatile.Write(ref _commitOffset, messages[next - 1].Offset + 1);
        }

        Release(messages);
    }

    /// <summary>Gives the slicer one upload, or single records for as long as their newest time has not gone on too far.</summary>
    /// <returns>The index after the last message.</returns>
    private int Collect(List<RawMessage> messages, int first, int end, long receivedNs)
    {
        long spanNs = _options.Span.Ticks * 100;
        long startNs = long.MinValue;
        bool isUpload = MessageSlicer.IsUpload(messages[first].Value);
        _slicer.Begin(receivedNs);
        for (int next = first; next < end; next++)
        {
            if (next > first && (isUpload || MessageSlicer.IsUpload(messages[next].Value)))
            {
                return next;
            }

            long beforeNs = _slicer.Counts.NewestNs;
            _slicer.Add(messages[next].Value, messages[next].Offset);
            long newestNs = _slicer.Counts.NewestNs;
            if (beforeNs != long.MinValue && newestNs - beforeNs >= spanNs)
            {
                // A leap in time: what comes after it must wait for the other sources, what came before must not.
                return Collect(messages, first, next, receivedNs);
            }

            startNs = startNs == long.MinValue ? newestNs : startNs;
            if (newestNs != long.MinValue && newestNs - startNs >= spanNs)
            {
                return next + 1;
            }
        }

        return end;
    }

    /// <summary>Appends slices until the log has them: the same ones again after a failure, before anything that came later.</summary>
    private async Task AppendAsync(IReadOnlyList<Slice> slices, CancellationToken ct)
    {
        for (int retry = 0; ; retry++)
        {
            try
            {
                await _log.AppendAsync(slices, ct).ConfigureAwait(false);
                return;
            }
            catch (LogAppendException problem) when (!ct.IsCancellationRequested)
            {
                TimeSpan delay = _delay.Before(retry);
                LogRetry(_source, delay, problem.Message);
                _metrics.Retried();
                await Task.Delay(delay, _time, ct).ConfigureAwait(false);
            }
        }
    }

    private void Release(List<RawMessage> batch)
    {
        foreach (RawMessage message in batch)
        {
            Interlocked.Add(ref _queuedBytes, -message.Length);
            message.Dispose();
        }

        batch.Clear();
    }
}

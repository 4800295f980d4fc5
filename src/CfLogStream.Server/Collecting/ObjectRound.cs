using CfLogStream.ClickHouse.Writing;
using CfLogStream.Core.Logpush;
using CfLogStream.Kafka.Client;
using CfLogStream.Kafka.Log;
using CfLogStream.Kafka.Slices;
using CfLogStream.Server.Ingest;
using CfLogStream.Server.Processing;
using CfLogStream.Server.Serving;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Server.Collecting;

/// <summary>Brings objects that are not read yet to the log, in their order in time, and notes each in the checkpoint when the log has it.</summary>
/// <remarks>
/// Several objects are fetched and sliced ahead; they are appended one after another. An object that could not be had comes last from
/// then on, after a growing delay, so that it holds up no other.
/// One task.
/// </remarks>
internal sealed partial class ObjectRound
{
    private const int RowsPerWrite = 100;

    private static readonly TimeSpan s_writeInterval = TimeSpan.FromSeconds(1);

    private readonly CollectorOptions _options;
    private readonly ObjectReader _reader;
    private readonly ILogWriter _log;
    private readonly CheckpointStore _store;
    private readonly EventTimeGate.Source? _gate;
    private readonly CollectorMetrics _metrics;
    private readonly IngestMetrics _ingest;
    private readonly HealthBoard _health;
    private readonly CrashPoints _crashPoints;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RetryDelay _delay = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5), new Random());
    private readonly RetryDelay _logDelay = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10), new Random());
    private readonly Dictionary<string, FailedObject> _failed = new(StringComparer.Ordinal);
    private readonly List<ObjectEntry> _unwritten = [];
    private long _had;
    private long _lastWritten;

    public ObjectRound(
        CollectorOptions options,
        ObjectReader reader,
        ILogWriter log,
        CheckpointStore store,
        EventTimeGate.Source? gate,
        CollectorMetrics metrics,
        IngestMetrics ingest,
        HealthBoard health,
        CrashPoints crashPoints,
        TimeProvider time,
        ILogger logger)
    {
        _options = options;
        _reader = reader;
        _log = log;
        _store = store;
        _gate = gate;
        _metrics = metrics;
        _ingest = ingest;
        _health = health;
        _crashPoints = crashPoints;
        _time = time;
        _logger = logger;
    }

    /// <summary>Why an object cannot be had, when that was tried several times; null when all can.</summary>
    public string? Trouble { get; private set; }

    /// <summary>How long until an object that could not be had is due again; null when there is none.</summary>
    public TimeSpan? NextTry => _failed.Count == 0 ? null : _failed.Values.Min(failed => failed.Left(_time));

    /// <summary>Brings objects to the log; those that are then read are in the checkpoint and in its table.</summary>
    /// <param name="unread">The objects; all that a listing showed and that are not read.</param>
    /// <param name="checkpoint">Where they are noted.</param>
    /// <param name="isBackfill">Whether their rows stay.</param>
    /// <param name="ct">Ends it.</param>
    public async Task RunAsync(IReadOnlyList<ObjectEntry> unread, Checkpoint checkpoint, bool isBackfill, CancellationToken ct)
    {
        Forget(unread);
        IEnumerable<ObjectEntry> due = unread.Where(entry => !_failed.TryGetValue(entry.Key, out FailedObject? failed) || failed.Left(_time) == TimeSpan.Zero);
        ObjectEntry[] ordered =
        [
            .. due.OrderBy(entry => _failed.ContainsKey(entry.Key)).ThenBy(entry => ObjectNames.TimeNs(entry)).ThenBy(entry => entry.Key, StringComparer.Ordinal),
        ];
        var ahead = new Queue<Task<PreparedObject>>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        try
        {
            for (int next = 0; next < ordered.Length || ahead.Count > 0;)
            {
                while (next < ordered.Length && ahead.Count < _options.Parallel)
                {
                    ObjectEntry entry = ordered[next++];
                    ahead.Enqueue(Task.Run(() => _reader.PrepareAsync(entry, stop.Token), CancellationToken.None));
                }

                PreparedObject prepared = await ahead.Dequeue().ConfigureAwait(false);
                await using (prepared.ConfigureAwait(false))
                {
                    await TakeAsync(prepared, checkpoint, ct).ConfigureAwait(false);
                }

                if (_unwritten.Count >= RowsPerWrite || (_unwritten.Count > 0 && _time.GetElapsedTime(_lastWritten) >= s_writeInterval))
                {
                    await WriteAsync(isBackfill, ct).ConfigureAwait(false);
                }
            }

            if (_unwritten.Count > 0)
            {
                await WriteAsync(isBackfill, ct).ConfigureAwait(false);
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            foreach (Task<PreparedObject> left in ahead)
            {
                await ((Task)left).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (left.IsCompletedSuccessfully)
                {
                    await (await left.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
                }
            }
        }
    }

    [LoggerMessage(1501, LogLevel.Warning, "The object '{Key}' of {Place} cannot be had and is tried again in {Delay}. {Reason}")]
    private partial void LogFailed(string place, string key, TimeSpan delay, string reason);

    [LoggerMessage(1502, LogLevel.Error, "The object '{Key}' of {Place} was set aside as a dead letter. {Reason}")]
    private partial void LogSetAside(string place, string key, string reason);

    [LoggerMessage(1503, LogLevel.Warning, "The object '{Key}' of {Place} is not on the log yet; it is appended again in {Delay}. {Reason}")]
    private partial void LogRetry(string place, string key, TimeSpan delay, string reason);

    /// <summary>Forgets failures of what is listed no more, or was read.</summary>
    private void Forget(IReadOnlyList<ObjectEntry> unread)
    {
        if (_failed.Count > 0)
        {
            HashSet<string> keys = unread.Select(entry => entry.Key).ToHashSet(StringComparer.Ordinal);
            foreach (string key in _failed.Keys.Where(key => !keys.Contains(key)).ToArray())
            {
                _failed.Remove(key);
            }
        }

        Trouble = _failed.Values.Where(failed => failed.Tries > 2).Select(failed => failed.Reason).FirstOrDefault();
    }

    private async Task TakeAsync(PreparedObject prepared, Checkpoint checkpoint, CancellationToken ct, bool isLast = false)
    {
        if (prepared.Failure is { } failure)
        {
            await FailAsync(prepared.Entry, failure, checkpoint, ct).ConfigureAwait(false);
            return;
        }

        try
        {
            await AppendAsync(prepared, ct).ConfigureAwait(false);
        }
        catch (LogAppendException problem) when (!problem.IsTransient && !isLast)
        {
            await FailAsync(prepared.Entry, new PlaceException(PlaceFailure.Refused, problem.Message, problem), checkpoint, ct).ConfigureAwait(false);
            return;
        }

        _crashPoints.Reach(CrashPoints.AfterObjectAppend);
        ObjectEntry entry = prepared.Entry;
        checkpoint.Add(entry);
        _unwritten.Add(entry);
        _failed.Remove(entry.Key);
        _had++;
        _metrics.Read(_options.Name, entry.Length, prepared.IsEmpty, prepared.Counts!.OfStatus(ReadStatus.CutLine) > 0);
    }

    private async Task FailAsync(ObjectEntry entry, PlaceException failure, Checkpoint checkpoint, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        _metrics.Fail(_options.Name, "object");
        if (!_failed.TryGetValue(entry.Key, out FailedObject? failed))
        {
            failed = new FailedObject(_had);
            _failed.Add(entry.Key, failed);
        }

        TimeSpan delay = _delay.Before(failed.Tries);
        failed.Fail(failure.Message, delay, _had, _time);
        if (failure.Failure != PlaceFailure.Transient && failed.TriesAmongOthers >= _options.Tries)
        {
            LogSetAside(_options.Name, entry.Key, failure.Message);
            PreparedObject setAside = _reader.SetAside(entry, [], failure.Message);
            await TakeAsync(setAside, checkpoint, ct, isLast: true).ConfigureAwait(false);
            return;
        }

        if (failure.Failure != PlaceFailure.Gone || failed.Tries > 1)
        {
            // What is gone once, the next listing explains; what is listed again and again is not gone.
            LogFailed(_options.Name, entry.Key, delay, failure.Message);
        }
    }

    /// <summary>Appends slices until the log has them.</summary>
    private async Task AppendAsync(PreparedObject prepared, CancellationToken ct)
    {
        if (prepared.IsEmpty)
        {
            return;
        }

        int slices = 0;
        long bytes = 0;
        foreach (IReadOnlyList<Slice> piece in prepared.Pieces)
        {
            // A large object is sliced as it is appended, so how far it goes in time is known only by and by.
            long newestNs = prepared.Counts!.NewestNs;
            if (_gate is not null)
            {
                await _gate.WaitAsync(newestNs, ct).ConfigureAwait(false);
            }

            try
            {
                await AppendSlicesAsync(prepared.Entry, piece, ct).ConfigureAwait(false);
            }
            finally
            {
                _gate?.Pass(newestNs);
            }

            slices += piece.Count;
            bytes += piece.Sum(static slice => (long)slice.Value.Length);
        }

        _ingest.Appended(prepared.Counts!, slices, bytes);
    }

    private async Task AppendSlicesAsync(ObjectEntry entry, IReadOnlyList<Slice> slices, CancellationToken ct)
    {
        for (int retry = 0; ; retry++)
        {
            try
            {
                await _log.AppendAsync(slices, ct).ConfigureAwait(false);
                return;
            }
            catch (LogAppendException problem) when (problem.IsTransient && !ct.IsCancellationRequested)
            {
                TimeSpan delay = _logDelay.Before(retry);
                _health.SetNotReady(_options.Name, $"waits for the log: {problem.Message}");
                LogRetry(_options.Name, entry.Key, delay, problem.Message);
                _ingest.Retried();
                await Task.Delay(delay, _time, ct).ConfigureAwait(false);
            }
        }
    }

    private async Task WriteAsync(bool isBackfill, CancellationToken ct)
    {
        await _store.WriteAsync(_unwritten, null, isBackfill, ct).ConfigureAwait(false);
        _unwritten.Clear();
        _lastWritten = _time.GetTimestamp();
    }
}

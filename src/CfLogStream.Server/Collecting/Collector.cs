using CfLogStream.ClickHouse;
using CfLogStream.ClickHouse.Writing;
using CfLogStream.Server.Ingest;
using CfLogStream.Server.Serving;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Server.Collecting;

/// <summary>Lists a place again and again and brings what is new to the log.</summary>
/// <remarks>Never ends by itself: what the place or ClickHouse cannot do is tried again, and is a reason of not being ready.</remarks>
internal sealed partial class Collector
{
    private const int EntriesPerSight = 1_000;

    /// <summary>How far ahead of this machine's clock the time of an object may move the floor.</summary>
    private static readonly TimeSpan s_aheadBound = TimeSpan.FromHours(1);

    private static readonly TimeSpan s_deleteInterval = TimeSpan.FromHours(1);

    private readonly CollectorOptions _options;
    private readonly IObjectPlace _place;
    private readonly ObjectRound _round;
    private readonly CheckpointStore _store;
    private readonly EventTimeGate.Source _gate;
    private readonly CollectorMetrics _metrics;
    private readonly HealthBoard _health;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RetryDelay _delay = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2), new Random());
    private long _deletedAt;

    public Collector(
        CollectorOptions options,
        IObjectPlace place,
        ObjectRound round,
        CheckpointStore store,
        EventTimeGate.Source gate,
        CollectorMetrics metrics,
        HealthBoard health,
        TimeProvider time,
        ILogger logger)
    {
        _options = options;
        _place = place;
        _round = round;
        _store = store;
        _gate = gate;
        _metrics = metrics;
        _health = health;
        _time = time;
        _logger = logger;
        _deletedAt = time.GetTimestamp();
    }

    /// <summary>Reads the checkpoint of the place.</summary>
    public Task<Checkpoint> ReadCheckpointAsync(CancellationToken ct)
    {
        DateTimeOffset begin = _place.ListsEverything
            ? DateTimeOffset.UnixEpoch
            : _options.Start ?? _time.GetUtcNow() - _options.LookBack;
        return _store.ReadAsync(NanosecondsOf(begin), _options.LookBack, ct);
    }

    /// <summary>Runs until it is stopped.</summary>
    public async Task RunAsync(Checkpoint checkpoint, CancellationToken ct)
    {
        for (int failures = 0; ;)
        {
            TimeSpan wait;
            try
            {
                await PollAsync(checkpoint, ct).ConfigureAwait(false);
                failures = 0;
                wait = _round.NextTry is { } due && due < _options.Poll ? due : _options.Poll;
                Report();
            }
            catch (PlaceException problem)
            {
                wait = _delay.Before(failures++);
                _metrics.Fail(_options.Name, "list");
                _health.SetNotReady(_options.Name, $"cannot be listed: {problem.Message}");
                LogFailed(_options.Name, wait, problem.Message);
            }

            catch (Exception problem) when (problem is ServerAnswerException or HttpRequestException or IOException or TimeoutException)
            {
                wait = _delay.Before(failures++);
                _health.SetNotReady(_options.Name, $"waits for ClickHouse, which has the checkpoint: {problem.Message}");
                LogStore(_options.Name, wait, problem.Message);
            }

            await Task.Delay(wait, _time, ct).ConfigureAwait(false);
        }
    }

    /// <summary>Lists the place once and brings to the log what is not read yet.</summary>
    internal async Task PollAsync(Checkpoint checkpoint, CancellationToken ct)
    {
        var unread = new List<ObjectEntry>();
        HashSet<string>? present = _place.ListsEverything ? new HashSet<string>(StringComparer.Ordinal) : null;
        long newestNs = 0;
        long boundNs = NanosecondsOf(_time.GetUtcNow() + s_aheadBound);
        DateTimeOffset from = DateTimeOffset.UnixEpoch.AddTicks(checkpoint.FloorNs / 100);
        await foreach (ObjectEntry entry in _place.ListAsync(from, _time.GetUtcNow(), ct).ConfigureAwait(false))
        {
            present?.Add(entry.Key);
            if (!ObjectNames.IsIgnored(entry))
            {
                newestNs = Math.Max(newestNs, Math.Min(entry.ModifiedNs, boundNs));
                if (!checkpoint.IsRead(entry))
                {
                    unread.Add(entry);
                    if (unread.Count % EntriesPerSight == 1)
                    {
                        // It has something to bring: the others wait for it. Without that it holds back nobody.
                        _gate.See();
                    }
                }
            }
        }

        _metrics.State(_options.Name, newestNs, checkpoint.Count, unread.Count);
        await _round.RunAsync(unread, checkpoint, isBackfill: false, ct).ConfigureAwait(false);
        ObjectEntry[] left = [.. unread.Where(entry => !checkpoint.IsRead(entry))];
        if (present is not null)
        {
            await _store.DeleteAsync(checkpoint.Keep(present), ct).ConfigureAwait(false);
        }
        else if (checkpoint.Advance(newestNs, left.Length > 0 ? left.Min(entry => entry.ModifiedNs) : null))
        {
            await _store.WriteAsync([], checkpoint, isBackfill: false, ct).ConfigureAwait(false);
            if (_time.GetElapsedTime(_deletedAt) >= s_deleteInterval)
            {
                await _store.DeleteBelowAsync(checkpoint.FloorNs, ct).ConfigureAwait(false);
                _deletedAt = _time.GetTimestamp();
            }
        }

        _metrics.State(_options.Name, newestNs, checkpoint.Count, left.Length);
    }

    private static long NanosecondsOf(DateTimeOffset time) => ObjectEntry.NanosecondsOf(time.UtcDateTime);

    private void Report()
    {
        if (_round.Trouble is { } trouble)
        {
            _health.SetNotReady(_options.Name, $"has objects that cannot be had: {trouble}");
        }
        else
        {
            _health.SetReady(_options.Name);
        }
    }

    [LoggerMessage(1500, LogLevel.Warning, "{Place} cannot be listed; trying again in {Delay}. {Reason}")]
    private partial void LogFailed(string place, TimeSpan delay, string reason);

    [LoggerMessage(1506, LogLevel.Warning, "{Place} waits for ClickHouse, which has the checkpoint; trying again in {Delay}. {Reason}")]
    private partial void LogStore(string place, TimeSpan delay, string reason);
}

using CfLogStream.ClickHouse.Writing;
using CfLogStream.Server.Serving;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Server.Collecting;

/// <summary>Brings the objects of a span of time to the log that were stored before a place was read at all, once each.</summary>
/// <remarks>What was stored since the place is read is not touched: it is read, or will be. The rows of these objects stay, so that the same
/// span, or one that overlaps it, gives nothing twice, however much later it is asked for.</remarks>
internal sealed partial class Backfill
{
    private static readonly TimeSpan s_again = TimeSpan.FromSeconds(1);

    private readonly CollectorOptions _options;
    private readonly IObjectPlace _place;
    private readonly ObjectRound _round;
    private readonly HealthBoard _health;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RetryDelay _delay = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2), new Random());
    private readonly string _part;

    public Backfill(
        CollectorOptions options, IObjectPlace place, ObjectRound round, HealthBoard health, TimeProvider time, ILogger logger)
    {
        _options = options;
        _place = place;
        _round = round;
        _health = health;
        _time = time;
        _logger = logger;
        _part = options.Name + " backfill";
    }

    /// <summary>Runs until everything of the span is on the log.</summary>
    /// <param name="done">What was read as a backfill before.</param>
    /// <param name="beforeNs">From when on the place is read anyway.</param>
    /// <param name="from">The beginning of the span.</param>
    /// <param name="to">Its end, exclusive.</param>
    /// <param name="ct">Ends it.</param>
    public async Task RunAsync(Checkpoint done, long beforeNs, DateTimeOffset from, DateTimeOffset to, CancellationToken ct)
    {
        long fromNs = ObjectEntry.NanosecondsOf(from.UtcDateTime);
        long toNs = ObjectEntry.NanosecondsOf(to.UtcDateTime);
        long before = done.Count;
        for (int failures = 0; ;)
        {
            TimeSpan wait;
            try
            {
                var unread = new List<ObjectEntry>();
                await foreach (ObjectEntry entry in _place.ListAsync(from, to, ct).ConfigureAwait(false))
                {
                    if (!ObjectNames.IsIgnored(entry)
                        && entry.ModifiedNs < beforeNs
                        && ObjectNames.TimeNs(entry) is long time && time >= fromNs && time < toNs
                        && !done.IsRead(entry))
                    {
                        unread.Add(entry);
                    }
                }

                if (unread.Count == 0)
                {
                    _health.SetReady(_part);
                    LogDone(_options.Name, from, to, done.Count - before, before);
                    return;
                }

                await _round.RunAsync(unread, done, isBackfill: true, ct).ConfigureAwait(false);
                failures = 0;
                wait = _round.NextTry ?? s_again;
            }
            catch (PlaceException problem)
            {
                wait = _delay.Before(failures++);
                _health.SetNotReady(_part, $"cannot be listed: {problem.Message}");
                LogFailed(_options.Name, wait, problem.Message);
            }

            await Task.Delay(wait, _time, ct).ConfigureAwait(false);
        }
    }

    [LoggerMessage(1504, LogLevel.Information, "The backfill of {Place} from {From:O} to {To:O} is done: {Count} objects now, {Before} before.")]
    private partial void LogDone(string place, DateTimeOffset from, DateTimeOffset to, long count, long before);

    [LoggerMessage(1505, LogLevel.Warning, "The backfill of {Place} cannot list it; trying again in {Delay}. {Reason}")]
    private partial void LogFailed(string place, TimeSpan delay, string reason);
}

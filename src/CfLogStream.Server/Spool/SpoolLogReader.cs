using CfLogStream.Kafka.Log;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Server.Spool;

/// <summary>Reads all partitions of a spool, each into its session, and removes what is processed.</summary>
/// <remarks>
/// One task offers messages to all sessions in turn; a session that is full is offered the same message again while the others go on.
/// Sessions are
/// opened side by side, for as long as that takes. A restart reads from what <c>progress</c> says, so only what lies before that is
/// removed.
/// </remarks>
public sealed partial class SpoolLogReader
{
    private static readonly TimeSpan s_idle = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_busy = TimeSpan.FromMilliseconds(5);

    private readonly SpoolLog _log;
    private readonly ILogHandler _handler;
    private readonly Func<int, CancellationToken, Task<long?>> _readFrom;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <param name="readFrom">Says from which offset a restart would read a partition; null when nothing is processed yet.</param>
    public SpoolLogReader(
        SpoolLog log, ILogHandler handler, Func<int, CancellationToken, Task<long?>> readFrom, TimeProvider time, ILogger<SpoolLogReader> logger)
    {
        _log = log;
        _handler = handler;
        _readFrom = readFrom;
        _time = time;
        _logger = logger;
    }

    /// <summary>Reads until it is cancelled; then drains all sessions within the limit.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        SpoolReading[] partitions = [.. Enumerable.Range(0, _log.Partitions).Select(number => new SpoolReading(_log, number, _logger))];
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task trimming = Task.Run(() => TrimAsync(stop.Token), CancellationToken.None);
        try
        {
            Task opening = Task.WhenAll(partitions.Select(partition => partition.OpenAsync(_handler, ct)));
            await ReadAsync(partitions, opening, trimming, ct).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Being stopped is no failure.
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await trimming.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await EndAsync(partitions, drains: ct.IsCancellationRequested).ConfigureAwait(false);
        }
    }

    [LoggerMessage(1320, LogLevel.Warning, "What is processed cannot be removed from the spool now: {Reason}")]
    private partial void LogNotTrimmed(string reason);

    private async Task ReadAsync(SpoolReading[] partitions, Task opening, Task trimming, CancellationToken ct)
    {
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            Task appended = _log.Appended;
            bool moved = false;
            bool waits = !opening.IsCompletedSuccessfully;
            if (opening.IsFaulted || trimming.IsFaulted)
            {
                await opening.ConfigureAwait(false);
                await trimming.ConfigureAwait(false);
            }

            foreach (SpoolReading partition in partitions)
            {
                moved |= partition.Advance();
                waits |= partition.IsFull;
            }

            if (!moved)
            {
                await Task.WhenAny(appended, Task.Delay(waits ? s_busy : s_idle, _time, ct)).ConfigureAwait(false);
            }
        }
    }

    private async Task TrimAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(_log.Options.TrimInterval, _time);
        while (await timer.WaitForNextTickAsync(ct).ConfigureAwait(false))
        {
            try
            {
                await TrimOnceAsync(ct).ConfigureAwait(false);
            }
            catch (Exception problem) when (problem is not OperationCanceledException || !ct.IsCancellationRequested)
            {
                // ClickHouse does not answer; the spool keeps what it has.
                LogNotTrimmed(problem.Message);
            }
        }
    }

    private async Task TrimOnceAsync(CancellationToken ct)
    {
        if (SpoolHold.IsTaken(_log.Options.Folder))
        {
            // A backup has read an older progress and copies what that needs.
            return;
        }

        DateTimeOffset oldest = _time.GetUtcNow() - _log.Options.MaxAge;
        for (int number = 0; number < _log.Partitions; number++)
        {
            SpoolPartition partition = _log.PartitionAt(number);
            if (partition.Segments.Length > 1)
            {
                partition.Trim(await _readFrom(number, ct).ConfigureAwait(false) ?? 0, oldest);
            }
        }
    }

    private async Task EndAsync(SpoolReading[] partitions, bool drains)
    {
        using var limit = new CancellationTokenSource(_log.Options.DrainLimit, _time);
        await Task.WhenAll(partitions.Select(partition => partition.EndAsync(drains, limit.Token))).ConfigureAwait(false);
    }
}

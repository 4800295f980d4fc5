using CfLogStream.Kafka.Log;
using CfLogStream.Kafka.Slices;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Server.Spool;

/// <summary>A partition that is read into its session.</summary>
internal sealed partial class SpoolReading
{
    /// <summary>Messages offered before the other partitions have their turn.</summary>
    private const int Turn = 64;

    private readonly SpoolLog _log;
    private readonly SpoolPartition _partition;
    private readonly SpoolMetrics _metrics;
    private readonly ILogger _logger;
    private IPartitionSession? _session;
    private SpoolCursor? _cursor;
    private LogMessage? _held;

    public SpoolReading(SpoolLog log, int partition, ILogger logger)
    {
        _log = log;
        _partition = log.PartitionAt(partition);
        _metrics = log.Metrics;
        _logger = logger;
    }

    /// <summary>Whether a message waits for the session to have room.</summary>
    public bool IsFull => _held is not null;

    /// <summary>Opens the session; the cursor begins where it wants.</summary>
    public async Task OpenAsync(ILogHandler handler, CancellationToken ct)
    {
        IPartitionSession session = await handler.OpenAsync(_partition.Number, ct).ConfigureAwait(false);
        long start = session.StartOffset;
        if (start > _partition.End)
        {
            LogAhead(_partition.Number, start, _partition.End);
            await MoveAsync(start, ct).ConfigureAwait(false);
        }

        _session = session;
        Volatile.Write(ref _cursor, new SpoolCursor(_partition, start == long.MinValue ? _partition.First : start, _metrics));
    }

    /// <summary>Offers messages to the session.</summary>
    /// <returns>True when one was taken or a loss was told.</returns>
    public bool Advance()
    {
        if (Volatile.Read(ref _cursor) is not { } cursor)
        {
            return false;
        }

        int taken = 0;
        while (taken < Turn && (_held is not null || TryRead(cursor)))
        {
            if (_held is { } message)
            {
                if (!_session!.TryTake(message))
                {
                    break;
                }

                _held = null;
            }

            taken++;
        }

        _metrics.SetLag(_partition.Number, Math.Max(0, _partition.End - cursor.Next) + (_held is null ? 0 : 1));
        return taken > 0;
    }

    /// <summary>Ends the session, in good order when it may still write.</summary>
    public async Task EndAsync(bool drains, CancellationToken limit)
    {
        _held?.Dispose();
        _held = null;
        _cursor?.Dispose();
        if (_session is not { } session)
        {
            return;
        }

        try
        {
            if (drains)
            {
                await session.DrainAsync(limit).ConfigureAwait(false);
                return;
            }
        }
        catch (Exception problem)
        {
            // What was not finished is read again after the next start.
            LogNotDrained(problem, _partition.Number);
        }

        await session.AbandonAsync().ConfigureAwait(false);
    }

    [LoggerMessage(1330, LogLevel.Error, "Messages {From} to {To} of partition {Partition} of the spool are lost: damaged or removed.")]
    private partial void LogLost(long from, long to, int partition);

    [LoggerMessage(
        1331,
        LogLevel.Error,
        "Partition {Partition} of the spool was processed up to {Start}, but ended at {End}; it goes on at {Start}.")]
    private partial void LogAhead(int partition, long start, long end);

    [LoggerMessage(
        1332,
        LogLevel.Warning,
        "Partition {Partition} of the spool was not finished in time; it is read again after the next start.")]
    private partial void LogNotDrained(Exception problem, int partition);

    /// <summary>Moves the partition's end to where it was processed to: somebody cut its files or put older ones back. What this process
    /// has appended
    /// before is appended again, or it would be taken for processed.</summary>
    private async Task MoveAsync(long start, CancellationToken ct)
    {
        _partition.SkipTo(start);
        using var cursor = new SpoolCursor(_partition, _partition.OpenedAt, _metrics);
        while (cursor.Next < start && cursor.Read(out LogMessage? message) == CursorStep.Message)
        {
            using (message)
            {
                await _log.AppendAsync([new Slice(_partition.Number, message!.Header, message.Value.ToArray())], ct).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Reads the next message into the hand, or tells the session of a loss; false when there is nothing.</summary>
    private bool TryRead(SpoolCursor cursor)
    {
        long from = cursor.Next;
        switch (cursor.Read(out _held))
        {
            case CursorStep.Message:
                return true;
            case CursorStep.Lost:
                LogLost(from, cursor.Next, _partition.Number);
                _metrics.Lose(cursor.Next - from);
                _session!.LoseOffsets(from, cursor.Next);
                return true;
            default:
                return false;
        }
    }
}

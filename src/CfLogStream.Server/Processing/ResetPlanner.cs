using CfLogStream.Core.Correlation;

namespace CfLogStream.Server.Processing;

/// <summary>Finds out from where a partition can be processed again so that every row is exact afterwards.</summary>
/// <remarks>
/// Rows before the beginning of some hour stay; all later ones are deleted and written anew. For that the log must still have every record of
/// those hours. A message is never older than its records, but for clocks within the future bound, so the messages since that bound and the join
/// horizon before the hour have them all. What comes late for the hours that stay keeps the chunks it went to, as far as these are closed;
/// that needs the watermark at their end, which it follows from what is read when something of the hour was counted before.
/// </remarks>
public sealed class ResetPlanner
{
    private const long HourSeconds = 3600;
    private const long ChunkMessages = RecordOffsets.PerChunk / RecordOffsets.PerMessage;

    private readonly ProcessOptions _options;
    private readonly ProgressStore _store;
    private readonly TimeSpan _margin;

    public ResetPlanner(ProcessOptions options, ProgressStore store)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _store = store;
        _margin = options.Correlation.FutureBound + options.Correlation.JoinHorizon + TimeSpan.FromMinutes(5);
    }

    /// <summary>Plans one partition.</summary>
    /// <param name="to">From when on records are to be processed again; <see cref="DateTimeOffset.UnixEpoch"/> for all the log has.</param>
    /// <exception cref="GenerationException">The configuration's generation is not greater than the partition's.</exception>
    public async Task<PartitionReset> PlanAsync(int partition, LogPlaces log, DateTimeOffset to, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(log);
        PartitionProgress? progress = await _store.ReadAsync(partition, ct).ConfigureAwait(false);
        if (progress is null)
        {
            return new PartitionReset(partition, to, null, "it was never processed");
        }

        if (progress.Generation >= _options.Generation)
        {
            throw new GenerationException(
                $"Partition {partition} of '{_options.Log}' was processed under generation {progress.Generation}; the configuration has "
                + $"classification.generation {_options.Generation}. Raise it to {progress.Generation + 1}: a log is processed again under a new one.");
        }

        if (to.ToUnixTimeSeconds() >= Math.Max(1L, progress.Resume.ClosedMinutesBefore))
        {
            return new PartitionReset(partition, to, null, "nothing since then is final, so the greater generation alone has it written anew");
        }

        (long latest, ulong keptChunks) = await LatestAsync(partition, progress, ct).ConfigureAwait(false);
        long hour = Math.Min(Math.Max(0, to.ToUnixTimeSeconds() / HourSeconds * HourSeconds), latest);
        if (log.Low > 0 && log.LowTime is { } oldest)
        {
            // Of what the log has no more, something may belong to the hours until then.
            hour = Math.Max(hour, HourAfter(oldest + _margin));
        }

        if (hour > latest)
        {
            return new PartitionReset(partition, to, null, "the log has no whole hour any more that is written and can be processed again");
        }

        long from = log.Low;
        if (hour > 0)
        {
            from = await log.FindAsync(DateTimeOffset.FromUnixTimeSeconds(hour) - _margin, ct).ConfigureAwait(false);
            from = Math.Max(log.Low, from / ChunkMessages * ChunkMessages);
        }

        return new PartitionReset(partition, DateTimeOffset.FromUnixTimeSeconds(hour), Reset(progress, from, (uint)hour, keptChunks), "");
    }

    private static long HourAfter(DateTimeOffset time) => (time.ToUnixTimeSeconds() + HourSeconds - 1) / HourSeconds * HourSeconds;

    /// <summary>The newest hour before which rows may stay, and the late chunks that stay then.</summary>
    private async Task<(long Hour, ulong KeptChunks)> LatestAsync(int partition, PartitionProgress progress, CancellationToken ct)
    {
        CorrelatorResume resume = progress.Resume;
        if (resume.KeptChunksBefore > resume.ClosedChunksBefore)
        {
            // An earlier reset has not come to its end: what it keeps, this one keeps.
            return (resume.KeptBefore, resume.KeptChunksBefore);
        }

        ulong chunks = resume.ClosedChunksBefore;
        long end = (long)Math.Max(chunks, 1) - 1;
        uint hour = await _store.NewestHourBeforeAsync(partition, end * RecordOffsets.PerChunk, ct).ConfigureAwait(false);
        return (Math.Min(hour, Math.Min(resume.ClosedHoursBefore, resume.ClosedMinutesBefore / HourSeconds * HourSeconds)), chunks);
    }

    private PartitionProgress Reset(PartitionProgress progress, long message, uint hour, ulong keptChunks)
    {
        long offset = message * RecordOffsets.PerMessage;
        return progress with
        {
            Generation = _options.Generation,
            NextMessage = message,
            Positions = [],
            IsResetPending = true,
            Resume = new CorrelatorResume
            {
                ReadFrom = offset,
                NewestTimeNs = long.MinValue,
                ExactFrom = offset,
                NextOffset = offset,
                ClosedMinutesBefore = hour,
                ClosedHoursBefore = hour,

                // A chunk that began before is not read as a whole, and stays.
                ClosedChunksBefore = 1 + (ulong)((message + ChunkMessages - 1) / ChunkMessages),
                KeptBefore = hour,
                KeptChunksBefore = hour == 0 ? 0 : keptChunks,
            },
        };
    }
}

using System.Globalization;
using CfLogStream.ClickHouse.Reading;
using CfLogStream.ClickHouse.Rows;
using CfLogStream.ClickHouse.Writing;
using CfLogStream.Core.Correlation;
using CfLogStream.Kafka.Slices;

namespace CfLogStream.Server.Processing;

/// <summary>Reads and writes how far the partitions of a log are processed: the tables <c>progress</c> and <c>batches</c>.</summary>
public sealed class ProgressStore
{
    /// <summary>Bits of a row's version that say how far the log is read; the generation stands above them.</summary>
    private const int OffsetBits = 52;

    // Where a window of chunk 0 is open, and which chunks are.
    private const string OpenMinutes =
        "(chunk = 0 AND window >= fromUnixTimestamp({minutes:UInt32})) OR (chunk > 0 AND chunk >= {chunks:UInt64} "
        + "AND (window >= fromUnixTimestamp({kept:UInt32}) OR chunk >= {keptChunks:UInt64}))";

    private const string OpenHours =
        "(chunk = 0 AND hour >= fromUnixTimestamp({hours:UInt32})) OR (chunk > 0 AND chunk >= {chunks:UInt64} "
        + "AND (hour >= fromUnixTimestamp({kept:UInt32}) OR chunk >= {keptChunks:UInt64}))";

    // Not requests: kept requests are written when their window closes, and what closed after this progress is written again under the
    // same keys. They do not say their chunk, so that deleting them by time would also take those of late chunks that are closed.
    private static readonly (string Table, string Open)[] s_open =
    [
        ("requests_1m", OpenMinutes),
        ("mitigations_1m", OpenMinutes),
        ("quality_1m", OpenMinutes),
        ("callers_1h", OpenHours),
        ("rules", OpenHours),
    ];

    private readonly Queries _queries;
    private readonly IBlockWriter _writer;
    private readonly ProgressEncoder _encoder;
    private readonly TimeProvider _time;
    private readonly string _log;

    public ProgressStore(Queries queries, IBlockWriter writer, string database, string log, TimeProvider time)
    {
        _queries = queries;
        _writer = writer;
        _encoder = new ProgressEncoder(database);
        _time = time;
        _log = log;
    }

    /// <summary>Reads a partition's progress; null when it has none.</summary>
    public async Task<PartitionProgress?> ReadAsync(int partition, CancellationToken ct)
    {
        IReadOnlyList<PartitionProgress> rows = await _queries.ReadAsync(
            "SELECT generation, read_from, newest_time_ns, exact_from, next_offset, toUnixTimestamp(closed_minutes_before), "
            + "toUnixTimestamp(closed_hours_before), closed_chunks_before, next_message, gap_from, gap_to, source_names, "
            + "arrayMap(kind -> toUInt32(kind), source_kinds), source_positions, toUnixTimestamp(kept_before), kept_chunks_before, "
            + "reset_pending != 0 "
            + $"FROM {_queries.Table("progress")} FINAL WHERE log = {{log:String}} AND partition = {{partition:UInt32}}",
            Key(partition),
            row => new PartitionProgress
            {
                Generation = row.GetFieldValue<uint>(0),
                Resume = new CorrelatorResume
                {
                    ReadFrom = (long)row.GetFieldValue<ulong>(1),
                    NewestTimeNs = row.GetFieldValue<long>(2),
                    ExactFrom = (long)row.GetFieldValue<ulong>(3),
                    NextOffset = (long)row.GetFieldValue<ulong>(4),
                    ClosedMinutesBefore = row.GetFieldValue<uint>(5),
                    ClosedHoursBefore = row.GetFieldValue<uint>(6),
                    ClosedChunksBefore = row.GetFieldValue<ulong>(7),
                    KeptBefore = row.GetFieldValue<uint>(14),
                    KeptChunksBefore = row.GetFieldValue<ulong>(15),
                },
                NextMessage = (long)row.GetFieldValue<ulong>(8),
                IsResetPending = Convert.ToInt32(row.GetValue(16), CultureInfo.InvariantCulture) != 0,
                Gaps = [.. row.GetFieldValue<ulong[]>(9).Zip(row.GetFieldValue<ulong[]>(10), (from, to) => ((long)from, (long)to))],
                Positions =
                [
                    .. row.GetFieldValue<string[]>(11).Zip(row.GetFieldValue<uint[]>(12), row.GetFieldValue<long[]>(13))
                        .Select(source => new SourcePosition(source.First, (SliceKind)source.Second, source.Third)),
                ],
            },
            ct).ConfigureAwait(false);
        return rows.Count > 0 ? rows[0] : null;
    }

    /// <summary>Reads the batches that were seen before a message: of slices seen several times the last time.</summary>
    public Task<IReadOnlyList<KnownBatch>> ReadBatchesAsync(int partition, long beforeMessage, CancellationToken ct) =>
        _queries.ReadAsync(
            "SELECT argMax(source, position), batch, toUInt32(kind), part, max(position) AS message, "
            + "argMax(toUnixTimestamp64Nano(time), position) "
            + $"FROM {_queries.Table("batches")} WHERE log = {{log:String}} AND partition = {{partition:UInt32}} "
            + "AND position < {before:Int64} GROUP BY batch, kind, part ORDER BY message",
            Key(partition).Add("before", beforeMessage),
            row => new KnownBatch(
                row.GetString(0),
                row.GetFieldValue<ulong>(1),
                (SliceKind)row.GetFieldValue<uint>(2),
                (int)row.GetFieldValue<uint>(3),
                row.GetFieldValue<long>(4),
                row.GetFieldValue<long>(5) is > 0 and long time ? time : long.MinValue),
            ct);

    /// <summary>Writes batches and then progress, for as long as it takes; comes back when ClickHouse has both.</summary>
    public async Task WriteAsync(int partition, PartitionProgress progress, IReadOnlyList<KnownBatch> batches, CancellationToken ct)
    {
        long now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        if (batches.Count > 0)
        {
            await WriteAsync(_encoder.Encode([.. batches.Select(batch => Row(partition, batch, now))]), ct).ConfigureAwait(false);
        }

        await WriteAsync(_encoder.Encode(Row(partition, progress, now)), ct).ConfigureAwait(false);
    }

    /// <summary>Returns the newest hour of which something was counted before an offset, in seconds since 1970-01-01 UTC; 0 when there is none.</summary>
    /// <remarks>Only what moves the watermark: from that hour on, the watermark at the offset follows from records that are not older than it.</remarks>
    public async Task<uint> NewestHourBeforeAsync(int partition, long offset, CancellationToken ct) => await _queries.ScalarAsync<uint>(
        $"SELECT toUInt32(toUnixTimestamp(toStartOfHour(max(window)))) FROM {_queries.Table("quality_1m")} FINAL "
        + "WHERE partition = {partition:UInt32} AND chunk = 0 AND version <= {offset:UInt64} "
        + "AND dataset IN ('http_requests', 'firewall_events')",
        new QueryParameters().Add("partition", (uint)partition).Add("offset", (ulong)offset),
        ct).ConfigureAwait(false);

    /// <summary>Deletes the rows of a partition's windows that are open according to its progress; waits until they are gone.</summary>
    public async Task DeleteOpenAsync(int partition, PartitionProgress progress, CancellationToken ct)
    {
        QueryParameters parameters = new QueryParameters()
            .Add("partition", (uint)partition)
            .Add("minutes", progress.Resume.ClosedMinutesBefore)
            .Add("hours", progress.Resume.ClosedHoursBefore)
            .Add("chunks", progress.Resume.ClosedChunksBefore)
            .Add("kept", progress.Resume.KeptBefore)
            .Add("keptChunks", progress.Resume.KeptChunksBefore)
            .Add("readFrom", (ulong)progress.Resume.ReadFrom);
        foreach ((string table, string open) in s_open)
        {
            await _queries.ExecuteAsync(
                $"DELETE FROM {_queries.Table(table)} WHERE partition = {{partition:UInt32}} AND ({open}) "
                + "SETTINGS lightweight_deletes_sync = 2",
                parameters,
                ct).ConfigureAwait(false);
        }

        if (progress.IsResetPending)
        {
            // All windows from there on are open again, so their kept requests are written again, or not any more.
            await _queries.ExecuteAsync(
                $"DELETE FROM {_queries.Table("requests")} WHERE partition = {{partition:UInt32}} AND version > {{readFrom:UInt64}} "
                + "AND time >= fromUnixTimestamp({hours:UInt32}) SETTINGS lightweight_deletes_sync = 2",
                parameters,
                ct).ConfigureAwait(false);
        }
    }

    private async Task WriteAsync(EncodedBlock block, CancellationToken ct)
    {
        using (block)
        {
            WriteResult result = await _writer.WriteAsync(block, ct).ConfigureAwait(false);
            if (result.Rejected.Count > 0)
            {
                RejectedRow first = result.Rejected[0];
                throw new InvalidOperationException(
                    $"ClickHouse refused a row of table '{first.Table}' as bad data: {first.ServerText} Processing cannot go on without it.");
            }
        }
    }

    private QueryParameters Key(int partition) => new QueryParameters().Add("log", _log).Add("partition", (uint)partition);

    private BatchRow Row(int partition, KnownBatch batch, long now) => new()
    {
        Log = _log,
        Partition = (uint)partition,
        Source = batch.Source,
        Batch = batch.Batch,
        Kind = (byte)batch.Kind,
        Part = (uint)batch.Part,
        Position = batch.Message,
        TimeNs = Math.Max(0, batch.SeenNs),
        UpdatedMs = now,
    };

    private ProgressRow Row(int partition, PartitionProgress progress, long now) => new()
    {
        Log = _log,
        Partition = (uint)partition,
        Generation = progress.Generation,
        ReadFrom = (ulong)progress.Resume.ReadFrom,
        NewestTimeNs = progress.Resume.NewestTimeNs,
        ExactFrom = (ulong)progress.Resume.ExactFrom,
        NextOffset = (ulong)progress.Resume.NextOffset,
        ClosedMinutesBefore = progress.Resume.ClosedMinutesBefore,
        ClosedHoursBefore = progress.Resume.ClosedHoursBefore,
        ClosedChunksBefore = progress.Resume.ClosedChunksBefore,
        KeptBefore = progress.Resume.KeptBefore,
        KeptChunksBefore = progress.Resume.KeptChunksBefore,
        ResetPending = progress.IsResetPending ? (byte)1 : (byte)0,
        NextMessage = (ulong)progress.NextMessage,
        Gaps = [.. progress.Gaps.Select(gap => ((ulong)gap.From, (ulong)gap.To))],
        Positions = [.. progress.Positions.Select(source => (source.Source, (byte)source.Kind, source.Position))],
        UpdatedMs = now,
        Version = ((ulong)progress.Generation << OffsetBits) | (ulong)(progress.NextMessage * RecordOffsets.PerMessage)
            | (progress.IsResetPending ? 0UL : 1UL),
    };
}

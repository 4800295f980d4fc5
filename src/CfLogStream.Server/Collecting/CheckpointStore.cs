using CfLogStream.ClickHouse.Reading;
using CfLogStream.ClickHouse.Rows;
using CfLogStream.ClickHouse.Writing;

namespace CfLogStream.Server.Collecting;

/// <summary>Keeps a place's checkpoint in the table <c>objects_read</c>. One collector writes it at a time.</summary>
internal sealed class CheckpointStore
{
    private const int KeysPerDelete = 1_000;

    private readonly Queries _queries;
    private readonly ClickHouseWriter _writer;
    private readonly ObjectEncoder _encoder;
    private readonly TimeProvider _time;
    private readonly string _place;
    private long _version;

    public CheckpointStore(Queries queries, ClickHouseWriter writer, string database, string place, TimeProvider time)
    {
        _queries = queries;
        _writer = writer;
        _encoder = new ObjectEncoder(database);
        _place = place;
        _time = time;
    }

    /// <summary>Reads the checkpoint; one that begins at a time when there is none.</summary>
    /// <param name="beginNs">From when on the objects of a place that was never read are read.</param>
    /// <param name="lookBack">See <see cref="Checkpoint"/>.</param>
    /// <param name="ct">Ends it.</param>
    public async Task<Checkpoint> ReadAsync(long beginNs, TimeSpan lookBack, CancellationToken ct)
    {
        IReadOnlyList<(long Modified, long Start)> place = await _queries.ReadAsync(
            $"SELECT toUnixTimestamp64Nano(modified), toUnixTimestamp64Nano(start) FROM {_queries.Table("objects_read")} FINAL "
            + "WHERE place = {place:String} AND key = ''",
            Place(),
            row => (row.GetFieldValue<long>(0), row.GetFieldValue<long>(1)),
            ct).ConfigureAwait(false);
        _version = (long)await _queries.ScalarAsync<ulong>(
            $"SELECT max(version) FROM {_queries.Table("objects_read")} WHERE place = {{place:String}}", Place(), ct).ConfigureAwait(false);
        Checkpoint checkpoint = place.Count > 0
            ? new Checkpoint(lookBack, place[0].Start, place[0].Modified)
            : new Checkpoint(lookBack, beginNs, beginNs);
        await foreach (ObjectEntry entry in EntriesAsync("modified >= fromUnixTimestamp64Nano({floor:Int64})", checkpoint.FloorNs, ct).ConfigureAwait(false))
        {
            checkpoint.Add(entry);
        }

        if (place.Count == 0)
        {
            await WriteAsync([], checkpoint, isBackfill: false, ct).ConfigureAwait(false);
        }

        return checkpoint;
    }

    /// <summary>Reads the objects that were read as a backfill.</summary>
    public async Task<Checkpoint> ReadBackfillAsync(CancellationToken ct)
    {
        var checkpoint = new Checkpoint(TimeSpan.Zero, 0, 0);
        await foreach (ObjectEntry entry in EntriesAsync("is_backfill = 1", 0, ct).ConfigureAwait(false))
        {
            checkpoint.Add(entry);
        }

        return checkpoint;
    }

    /// <summary>Writes objects that are on the log, and how far the place is read; comes back when ClickHouse has them.</summary>
    /// <param name="entries">The objects.</param>
    /// <param name="checkpoint">The checkpoint, when its floor is to be written.</param>
    /// <param name="isBackfill">Whether they were read as a backfill.</param>
    /// <param name="ct">Ends it.</param>
    public async Task WriteAsync(IReadOnlyList<ObjectEntry> entries, Checkpoint? checkpoint, bool isBackfill, CancellationToken ct)
    {
        long now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        ulong version = (ulong)Interlocked.Increment(ref _version);
        var rows = new List<ObjectRow>(entries.Count + 1);
        rows.AddRange(entries.Select(entry => Row(entry.Key, entry.Tag, entry.ModifiedNs)));
        if (checkpoint is not null)
        {
            rows.Add(Row("", "", checkpoint.FloorNs) with { StartNs = checkpoint.StartNs });
        }

        using EncodedBlock block = _encoder.Encode(rows);
        WriteResult result = await _writer.WriteAsync(block, ct).ConfigureAwait(false);
        if (result.Rejected.Count > 0)
        {
            throw new InvalidOperationException(
                $"ClickHouse refused a row of table 'objects_read' as bad data: {result.Rejected[0].ServerText} Without it objects would be read again.");
        }

        ObjectRow Row(string key, string tag, long modifiedNs) => new()
        {
            Place = _place,
            Key = key,
            Tag = tag,
            ModifiedNs = modifiedNs,
            IsBackfill = isBackfill,
            UpdatedMs = now,
            Version = version,
        };
    }

    /// <summary>Deletes rows that the floor has made unnecessary.</summary>
    public Task DeleteBelowAsync(long floorNs, CancellationToken ct) => _queries.ExecuteAsync(
        $"DELETE FROM {_queries.Table("objects_read")} WHERE place = {{place:String}} AND key != '' AND is_backfill = 0 "
        + "AND modified < fromUnixTimestamp64Nano({floor:Int64})",
        Place().Add("floor", floorNs),
        ct);

    /// <summary>Deletes the rows of objects that a place has no more.</summary>
    public async Task DeleteAsync(IReadOnlyList<string> keys, CancellationToken ct)
    {
        foreach (string[] some in keys.Chunk(KeysPerDelete))
        {
            await _queries.ExecuteAsync(
                $"DELETE FROM {_queries.Table("objects_read")} WHERE place = {{place:String}} AND key IN {{keys:Array(String)}} AND key != '' "
                + "SETTINGS lightweight_deletes_sync = 2",
                Place().Add("keys", some),
                ct).ConfigureAwait(false);
        }
    }

    private IAsyncEnumerable<ObjectEntry> EntriesAsync(string condition, long floorNs, CancellationToken ct) => _queries.StreamAsync(
        $"SELECT key, tag, toUnixTimestamp64Nano(modified) FROM {_queries.Table("objects_read")} FINAL "
        + $"WHERE place = {{place:String}} AND key != '' AND {condition}",
        Place().Add("floor", floorNs),
        row => new ObjectEntry(row.GetString(0), row.GetString(1), 0, row.GetFieldValue<long>(2)),
        ct);

    private QueryParameters Place() => new QueryParameters().Add("place", _place);
}

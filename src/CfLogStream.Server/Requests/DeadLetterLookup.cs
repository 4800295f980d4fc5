using CfLogStream.ClickHouse.Reading;

namespace CfLogStream.Server.Requests;

/// <summary>Finds rejected lines in the table <c>dead_letters</c>.</summary>
public sealed class DeadLetterLookup
{
    private const ulong ReplayedBit = 1UL << 63;

    private readonly string _conditions;
    private readonly string _ofLog;
    private readonly string _log;
    private readonly Queries _queries;

    /// <param name="log">The topic that is the log; empty where there is none.</param>
    public DeadLetterLookup(Queries queries, string log = "")
    {
        ArgumentNullException.ThrowIfNull(queries);
        _queries = queries;
        _log = log;

        // A file's analysis has a hash for its partition, and its lines are on no log. What was replayed stays so.
        _ofLog = "reason != 'bad_slice' AND partition IN (SELECT partition FROM "
            + $"{queries.Table("progress")} FINAL WHERE log = {{log:String}}) AND toUnixTimestamp64Milli(replayed) = 0";
        _conditions = "(empty({reason:String}) OR reason = {reason:String}) AND (empty({source:String}) OR source = {source:String}) "
            + "AND (empty({dataset:String}) OR dataset = {dataset:String}) AND ({hash:UInt64} = 0 OR content_hash = {hash:UInt64}) "
            + $"AND ({{of_log:UInt8}} = 0 OR ({_ofLog}))";
    }

    /// <summary>Returns how many lines are kept per reason, dataset and source, the most first.</summary>
    public Task<IReadOnlyList<DeadLetterGroup>> GroupsAsync(DeadLetterFilter filter, int limit, CancellationToken ct) => _queries.ReadAsync(
        $"""
        SELECT reason, dataset, source, count(), min(time), max(time), min(content_hash)
        FROM {_queries.Table("dead_letters")} FINAL
        WHERE {_conditions}
        GROUP BY reason, dataset, source
        ORDER BY count() DESC, reason, dataset, source
        LIMIT {"{limit:UInt32}"}
        """,
        Parameters(filter).Add("limit", limit),
        static row => new DeadLetterGroup(
            row.GetString(0),
            row.GetString(1),
            row.GetString(2),
            (long)row.GetFieldValue<ulong>(3),
            row.GetFieldValue<DateTime>(4),
            row.GetFieldValue<DateTime>(5),
            row.GetFieldValue<ulong>(6)),
        ct);

    /// <summary>Returns the lines that pass a filter, by content; each content once.</summary>
    public IAsyncEnumerable<KeptLine> LinesAsync(DeadLetterFilter filter, int limit, CancellationToken ct) => _queries.StreamAsync(
        $"""
        SELECT reason, content_hash, dataset, time, source, line_number, byte_offset, error_column, length, hex(bytes)
        FROM {_queries.Table("dead_letters")} FINAL
        WHERE {_conditions}
        ORDER BY reason, content_hash, occurrence, partition
        LIMIT 1 BY reason, content_hash
        LIMIT {"{limit:UInt32}"}
        """,
        Parameters(filter).Add("limit", limit),
        static row => new KeptLine
        {
            Reason = row.GetString(0),
            ContentHash = row.GetFieldValue<ulong>(1),
            Dataset = row.GetString(2),
            Time = row.GetFieldValue<DateTime>(3),
            Source = row.GetString(4),
            LineNumber = (long)row.GetFieldValue<ulong>(5),
            ByteOffset = (long)row.GetFieldValue<ulong>(6),
            ErrorColumn = (int)row.GetFieldValue<uint>(7),
            Length = (long)row.GetFieldValue<ulong>(8),

            // Rejected lines need not be UTF-8, and a text column would come as text.
            Bytes = Convert.FromHexString(row.GetString(9)),
        },
        ct);

    /// <summary>Marks lines of the log as given to it again; waits until that is stored.</summary>
    public Task MarkReplayedAsync(IReadOnlyList<ulong> hashes, CancellationToken ct) => _queries.ExecuteAsync(
        $"""
        INSERT INTO {_queries.Table("dead_letters")}
        SELECT * REPLACE(bitOr(version, {ReplayedBit}) AS version, now64(3, 'UTC') AS replayed)
        FROM (SELECT * FROM {_queries.Table("dead_letters")} FINAL WHERE content_hash IN ({string.Join(", ", hashes)}) AND {_ofLog})
        SETTINGS async_insert = 0
        """,
        new QueryParameters().Add("log", _log),
        ct);

    private QueryParameters Parameters(DeadLetterFilter filter) => new QueryParameters()
        .Add("log", _log)
        .Add("of_log", filter.OfLog ? (byte)1 : (byte)0)
        .Add("reason", filter.Reason)
        .Add("source", filter.Source)
        .Add("dataset", filter.Dataset)
        .Add("hash", filter.ContentHash);
}

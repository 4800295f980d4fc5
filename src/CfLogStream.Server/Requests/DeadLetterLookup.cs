using CfLogStream.ClickHouse.Reading;

namespace CfLogStream.Server.Requests;

/// <summary>Finds rejected lines in the table <c>dead_letters</c>.</summary>
public sealed class DeadLetterLookup
{
    private const string Conditions =
        "(empty({reason:String}) OR reason = {reason:String}) AND (empty({source:String}) OR source = {source:String}) "
        + "AND (empty({dataset:String}) OR dataset = {dataset:String}) AND ({hash:UInt64} = 0 OR content_hash = {hash:UInt64})";

    private readonly Queries _queries;

    public DeadLetterLookup(Queries queries)
    {
        _queries = queries;
    }

    /// <summary>Returns how many lines are kept per reason, dataset and source, the most first.</summary>
    public Task<IReadOnlyList<DeadLetterGroup>> GroupsAsync(DeadLetterFilter filter, int limit, CancellationToken ct) => _queries.ReadAsync(
        $"""
        SELECT reason, dataset, source, count(), min(time), max(time), min(content_hash)
        FROM {_queries.Table("dead_letters")} FINAL
        WHERE {Conditions}
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
        WHERE {Conditions}
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

    private static QueryParameters Parameters(DeadLetterFilter filter) => new QueryParameters()
        .Add("reason", filter.Reason)
        .Add("source", filter.Source)
        .Add("dataset", filter.Dataset)
        .Add("hash", filter.ContentHash);
}

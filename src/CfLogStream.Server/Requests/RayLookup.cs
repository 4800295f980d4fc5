using System.Data.Common;
using CfLogStream.ClickHouse.Reading;

namespace CfLogStream.Server.Requests;

/// <summary>Finds everything kept of one request by its RayID.</summary>
public sealed class RayLookup
{
    /// <summary>RayIDs are not guaranteed to be unique; so many requests of one are shown.</summary>
    private const int MaxRequests = 20;

    private readonly Queries _queries;

    public RayLookup(Queries queries)
    {
        _queries = queries;
    }

    /// <summary>Returns the kept requests of a ray, and the subrequests that named it as their parent, oldest first; columns by name.</summary>
    public Task<IReadOnlyList<IReadOnlyDictionary<string, object?>>> FindAsync(string ray, CancellationToken ct) =>
        _queries.ReadAsync(
            // Two branches: an OR over both columns would use neither's bloom index.
            $"""
            SELECT * FROM (
                SELECT * FROM {_queries.Table("requests")} FINAL WHERE ray = {"{ray:String}"}
                UNION ALL
                SELECT * FROM {_queries.Table("requests")} FINAL WHERE parent_ray = {"{ray:String}"} AND ray != {"{ray:String}"}
            )
            ORDER BY time, ray
            LIMIT 1 BY ray, time
            LIMIT {MaxRequests}
            """,
            new QueryParameters().Add("ray", ray),
            ReadColumns,
            ct);

    /// <summary>Returns the span of time and the number of requests that are kept, to say why a ray may be absent.</summary>
    public async Task<(ulong Requests, DateTime First, DateTime Last)> KeptAsync(CancellationToken ct)
    {
        IReadOnlyList<(ulong, DateTime, DateTime)> kept = await _queries.ReadAsync(
            $"SELECT count(), min(time), max(time) FROM {_queries.Table("requests")} FINAL",
            null,
            row => (row.GetFieldValue<ulong>(0), row.GetFieldValue<DateTime>(1), row.GetFieldValue<DateTime>(2)),
            ct).ConfigureAwait(false);
        return kept[0];
    }

    private static IReadOnlyDictionary<string, object?> ReadColumns(DbDataReader row)
    {
        var columns = new Dictionary<string, object?>(row.FieldCount, StringComparer.Ordinal);
        for (int i = 0; i < row.FieldCount; i++)
        {
            columns.Add(row.GetName(i), row.IsDBNull(i) ? null : row.GetValue(i));
        }

        return columns;
    }
}

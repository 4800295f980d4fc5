using System.Data.Common;
using CfLogStream.ClickHouse.Reading;

namespace CfLogStream.Server.Insight.Requests;

/// <summary>Finds everything kept of one request by its RayID.</summary>
public sealed class RayLookup
{
    /// <summary>RayIDs are not guaranteed to be unique; so many requests of one are shown.</summary>
    public const int MaxRequests = 20;

    private readonly Queries _queries;

    public RayLookup(Queries queries)
    {
        _queries = queries;
    }

    /// <summary>Returns the kept requests of a ray, and the subrequests that named it as their parent, oldest first.</summary>
    /// <remarks>Those of open minutes are among them, with the column <c>early</c> set; a closed minute's row takes their place.</remarks>
    public Task<IReadOnlyList<RequestColumns>> FindAsync(string ray, CancellationToken ct) =>
        _queries.ReadAsync(
            // A branch per index: an OR over both columns would use neither's.
            $"""
            SELECT * FROM (
                SELECT *, toUInt8(0) AS early FROM {_queries.Table("requests")} WHERE ray = {"{ray:String}"}
                UNION ALL
                SELECT *, toUInt8(0) AS early FROM {_queries.Table("requests")} WHERE parent_ray = {"{ray:String}"} AND ray != {"{ray:String}"}
                UNION ALL
                SELECT *, toUInt8(1) AS early FROM {_queries.Table("requests_early")} WHERE ray = {"{ray:String}"}
            )
            ORDER BY time, ray, early, version DESC
            LIMIT 1 BY ray, time
            LIMIT {MaxRequests}
            """,
            new QueryParameters().Add("ray", ray),
            ReadColumns,
            ct);

    private static RequestColumns ReadColumns(DbDataReader row)
    {
        var columns = new Dictionary<string, object?>(row.FieldCount, StringComparer.Ordinal);
        for (int i = 0; i < row.FieldCount; i++)
        {
            columns.Add(row.GetName(i), row.IsDBNull(i) ? null : row.GetValue(i));
        }

        return new RequestColumns(columns);
    }
}

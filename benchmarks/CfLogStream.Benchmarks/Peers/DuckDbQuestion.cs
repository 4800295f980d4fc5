namespace CfLogStream.Benchmarks.Peers;

/// <summary>The question as DuckDB is asked it, over the files of a folder.</summary>
/// <remarks>
/// Measured on 1 GB and found to make no difference: maximum_object_size from 64 kB to 16 MB, GROUP BY for DISTINCT ON. Threads are the
/// cores by default.
/// </remarks>
internal static class DuckDbQuestion
{
    /// <summary>Run before the question.</summary>
    public const string Settings = "SET preserve_insertion_order = false";

    /// <summary>Returns the statement; its one row is requests, lost, edge errors, bytes, callers, groups.</summary>
    public static string Sql(string folder) =>
        $"""
        WITH events AS MATERIALIZED (FROM {Source(folder, "firewall_events", PeerColumns.Events)}),
        r AS (
            SELECT DISTINCT ON (RayID) * FROM {Source(folder, "http_requests", PeerColumns.Requests)}
            WHERE NOT WorkerSubrequest AND ClientRequestSource = 'eyeball'
        ),
        e AS (SELECT RayID, any_value(Source) AS control, any_value(RuleID) AS rule FROM events WHERE MatchIndex = 0 GROUP BY RayID)
        SELECT sum(requests)::BIGINT, sum(lost)::BIGINT, sum(edge_errors)::BIGINT, sum(bytes)::BIGINT, sum(callers)::BIGINT, count(*) FROM (
            SELECT EdgeStartTimestamp // 60000000000 AS minute, ZoneName, ClientRequestHost, ClientRequestMethod,
                ClientRequestUserAgent, control, rule,
                count(*) AS requests,
                count(*) FILTER (SecurityAction IN ('block', 'drop', 'connectionClose', 'forceConnectionClose')
                    OR (SecurityAction IN ('challenge', 'jschallenge', 'managedChallenge')
                        AND RayID NOT IN (SELECT OriginatorRayID FROM events WHERE Action LIKE '%solved'))) AS lost,
                count(*) FILTER (EdgeResponseStatus BETWEEN 400 AND 599 AND OriginResponseStatus = 0) AS edge_errors,
                sum(EdgeResponseBytes) AS bytes,
                count(DISTINCT ClientIP) AS callers
            FROM r LEFT JOIN e USING (RayID)
            GROUP BY ALL
        )
        """;

    private static string Source(string folder, string dataset, (string Name, string ClickHouse, string DuckDb)[] columns) =>
        $"read_json('{folder.Replace("'", "''", StringComparison.Ordinal)}/{dataset}/**/*.log*', format = 'newline_delimited', "
        + $"columns = {{{string.Join(", ", columns.Select(column => $"{column.Name}: '{column.DuckDb}'"))}}})";
}

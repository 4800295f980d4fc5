namespace CfLogStream.Benchmarks.Peers;

/// <summary>The question as ClickHouse is asked it, over the files of a folder.</summary>
/// <remarks>
/// Measured on 1 GB and found to make no difference: LowCardinality columns (slower), GROUP BY or LIMIT 1 BY for DISTINCT ON, mapped files,
/// parallel parsing within a file, sizes of buffers and chunks. Parsing is nine tenths of <see cref="ClickHouseForm.JsonEachRow"/>. Smaller
/// blocks halve the CPU time of the other two on large files: their blocks hold whole lines.
/// </remarks>
internal static class ClickHouseQuestion
{
    /// <summary>Returns the statement; its one row is requests, lost, edge errors, bytes, callers, groups.</summary>
    public static string Sql(string folder, ClickHouseForm form)
    {
        string requests = Source(folder, "http_requests", PeerColumns.Requests, form);
        string events = Source(folder, "firewall_events", PeerColumns.Events, form);
        return
            $"""
            WITH events AS (SELECT * FROM {events})
            SELECT sum(requests), sum(lost), sum(edge_errors), sum(bytes), sum(callers), count() FROM (
                SELECT intDiv(EdgeStartTimestamp, 60000000000) AS minute, ZoneName, ClientRequestHost, ClientRequestMethod,
                    ClientRequestUserAgent, e.Source AS control, e.RuleID AS rule,
                    count() AS requests,
                    countIf(SecurityAction IN ('block', 'drop', 'connectionClose', 'forceConnectionClose')
                        OR (SecurityAction IN ('challenge', 'jschallenge', 'managedChallenge')
                            AND RayID NOT IN (
                                SELECT toFixedString(OriginatorRayID, 16) FROM events WHERE endsWith(Action, 'solved')))) AS lost,
                    countIf(EdgeResponseStatus BETWEEN 400 AND 599 AND OriginResponseStatus = 0) AS edge_errors,
                    sum(EdgeResponseBytes) AS bytes,
                    uniqExact(ClientIP) AS callers
                FROM (
                    SELECT DISTINCT ON (RayID) * FROM {requests}
                    WHERE NOT WorkerSubrequest AND ClientRequestSource = 'eyeball'
                ) AS r
                LEFT JOIN (
                    SELECT RayID, any(Source) AS Source, any(RuleID) AS RuleID FROM events WHERE MatchIndex = 0 GROUP BY RayID
                ) AS e ON e.RayID = r.RayID
                GROUP BY minute, ZoneName, ClientRequestHost, ClientRequestMethod, ClientRequestUserAgent, control, rule
            )
            SETTINGS max_threads = {Environment.ProcessorCount}{(form == ClickHouseForm.JsonEachRow ? "" : ", max_block_size = 2048")}
            """;
    }

    private static string Source(
        string folder, string dataset, (string Name, string ClickHouse, string DuckDb)[] columns, ClickHouseForm form)
    {
        string files = $"{folder.Replace("'", "\\'", StringComparison.Ordinal)}/{dataset}/**";
        string structure = string.Join(", ", columns.Select(column => $"{column.Name} {column.ClickHouse}"));
        return form switch
        {
            ClickHouseForm.JsonEachRow => $"file('{files}', JSONEachRow, '{structure}')",
            ClickHouseForm.JsonExtract =>
                $"(SELECT {string.Join(", ", columns.Select(column => $"t.{column.Name} AS {column.Name}"))} "
                + $"FROM (SELECT JSONExtract(json, 'Tuple({structure})') AS t FROM file('{files}', JSONAsString)))",
            _ => $"(SELECT {string.Join(", ", columns.Select(Search))} FROM file('{files}', LineAsString))",
        };
    }

    private static string Search((string Name, string ClickHouse, string DuckDb) column) => column.ClickHouse switch
    {
        "String" => $"simpleJSONExtractString(line, '{column.Name}') AS {column.Name}",
        "Bool" => $"simpleJSONExtractBool(line, '{column.Name}') AS {column.Name}",
        "Int32" => $"simpleJSONExtractInt(line, '{column.Name}') AS {column.Name}",
        "UInt16" or "UInt64" => $"simpleJSONExtractUInt(line, '{column.Name}') AS {column.Name}",
        _ => $"toFixedString(simpleJSONExtractString(line, '{column.Name}'), 16) AS {column.Name}",
    };
}

/// <summary>The ways to read NDJSON that ClickHouse has.</summary>
internal enum ClickHouseForm
{
    /// <summary><c>file(…, JSONEachRow)</c>: the format made for it.</summary>
    JsonEachRow,

    /// <summary><c>file(…, JSONAsString)</c> and <c>JSONExtract</c> into a tuple: simdjson.</summary>
    JsonExtract,

    /// <summary>
    /// <c>file(…, LineAsString)</c> and <c>simpleJSONExtract…</c>: looks for <c>"name":</c> anywhere in the line, checks nothing. Right for
    /// files that are known to be right and to have no such key deeper inside.
    /// </summary>
    SimpleJson,
}

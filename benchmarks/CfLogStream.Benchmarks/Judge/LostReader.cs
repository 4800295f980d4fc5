using System.Data.Common;
using CfLogStream.ClickHouse.Reading;
using CfLogStream.Core.Insight.Detection;
using CfLogStream.Server.Insight.Diagnosing;

namespace CfLogStream.Benchmarks.Judge;

/// <summary>Reads the kept requests that were lost.</summary>
internal static class LostReader
{
    public static Task<IReadOnlyList<LostRequest>> ReadAsync(Queries queries) => queries.ReadAsync(
        $"""
        SELECT {StoppedRequestRow.Columns}, zone, match_control[1], match_rule_id[1]
        FROM {queries.Table("requests")} FINAL
        WHERE lost AND notEmpty(match_control)
        ORDER BY time, ray
        """,
        null,
        Row,
        CancellationToken.None);

    private static LostRequest Row(DbDataReader row)
    {
        StoppedRequest stopped = StoppedRequestRow.Read(row);
        return new LostRequest(
            row.GetString(StoppedRequestRow.Count), row.GetString(StoppedRequestRow.Count + 1), row.GetString(StoppedRequestRow.Count + 2),
            stopped.Class, stopped.Name, stopped.Weight, stopped.Fields);
    }
}

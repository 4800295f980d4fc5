using CfLogStream.ClickHouse.Reading;

namespace CfLogStream.Server.Analysis;

/// <summary>Removes the rows of an earlier analysis of the same name.</summary>
public sealed class AnalysisRows
{
    private static readonly string[] s_tables = ["requests_1m", "mitigations_1m", "callers_1h", "requests", "rules", "quality_1m", "dead_letters"];

    private readonly Queries _queries;

    public AnalysisRows(Queries queries)
    {
        _queries = queries;
    }

    /// <summary>Deletes every row of a partition; waits until they are gone.</summary>
    public async Task DeleteAsync(uint partition, CancellationToken ct)
    {
        QueryParameters parameters = new QueryParameters().Add("partition", partition);
        IEnumerable<string> counts = s_tables.Select(
            table => $"SELECT '{table}', count() FROM {_queries.Table(table)} WHERE partition = {{partition:UInt32}}");
        IReadOnlyList<(string Table, ulong Rows)> filled = await _queries.ReadAsync(
            string.Join(" UNION ALL ", counts), parameters, row => (row.GetString(0), row.GetFieldValue<ulong>(1)), ct).ConfigureAwait(false);
        foreach ((string table, _) in filled.Where(table => table.Rows > 0))
        {
            await _queries.ExecuteAsync(
                $"DELETE FROM {_queries.Table(table)} WHERE partition = {{partition:UInt32}} SETTINGS lightweight_deletes_sync = 2",
                parameters,
                ct).ConfigureAwait(false);
        }
    }
}

using System.Globalization;
using CfLogStream.ClickHouse;
using CfLogStream.ClickHouse.Reading;
using CfLogStream.ClickHouse.Writing;
using Microsoft.Extensions.Logging.Abstractions;

namespace CfLogStream.Server.Tests.Processing;

/// <summary>A database that one test owns.</summary>
internal sealed class ProcessDatabase : IAsyncDisposable
{
    private static readonly string[] s_tables =
        ["requests_1m", "mitigations_1m", "callers_1h", "rules", "requests", "quality_1m", "dead_letters", "changes"];

    private readonly ClickHouseConnection _connection;
    private readonly WriterMetrics _metrics = new();

    public ProcessDatabase(ClickHouseConnection connection)
    {
        _connection = connection;
        Queries = new Queries(connection);
        Writer = new ClickHouseWriter(
            connection,
            new WriterOptions { FirstDelay = TimeSpan.FromMilliseconds(10), MaxDelay = TimeSpan.FromMilliseconds(100) },
            _metrics,
            TimeProvider.System,
            NullLogger<ClickHouseWriter>.Instance);
    }

    public string Name => _connection.Options.Database;

    public Queries Queries { get; }

    public ClickHouseWriter Writer { get; }

    /// <summary>All final rows of the tables, versions included, as lines in order.</summary>
    public async Task<IReadOnlyList<string>> DumpAsync(string? table = null)
    {
        var rows = new List<string>();
        foreach (string name in s_tables.Where(name => table is null || name == table))
        {
            string callers = name is "requests_1m" or "mitigations_1m" ? "* REPLACE finalizeAggregation(callers) AS callers" : "*";
            rows.AddRange(await RowsAsync($"SELECT toString(tuple({callers})) AS line FROM {Name}.{name} FINAL ORDER BY line", name));
        }

        return rows;
    }

    public async Task<IReadOnlyList<string>> RowsAsync(string sql, string prefix = "") => await Queries.ReadAsync(
        sql,
        null,
        row => string.Join(
            ' ',
            Enumerable.Range(0, row.FieldCount).Select(i => Convert.ToString(row.GetValue(i), CultureInfo.InvariantCulture)).Prepend(prefix)),
        TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Queries.ExecuteAsync($"DROP DATABASE IF EXISTS {Name} SYNC", null, CancellationToken.None);
        _connection.Dispose();
        _metrics.Dispose();
    }
}

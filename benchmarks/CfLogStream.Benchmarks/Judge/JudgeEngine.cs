using CfLogStream.ClickHouse;
using CfLogStream.ClickHouse.Embedded;
using CfLogStream.ClickHouse.Reading;
using CfLogStream.ClickHouse.Schema;
using CfLogStream.ClickHouse.Writing;
using CfLogStream.Server.Analysis;
using CfLogStream.Server.Configuration;
using CfLogStream.Server.Sources;
using Microsoft.Extensions.Logging.Abstractions;

namespace CfLogStream.Benchmarks.Judge;

/// <summary>An engine in memory, with a database per incident.</summary>
internal sealed class JudgeEngine(EmbeddedClickHouse engine) : IAsyncDisposable
{
    private int _databases;

    public static async Task<JudgeEngine> StartAsync()
    {
        EmbeddedClickHouse engine = await EmbeddedClickHouse.StartAsync(
            new EmbeddedClickHouseOptions { DataFolder = EmbeddedClickHouseDefaults.Memory },
            TimeProvider.System,
            NullLogger<EmbeddedClickHouse>.Instance,
            CancellationToken.None).ConfigureAwait(false);
        return new JudgeEngine(engine);
    }

    /// <summary>Gives an empty database to <paramref name="use"/> and drops it.</summary>
    public async Task<T> WithSchemaAsync<T>(Func<Queries, string, Task<T>> use)
    {
        string database = $"judge_{Interlocked.Increment(ref _databases)}";
        using ClickHouseConnection connection = await OpenAsync(database).ConfigureAwait(false);
        return await UseAsync(connection, database, use).ConfigureAwait(false);
    }

    /// <summary>Analyses the uploads of a folder into a database of its own, gives it to <paramref name="use"/> and drops it.</summary>
    public async Task<T> WithAsync<T>(string folder, Func<Queries, string, Task<T>> use)
    {
        string database = $"judge_{Interlocked.Increment(ref _databases)}";
        using ClickHouseConnection connection = await OpenAsync(database).ConfigureAwait(false);
        var writer = new ClickHouseWriter(
            connection, new WriterOptions(), new WriterMetrics(), TimeProvider.System, NullLogger<ClickHouseWriter>.Instance);
        var options = new CfLogStreamOptions { Clickhouse = new ClickHouseSection { Database = database } };
        DiscoveredFiles files = FileDiscovery.Find([folder]);
        await new Analyzer(options, new AnalysisScope(), Task.FromResult(writer), TimeProvider.System)
            .RunAsync(files.Files, null, CancellationToken.None).ConfigureAwait(false);
        return await UseAsync(connection, database, use).ConfigureAwait(false);
    }

    private static async Task<T> UseAsync<T>(ClickHouseConnection connection, string database, Func<Queries, string, Task<T>> use)
    {
        var queries = new Queries(connection);
        T result = await use(queries, database).ConfigureAwait(false);
        await queries.ExecuteAsync($"DROP DATABASE {database} SYNC", null, CancellationToken.None).ConfigureAwait(false);
        return result;
    }

    private async Task<ClickHouseConnection> OpenAsync(string database)
    {
        var connection = new ClickHouseConnection(
            new ClickHouseOptions { Endpoint = engine.Endpoint, Database = database, QueryTimeout = TimeSpan.FromMinutes(10) }, engine.CreateHandler());
        await new SchemaManager(connection, RetentionOptions.Off, TimeProvider.System).ApplyAsync(CancellationToken.None).ConfigureAwait(false);
        return connection;
    }

    public ValueTask DisposeAsync() => engine.DisposeAsync();
}

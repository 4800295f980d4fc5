using System.Text.Json;
using CfLogStream.ClickHouse;
using CfLogStream.ClickHouse.Reading;
using CfLogStream.EndToEnd.Tests.Support;

namespace CfLogStream.EndToEnd.Tests.Insight;

/// <summary>A database of one test, with uploads analysed into it, asked as a user asks.</summary>
internal sealed class InsightStore : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ClickHouseConnection _connection;
    private readonly string _config;

    private InsightStore(EngineFixture engine, string correlation)
    {
        Database = "insight_" + Guid.NewGuid().ToString("N");
        _connection = new ClickHouseConnection(new ClickHouseOptions { Endpoint = engine.Endpoint, Database = Database });
        Queries = new Queries(_connection);
        _config = _folder.Combine("config.yaml");
        File.WriteAllText(_config, $"clickhouse:\n  url: {engine.Endpoint}\n  database: {Database}\ncorrelation:\n{correlation}");
    }

    public string Database { get; }

    /// <summary>The configuration file.</summary>
    public string Config => _config;

    public Queries Queries { get; }

    public string Uploads => _folder.Combine("uploads");

    /// <summary>Makes a store. By default every request is kept.</summary>
    public static InsightStore Create(
        EngineFixture engine, string correlation = "  sample_one_of: 1\n  lost_per_window_host_rule: 100000\n")
    {
        var store = new InsightStore(engine, correlation);
        Directory.CreateDirectory(store.Uploads);
        return store;
    }

    /// <summary>Analyses what is in <see cref="Uploads"/>.</summary>
    public async Task AnalyzeAsync()
    {
        CommandResult result = await RunAsync("analyze", Uploads, "--format", "json");
        Assert.True(result.ExitCode == 0, result.Stderr);
    }

    /// <summary>Analyses lines.</summary>
    public async Task AnalyzeAsync(params string[] lines)
    {
        await File.WriteAllLinesAsync(Path.Combine(Uploads, "lines.log"), lines, TestContext.Current.CancellationToken);
        await AnalyzeAsync();
    }

    /// <summary>Runs a verb with this store's configuration.</summary>
    public Task<CommandResult> RunAsync(params string[] args) => CommandLine.RunAsync([.. args, "--config", _config]);

    /// <summary>Runs a verb and reads its JSON.</summary>
    public async Task<JsonElement> JsonAsync(params string[] args)
    {
        CommandResult result = await RunAsync([.. args, "--format", "json"]);
        Assert.True(result.Stdout.Length > 0, result.Stderr);
        using JsonDocument document = JsonDocument.Parse(result.Stdout);
        return document.RootElement.Clone();
    }

    public async ValueTask DisposeAsync()
    {
        await Queries.ExecuteAsync($"DROP DATABASE IF EXISTS {Database} SYNC", null, CancellationToken.None);
        _connection.Dispose();
        _folder.Dispose();
    }
}

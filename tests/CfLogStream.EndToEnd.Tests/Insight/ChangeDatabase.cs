using CfLogStream.ClickHouse;
using CfLogStream.ClickHouse.Reading;
using CfLogStream.EndToEnd.Tests.Support;

namespace CfLogStream.EndToEnd.Tests.Insight;

/// <summary>A database of one test on the engine that all share, with command lines that use it.</summary>
internal sealed class ChangeDatabase : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ClickHouseConnection _connection;
    private readonly string _config;

    public ChangeDatabase(Uri clickhouse, string more = "")
    {
        string name = "insight_" + Guid.NewGuid().ToString("N");
        _connection = new ClickHouseConnection(new ClickHouseOptions { Endpoint = clickhouse, Database = name });
        Queries = new Queries(_connection);
        _config = _folder.Combine("config.yaml");
        File.WriteAllText(_config, $"clickhouse:\n  url: {clickhouse.ToString().TrimEnd('/')}\n  database: {name}\n{more}");
    }

    public Queries Queries { get; }

    public string Folder(string name) => Directory.CreateDirectory(_folder.Combine(name)).FullName;

    public Task<CommandResult> RunAsync(params string[] arguments) => CommandLine.RunAsync([.. arguments, "--config", _config]);

    public async ValueTask DisposeAsync()
    {
        await Queries.ExecuteAsync($"DROP DATABASE IF EXISTS {_connection.Options.Database} SYNC", null, CancellationToken.None);
        _connection.Dispose();
        _folder.Dispose();
    }
}

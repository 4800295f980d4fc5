using CfLogStream.ClickHouse.Embedded;
using CfLogStream.ClickHouse.Schema;
using Microsoft.Extensions.Logging.Abstractions;

[assembly: AssemblyFixture(typeof(CfLogStream.ClickHouse.Tests.Engine.ClickHouseServer))]

namespace CfLogStream.ClickHouse.Tests.Engine;

/// <summary>The engine that all tests of this assembly share.</summary>
/// <remarks><c>CFLOGSTREAM_TEST_CLICKHOUSE</c> names another server (its HTTP interface) to run the same tests against.</remarks>
public sealed class ClickHouseServer : IAsyncLifetime
{
    private static int s_databases;

    private EmbeddedClickHouse? _embedded;

    public Uri Endpoint { get; private set; } = ClickHouseDefaults.Endpoint;

    public async ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("CFLOGSTREAM_TEST_CLICKHOUSE") is { Length: > 0 } other)
        {
            Endpoint = new Uri(other);
            return;
        }

        _embedded = await EmbeddedClickHouse.StartAsync(
            new EmbeddedClickHouseOptions { MaxMemoryBytes = 4L << 30, MaxStatementMemoryBytes = 2L << 30 }, TimeProvider.System, NullLogger.Instance, CancellationToken.None);
        Endpoint = _embedded.Endpoint;
    }

    public async ValueTask DisposeAsync()
    {
        if (_embedded is not null)
        {
            await _embedded.DisposeAsync();
        }
    }

    public ClickHouseConnection Connect(
        string database = "cflogstream", Uri? endpoint = null, WireCompression compression = WireCompression.Auto) =>
        new(new ClickHouseOptions { Endpoint = endpoint ?? Endpoint, Database = database, Compression = compression });

    /// <summary>Makes a database of its own with the whole schema.</summary>
    public async Task<TestDatabase> CreateDatabaseAsync(RetentionOptions? retention = null)
    {
        ClickHouseConnection connection = Connect(NewName());
        await new SchemaManager(connection, retention ?? RetentionOptions.Off, TimeProvider.System)
            .ApplyAsync(TestContext.Current.CancellationToken);
        return new TestDatabase(connection);
    }

    public static string NewName() => $"t{Environment.ProcessId}_{Interlocked.Increment(ref s_databases)}";
}

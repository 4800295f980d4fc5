using CfLogStream.ClickHouse;
using CfLogStream.ClickHouse.Embedded;
using CfLogStream.ClickHouse.Schema;
using Microsoft.Extensions.Logging.Abstractions;

[assembly: AssemblyFixture(typeof(CfLogStream.Server.Tests.Processing.ProcessEngine))]

namespace CfLogStream.Server.Tests.Processing;

/// <summary>The engine that all tests of this assembly share; it starts when the first of them needs it.</summary>
public sealed class ProcessEngine : IAsyncDisposable
{
    private readonly Lazy<Task<EmbeddedClickHouse>> _engine = new(() => EmbeddedClickHouse.StartAsync(
        new EmbeddedClickHouseOptions { Listen = false, MaxMemoryBytes = 2L << 30, MaxStatementMemoryBytes = 1L << 30 },
        TimeProvider.System,
        NullLogger<EmbeddedClickHouse>.Instance,
        CancellationToken.None));

    private int _databases;

    /// <summary>Makes a database of its own with the whole schema.</summary>
    internal async Task<ProcessDatabase> CreateAsync(Func<HttpMessageHandler, HttpMessageHandler>? between = null)
    {
        EmbeddedClickHouse engine = await _engine.Value;
        HttpMessageHandler handler = engine.CreateHandler();
        var connection = new ClickHouseConnection(
            new ClickHouseOptions { Endpoint = engine.Endpoint, Database = $"t{Interlocked.Increment(ref _databases)}" },
            between is null ? handler : between(handler));
        await new SchemaManager(connection, RetentionOptions.Off, TimeProvider.System).ApplyAsync(TestContext.Current.CancellationToken);
        return new ProcessDatabase(connection);
    }

    public async ValueTask DisposeAsync()
    {
        if (_engine.IsValueCreated)
        {
            await (await _engine.Value).DisposeAsync();
        }
    }
}

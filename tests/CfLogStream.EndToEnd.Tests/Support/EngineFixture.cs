using CfLogStream.ClickHouse;
using CfLogStream.ClickHouse.Embedded;
using CfLogStream.ClickHouse.Reading;
using CfLogStream.EndToEnd.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

[assembly: AssemblyFixture(typeof(EngineFixture))]

namespace CfLogStream.EndToEnd.Tests.Support;

/// <summary>The one ClickHouse engine of the test process; analyses are kept apart by their names.</summary>
public sealed class EngineFixture : IAsyncLifetime
{
    private EmbeddedClickHouse? _engine;
    private ClickHouseConnection? _connection;

    public Uri Endpoint => _engine!.Endpoint;

    public Queries Queries { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _engine = await EmbeddedClickHouse.StartAsync(new EmbeddedClickHouseOptions(), TimeProvider.System, NullLogger.Instance, CancellationToken.None);
        _connection = new ClickHouseConnection(new ClickHouseOptions { Endpoint = _engine.Endpoint });
        Queries = new Queries(_connection);
    }

    public async ValueTask DisposeAsync()
    {
        _connection?.Dispose();
        if (_engine is not null)
        {
            await _engine.DisposeAsync();
        }
    }
}

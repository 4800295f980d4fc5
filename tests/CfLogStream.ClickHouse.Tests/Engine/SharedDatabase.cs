namespace CfLogStream.ClickHouse.Tests.Engine;

/// <summary>A database that all tests of one class share.</summary>
public sealed class SharedDatabase(ClickHouseServer server) : IAsyncLifetime
{
    public TestDatabase Database { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Database = await server.CreateDatabaseAsync();

    public ValueTask DisposeAsync() => Database.DisposeAsync();
}

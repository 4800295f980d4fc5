using CfLogStream.ClickHouse.Reading;

namespace CfLogStream.ClickHouse.Tests.Engine;

/// <summary>A database that one test owns; dropped with it.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    public TestDatabase(ClickHouseConnection connection)
    {
        Connection = connection;
        Queries = new Queries(connection);
    }

    public ClickHouseConnection Connection { get; }

    public Queries Queries { get; }

    public string Name => Connection.Options.Database;

    public async ValueTask DisposeAsync()
    {
        await Queries.ExecuteAsync($"DROP DATABASE IF EXISTS {Name} SYNC", null, CancellationToken.None);
        Connection.Dispose();
    }
}

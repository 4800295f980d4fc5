using System.Data.Common;
using System.Globalization;
using ClickHouse.Driver;
using ClickHouse.Driver.ADO;
using ClickHouse.Driver.ADO.Readers;
using ClickHouse.Driver.Utility;

namespace CfLogStream.ClickHouse.Embedded.Tests;

/// <summary>The official .NET driver against the embedded ClickHouse.</summary>
public sealed class DriverTests(EmbeddedFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Driver_DdlInsertSelect_Works()
    {
        await using ClickHouseConnection connection = await ConnectAsync();
        await connection.ExecuteStatementAsync("CREATE DATABASE IF NOT EXISTS driver_db");
        await connection.ExecuteStatementAsync("CREATE TABLE driver_db.t (a UInt32, s String) ENGINE = MergeTree ORDER BY a");
        await connection.ExecuteStatementAsync("INSERT INTO driver_db.t VALUES (1, 'x'), (2, 'y;')");
        Assert.Equal("y;", await connection.ExecuteScalarAsync("SELECT s FROM driver_db.t WHERE a = 2"));
        Assert.Equal("26.7.2.1", await connection.ExecuteScalarAsync("SELECT version()"));
    }

    [Fact]
    public async Task Driver_BulkInsert_StoresEveryRow()
    {
        await using ClickHouseConnection connection = await ConnectAsync();
        await connection.ExecuteStatementAsync("CREATE TABLE driver_bulk (n UInt64, s LowCardinality(String), t "
            + "DateTime64(9, 'UTC')) ENGINE = MergeTree ORDER BY n");
        using var client = new ClickHouseClient(ConnectionString());
        IEnumerable<object[]> rows = Enumerable.Range(0, 250_000).Select(
            i => new object[] { (ulong)i, "s" + (i % 100).ToString(CultureInfo.InvariantCulture), DateTime.UnixEpoch.AddSeconds(i) });
        await client.InsertBinaryAsync("driver_bulk", ["n", "s", "t"], rows, cancellationToken: Token);
        await using ClickHouseDataReader reader = (ClickHouseDataReader)await connection.ExecuteReaderAsync(
            "SELECT count(), sum(n), uniqExact(s), max(t) FROM driver_bulk");
        Assert.True(reader.Read());
        Assert.Equal(250_000ul, reader.GetValue(0));
        Assert.Equal(31_249_875_000ul, reader.GetValue(1));
        Assert.Equal(100ul, reader.GetValue(2));
        Assert.Equal(DateTime.UnixEpoch.AddSeconds(249_999), reader.GetDateTime(3));
    }

    [Fact]
    public async Task Driver_LargeResult_IsReadRowByRow()
    {
        await using ClickHouseConnection connection = await ConnectAsync();
        using DbDataReader reader = await connection.ExecuteReaderAsync("SELECT number, toString(number) FROM numbers(400000)");
        ulong sum = 0;
        while (reader.Read())
        {
            sum += (ulong)reader.GetValue(0);
            Assert.Equal(reader.GetValue(0).ToString(), reader.GetString(1));
        }

        Assert.Equal(79_999_800_000ul, sum);
    }

    [Fact]
    public async Task Driver_Parameters_AreBound()
    {
        await using ClickHouseConnection connection = await ConnectAsync();
        await using ClickHouseCommand command = connection.CreateCommand();
        command.CommandText = "SELECT {n:UInt32} * 2, {s:String}, {a:Array(String)}, {d:DateTime64(3, 'UTC')}";
        command.AddParameter("n", 21u);
        command.AddParameter("s", "it's\t\\ ü");
        command.AddParameter("a", new[] { "x'", "y" });
        command.AddParameter("d", new DateTime(2026, 1, 2, 3, 4, 5, 678, DateTimeKind.Utc));
        using DbDataReader reader = await command.ExecuteReaderAsync(Token);
        Assert.True(reader.Read());
        Assert.Equal(42ul, Convert.ToUInt64(reader.GetValue(0), CultureInfo.InvariantCulture));
        Assert.Equal("it's\t\\ ü", reader.GetString(1));
        Assert.Equal(["x'", "y"], (string[])reader.GetValue(2));
        Assert.Equal(new DateTime(2026, 1, 2, 3, 4, 5, 678), reader.GetDateTime(3));
    }

    [Fact]
    public async Task Driver_Error_CarriesTheCode()
    {
        await using ClickHouseConnection connection = await ConnectAsync();
        ClickHouseServerException exception = await Assert.ThrowsAsync<ClickHouseServerException>(
            () => connection.ExecuteScalarAsync("SELECT * FROM driver_nope"));
        Assert.Equal(60, exception.ErrorCode);
        Assert.Contains("driver_nope", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Driver_ErrorAfterTheFirstRows_IsNotTakenForTheEnd()
    {
        await using ClickHouseConnection connection = await ConnectAsync();
        using DbDataReader reader = await connection.ExecuteReaderAsync("SELECT throwIf(number = 1000000, 'boom') FROM numbers(2000000)");
        Assert.ThrowsAny<Exception>(() =>
        {
            while (reader.Read())
            {
            }
        });
    }

    [Fact]
    public async Task Driver_WrongPassword_IsRefused()
    {
        await using var connection = new ClickHouseConnection(ConnectionString() + ";Username=owner;Password=wrong");
        ClickHouseServerException exception = await Assert.ThrowsAsync<ClickHouseServerException>(() =>
            connection.ExecuteScalarAsync("SELECT 1"));
        Assert.Equal(516, exception.ErrorCode);
    }

    [Fact]
    public async Task Driver_Cancelled_EndsTheStatement()
    {
        await using ClickHouseConnection connection = await ConnectAsync();
        await using ClickHouseCommand command = connection.CreateCommand();
        command.CommandText = "SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1 /* driver_cancelled */";
        using var cancellation = new CancellationTokenSource();
        Task<object> run = command.ExecuteScalarAsync(cancellation.Token)!;
        await fixture.WaitUntilAsync("driver_cancelled", running: true);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        await fixture.WaitUntilAsync("driver_cancelled", running: false);
    }

    private string ConnectionString() =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={fixture.ClickHouse.Endpoint.Port}");

    private async Task<ClickHouseConnection> ConnectAsync()
    {
        var connection = new ClickHouseConnection(ConnectionString());
        await connection.OpenAsync(Token);
        return connection;
    }
}

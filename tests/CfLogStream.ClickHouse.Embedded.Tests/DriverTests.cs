using System.Globalization;
using System.Text;
using ClickHouse.Driver.ADO;
using ClickHouse.Driver.Utility;

namespace CfLogStream.ClickHouse.Embedded.Tests;

public sealed class DriverTests(EmbeddedFixture fixture)
{
    private ClickHouseConnection Connect() => new(string.Create(
        CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={fixture.ClickHouse.Endpoint.Port};Username=default;Password="));

    [Fact]
    public async Task Driver_DdlInsertSelect_Works()
    {
        await using ClickHouseConnection connection = Connect();
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await connection.ExecuteStatementAsync("CREATE DATABASE IF NOT EXISTS driver_db");
        await connection.ExecuteStatementAsync("CREATE TABLE driver_db.t (a UInt32, s String) ENGINE = MergeTree ORDER BY a");
        await connection.ExecuteStatementAsync("INSERT INTO driver_db.t VALUES (1, 'x'), (2, 'y;')");
        Assert.Equal("y;", await connection.ExecuteScalarAsync("SELECT s FROM driver_db.t WHERE a = 2"));
    }

    [Fact]
    public async Task Http_InsertJsonEachRow_Works()
    {
        Assert.Equal((200, ""), await fixture.PostAsync("", "CREATE TABLE http_json (a UInt32, s String) ENGINE = MergeTree ORDER BY a"));
        Assert.Equal((200, ""), await fixture.PostAsync(
            "?query=INSERT%20INTO%20http_json%20FORMAT%20JSONEachRow", "{\"a\":1,\"s\":\"one\"}\n{\"a\":2,\"s\":\"two\"}\n"));
        Assert.Equal((200, "2\t3\n"), await fixture.PostAsync("", "SELECT count(), sum(a) FROM http_json"));
    }

    [Fact]
    public async Task Http_InsertNative_Works()
    {
        Assert.Equal((200, ""), await fixture.PostAsync("", "CREATE TABLE http_native (a UInt64) ENGINE = MergeTree ORDER BY a"));
        byte[] native = await fixture.Http.GetByteArrayAsync(
            new Uri("/?query=SELECT+number+AS+a+FROM+numbers(300000)+FORMAT+Native", UriKind.Relative), TestContext.Current.CancellationToken);
        byte[] head = Encoding.UTF8.GetBytes("INSERT INTO http_native (a) FORMAT Native\n");
        using var content = new ByteArrayContent([.. head, .. native]);
        using HttpResponseMessage answer = await fixture.Http.PostAsync(new Uri("/", UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.Equal("", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal((200, "300000\t44999850000\n"), await fixture.PostAsync("", "SELECT count(), sum(a) FROM http_native"));
    }
}

using CfLogStream.ClickHouse.Reading;
using CfLogStream.ClickHouse.Tests.Engine;
using CfLogStream.ClickHouse.Tests.Rows;
using CsCheck;

namespace CfLogStream.ClickHouse.Tests.Reading;

public sealed class QueriesTests(ClickHouseServer server)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Parameters_HostileTexts_ComeBackEqual()
    {
        using ClickHouseConnection connection = server.Connect();
        var queries = new Queries(connection);
        await Gen.Int.SampleAsync(
            async seed =>
            {
                string text = HostileTexts.Any(new Random(seed));
                QueryParameters parameters = new QueryParameters().Add("text", text);
                Assert.Equal(text, await queries.ScalarAsync<string>("SELECT {text:String}", parameters, CancellationToken.None));
            },
            iter: 60,
            threads: 1);
    }

    [Fact]
    public async Task Parameters_ArraysOfHostileTexts_ComeBackEqual()
    {
        using ClickHouseConnection connection = server.Connect();
        var random = new Random(3);
        string[] texts = [.. Enumerable.Range(0, 40).Select(_ => HostileTexts.Any(random)).Where(text => text.Length < 2_000)];

        string[] found = await new Queries(connection).ScalarAsync<string[]>(
            "SELECT {texts:Array(String)}", new QueryParameters().Add("texts", texts), Cancel);

        Assert.Equal(texts, found);
    }

    [Fact]
    public async Task Read_SeveralTypes_MapsRows()
    {
        using ClickHouseConnection connection = server.Connect();

        IReadOnlyList<(ulong, string, DateTime)> rows = await new Queries(connection).ReadAsync(
            "SELECT number, toString(number), toDateTime({from:UInt32} + number, 'UTC') FROM numbers({count:UInt64})",
            new QueryParameters().Add("from", 1_700_000_000u).Add("count", 3),
            row => (row.GetFieldValue<ulong>(0), row.GetString(1), row.GetDateTime(2)),
            Cancel);

        Assert.Equal(
            [
                (0UL, "0", new DateTime(2023, 11, 14, 22, 13, 20)),
                (1UL, "1", new DateTime(2023, 11, 14, 22, 13, 21)),
                (2UL, "2", new DateTime(2023, 11, 14, 22, 13, 22)),
            ],
            rows);
    }

    [Fact]
    public async Task Scalar_NoRow_SaysSo()
    {
        using ClickHouseConnection connection = server.Connect();

        InvalidOperationException failure = await Assert.ThrowsAsync<InvalidOperationException>(
            () => new Queries(connection).ScalarAsync<ulong>("SELECT number FROM numbers(0)", null, Cancel));

        Assert.Equal("The query 'SELECT number FROM numbers(0)' gave no row; expected one.", failure.Message);
    }

    [Fact]
    public async Task Read_WrongQuery_ThrowsWithCodeAndText()
    {
        using ClickHouseConnection connection = server.Connect();

        ServerAnswerException failure = await Assert.ThrowsAsync<ServerAnswerException>(
            () => new Queries(connection).ScalarAsync<ulong>("SELECT 1 FROM no_such_database.no_such_table", null, Cancel));

        Assert.Contains(failure.Code!.Value, new[] { 60, 81 });
        Assert.StartsWith("ClickHouse answered HTTP 404 with error", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_TakesTooLong_IsATimeout()
    {
        using var connection = new ClickHouseConnection(
            new ClickHouseOptions { Endpoint = server.Endpoint, QueryTimeout = TimeSpan.FromMilliseconds(300) });

        TimeoutException failure = await Assert.ThrowsAsync<TimeoutException>(
            () => new Queries(connection).ExecuteAsync("SELECT sleepEachRow(1) FROM numbers(3)", null, Cancel));

        Assert.Equal("The query 'SELECT sleepEachRow(1) FROM numbers(3)' was not answered within 00:00:00.3000000.", failure.Message);
    }

    [Fact]
    public async Task Ping_ServerOrNone_SaysWhich()
    {
        using ClickHouseConnection there = server.Connect();
        using ClickHouseConnection nowhere = server.Connect(endpoint: new Uri("http://127.0.0.1:1/"));

        Assert.True(await there.PingAsync(Cancel));
        Assert.False(await nowhere.PingAsync(Cancel));
    }

    [Theory]
    [InlineData("a-b")]
    [InlineData("1a")]
    [InlineData("a; DROP TABLE b")]
    [InlineData("")]
    [InlineData("é")]
    public void Names_ThatAreNone_AreRefused(string name)
    {
        using ClickHouseConnection connection = server.Connect();

        Assert.False(SqlIdentifier.IsValid(name));
        Assert.Throws<ArgumentException>(() => new Queries(connection).Table(name));
        Assert.Throws<ArgumentException>(() => new QueryParameters().Add(name, 1));
    }

    [Fact]
    public void Table_Name_HasItsDatabase()
    {
        using ClickHouseConnection connection = server.Connect("logs");

        Assert.Equal("logs.requests_1m", new Queries(connection).Table("requests_1m"));
    }
}

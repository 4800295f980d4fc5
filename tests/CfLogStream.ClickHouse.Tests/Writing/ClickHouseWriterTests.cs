using System.Buffers.Binary;
using CfLogStream.ClickHouse.Rows;
using CfLogStream.ClickHouse.Tests.Engine;
using CfLogStream.ClickHouse.Writing;
using CfLogStream.Core.Correlation;
using CfLogStream.Core.Logpush;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CfLogStream.ClickHouse.Tests.Writing;

/// <summary>The writer against the real engine behind a proxy that misbehaves.</summary>
public sealed class ClickHouseWriterTests(ClickHouseServer server, SharedDatabase shared) : IClassFixture<SharedDatabase>, IAsyncLifetime
{
    private readonly InstantTime _time = new();
    private readonly WriterMetrics _metrics = new();
    private readonly TestDatabase _database = shared.Database;
    private FaultProxy _proxy = null!;
    private ClickHouseConnection _connection = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _database.Queries.ExecuteAsync($"TRUNCATE TABLE {_database.Name}.quality_1m", null, Cancel);
        _proxy = await FaultProxy.StartAsync(server.Endpoint);
        _connection = server.Connect(_database.Name, _proxy.Endpoint);
    }

    public async ValueTask DisposeAsync()
    {
        _connection.Dispose();
        await _proxy.DisposeAsync();
        _metrics.Dispose();
    }

    [Fact]
    public async Task Write_Healthy_SendsOnceWithItsSettings()
    {
        WriteResult result = await WriteAsync(10);

        Assert.Equal(10, result.RowsWritten);
        Assert.Equal(10, await CountAsync());
        (string queryId, Microsoft.AspNetCore.Http.IQueryCollection query, string encoding, int bytes) = Assert.Single(_proxy.Inserts);
        Assert.StartsWith("cflogstream-", queryId, StringComparison.Ordinal);
        Assert.Equal("0", query["async_insert"]);
        Assert.Equal("1", query["wait_end_of_query"]);
        Assert.Equal("0", query["insert_deduplicate"]);
        Assert.Equal("0", query["optimize_on_insert"]);
        Assert.Equal(string.Empty, encoding);
        Assert.True(bytes > 500);
        Assert.Empty(_time.Waits);
        Assert.Equal((10L, 0L, 0L, 1L), (_metrics.Rows, _metrics.Retries, _metrics.Rejected, _metrics.Inserts));
    }

    [Fact]
    public async Task Write_Compressed_SendsZstd()
    {
        using ClickHouseConnection zstd = server.Connect(_database.Name, _proxy.Endpoint, WireCompression.Always);

        await WriteAsync(10, zstd);

        Assert.Equal(10, await CountAsync());
        Assert.Equal("zstd", Assert.Single(_proxy.Inserts).Encoding);
    }

    [Fact]
    public async Task Write_StatusOkWithExceptionCode_IsTriedAgain()
    {
        _proxy.Next(FaultProxy.Answer(200, 241, "memory limit exceeded"), FaultProxy.Answer(200, 159, "timeout"));

        WriteResult result = await WriteAsync(5);

        Assert.Equal(5, result.RowsWritten);
        Assert.Equal(5, await CountAsync());
        Assert.Equal(2, _metrics.Retries);
    }

    [Fact]
    public async Task Write_StatusOkWithErrorTextOnly_IsTriedAgain()
    {
        _proxy.Next((context, _, _) => Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(
            context.Response, "__exception__\r\nCode: 241. DB::Exception: memory limit exceeded", Cancel));

        await WriteAsync(5);

        Assert.Equal(5, await CountAsync());
        Assert.Equal(1, _metrics.Retries);
    }

    [Theory]
    [InlineData(500, 241)]
    [InlineData(500, 242)]
    [InlineData(500, 252)]
    [InlineData(503, 202)]
    [InlineData(500, 999)]
    [InlineData(502, null)]
    [InlineData(429, null)]
    public async Task Write_TransientAnswer_IsTriedAgainWithGrowingDelays(int status, int? code)
    {
        FaultProxy.Fault fault = FaultProxy.Answer(status, code, "try later");
        _proxy.Next(fault, fault, fault);

        await WriteAsync(5);

        Assert.Equal(5, await CountAsync());
        Assert.Equal(3, _metrics.Retries);
        Assert.Equal(4, _proxy.Inserts.Select(insert => insert.QueryId).Distinct().Count());
        Assert.Collection(
            _time.Waits,
            wait => Assert.InRange(wait.TotalMilliseconds, 100, 200),
            wait => Assert.InRange(wait.TotalMilliseconds, 200, 400),
            wait => Assert.InRange(wait.TotalMilliseconds, 400, 800));
    }

    [Fact]
    public async Task Write_DroppedBeforeAndAfterItWasApplied_CountsOnce()
    {
        _proxy.Next(FaultProxy.DropBefore, FaultProxy.DropAfter, FaultProxy.DropAfter);

        WriteResult result = await WriteAsync(50);

        Assert.Equal(50, result.RowsWritten);
        Assert.Equal(3, _metrics.Retries);
        Assert.Equal(50, await CountAsync());
        Assert.Equal(50 * 51 / 2, await _database.Queries.ScalarAsync<long>(
            $"SELECT toInt64(sum(received)) FROM {_database.Name}.quality_1m FINAL", null, Cancel));
    }

    [Theory]
    [InlineData(401, 516)]
    [InlineData(403, 497)]
    [InlineData(404, 60)]
    [InlineData(404, 81)]
    [InlineData(401, null)]
    [InlineData(500, 16)]
    [InlineData(500, 12345)]
    public async Task Write_NeedsAPerson_WaitsAndAlertsAndDropsNothing(int status, int? code)
    {
        int waitingSeen = 0;
        FaultProxy.Fault look = (context, body, pass) =>
        {
            waitingSeen = _metrics.Waiting;
            return FaultProxy.Answer(status, code, "no")(context, body, pass);
        };
        _proxy.Next(look, look);
        var log = new CollectingLogger();

        await WriteAsync(5, log: log);

        Assert.Equal(5, await CountAsync());
        Assert.Equal(1, waitingSeen);
        Assert.Equal(0, _metrics.Waiting);
        (LogLevel level, string text) = log.Entries.First();
        Assert.Equal(LogLevel.Error, level);
        Assert.StartsWith(
            "Inserting 5 rows into quality_1m waits for somebody to act; nothing is dropped (try 1,", text, StringComparison.Ordinal);
        Assert.Equal((LogLevel.Information, "Inserting into quality_1m works again after 2 retries."), log.Entries.Last());
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(37, 0)]
    [InlineData(37, 18)]
    [InlineData(37, 36)]
    public async Task Write_PoisonedRow_IsHalvedUntilItIsAlone(int rows, int poisoned)
    {
        RejectRowsWith((ulong)poisoned + 1);

        WriteResult result = await WriteAsync(rows);

        RejectedRow rejected = Assert.Single(result.Rejected);
        Assert.Equal(("quality_1m", poisoned, 117), (rejected.Table, rejected.Row, rejected.Code));
        Assert.Equal("Code: 117. DB::Exception: it has horns. (MADE_UP)", rejected.ServerText);
        Assert.Contains((ulong)poisoned + 1, Received(rejected.Native));
        Assert.Equal(rows - 1, result.RowsWritten);
        Assert.Equal(rows - 1, await CountAsync());
        Assert.Equal(1, _metrics.Rejected);
        Assert.Empty(_time.Waits);
    }

    [Fact]
    public async Task Write_SeveralPoisonedRowsAmongFaults_GivesBackExactlyThem()
    {
        RejectRowsWith(3, 4, 41, 64);
        _proxy.Next(FaultProxy.DropAfter, FaultProxy.Answer(500, 252, "too many parts"));

        WriteResult result = await WriteAsync(64);

        Assert.Equal([2, 3, 40, 63], result.Rejected.Select(row => row.Row));
        Assert.Equal(60, result.RowsWritten);
    }

    [Fact]
    public async Task Write_RowTrulyBadForTheEngine_IsRejectedWithItsText()
    {
        await _database.Queries.ExecuteAsync(
            $"ALTER TABLE {_database.Name}.quality_1m ADD CONSTRAINT small CHECK received < 20", null, Cancel);

        WriteResult result = await WriteAsync(21);
        await _database.Queries.ExecuteAsync($"ALTER TABLE {_database.Name}.quality_1m DROP CONSTRAINT small", null, Cancel);

        Assert.Equal([19, 20], result.Rejected.Select(row => row.Row));
        Assert.Contains("VIOLATED_CONSTRAINT", result.Rejected[0].ServerText, StringComparison.Ordinal);
        Assert.Equal(19, await CountAsync());
    }

    [Fact]
    public async Task Write_EveryRowRefused_WaitsInsteadOfDroppingThemAll()
    {
        int refusals = 0;
        _proxy.Judge = _ => ++refusals <= 300 ? FaultProxy.Answer(400, 117, "everything is bad today") : null;

        WriteResult result = await WriteAsync(200);

        Assert.Empty(result.Rejected);
        Assert.Equal(200, await CountAsync());
        Assert.True(_metrics.Retries > 0);
    }

    [Fact]
    public async Task Write_Cancelled_Throws()
    {
        using var cancel = new CancellationTokenSource();
        _proxy.Judge = _ =>
        {
            cancel.Cancel();
            return FaultProxy.Answer(500, 241, "later");
        };
        using EncodedBlock block = Block(3);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Writer(_connection).WriteAsync(block, cancel.Token));
        Assert.Equal(0, _metrics.Waiting);
    }

    [Fact]
    public async Task Write_NoAnswerInTime_IsTriedAgain()
    {
        using var connection = new ClickHouseConnection(new ClickHouseOptions
        {
            Endpoint = _proxy.Endpoint,
            Database = _database.Name,
            InsertTimeout = TimeSpan.FromSeconds(2),
        });
        _proxy.Next((context, _, _) => Task.Delay(Timeout.Infinite, context.RequestAborted));

        await WriteAsync(3, connection);

        Assert.Equal(3, await CountAsync());
        Assert.Equal(1, _metrics.Retries);
    }

    [Fact]
    public async Task Write_NobodyListens_WaitsUntilSomebodyDoes()
    {
        Uri endpoint = _proxy.Endpoint;
        await _proxy.DisposeAsync();
        using ClickHouseConnection connection = server.Connect(_database.Name, endpoint);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        using EncodedBlock block = Block(3);

        Task<WriteResult> writing = Writer(connection).WriteAsync(block, cancel.Token);
        while (_metrics.Retries < 5)
        {
            await Task.Yield();
        }

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);
        _proxy = await FaultProxy.StartAsync(server.Endpoint);
    }

    private static List<ulong> Received(byte[] native)
    {
        ReadOnlySpan<byte> bytes = native;
        int at = bytes.IndexOf("received\u0006UInt64"u8) + "received\u0006UInt64".Length;
        int rows = native[1];
        var values = new List<ulong>();
        for (int i = 0; i < rows; i++)
        {
            values.Add(BinaryPrimitives.ReadUInt64LittleEndian(bytes[(at + (i * 8))..]));
        }

        return values;
    }

    private void RejectRowsWith(params ulong[] received) =>
        _proxy.Judge = body => Received(body).Intersect(received).Any() ? FaultProxy.Answer(400, 117, "it has horns") : null;

    private ClickHouseWriter Writer(ClickHouseConnection connection, ILogger<ClickHouseWriter>? log = null) =>
        new(connection, new WriterOptions(), _metrics, _time, log ?? NullLogger<ClickHouseWriter>.Instance);

    private async Task<WriteResult> WriteAsync(int rows, ClickHouseConnection? connection = null, ILogger<ClickHouseWriter>? log = null)
    {
        using EncodedBlock block = Block(rows);
        return await Writer(connection ?? _connection, log).WriteAsync(block, Cancel);
    }

    private EncodedBlock Block(int rows)
    {
        var encoder = new RowEncoder(new RowEncoderOptions { Database = _database.Name });
        for (int i = 0; i < rows; i++)
        {
            encoder.Add(new QualityRow
            {
                Key = new RowKey(1_700_000_040, 0, (ulong)i, 1),
                Dataset = Dataset.HttpRequests,
                Received = (ulong)i + 1,
            });
        }

        return Assert.Single(encoder.TakeAll());
    }

    private Task<long> CountAsync() => _database.Queries.ScalarAsync<long>(
        $"SELECT toInt64(count()) FROM {_database.Name}.quality_1m FINAL", null, Cancel);

    private sealed class CollectingLogger : ILogger<ClickHouseWriter>
    {
        public List<(LogLevel Level, string Text)> Entries { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Entries.Add((logLevel, formatter(state, exception)));
    }
}

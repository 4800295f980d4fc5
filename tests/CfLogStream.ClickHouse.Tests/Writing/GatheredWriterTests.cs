using CfLogStream.ClickHouse.Rows;
using CfLogStream.ClickHouse.Tests.Engine;
using CfLogStream.ClickHouse.Writing;
using CfLogStream.Core.Correlation;
using CfLogStream.Core.Logpush;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CfLogStream.ClickHouse.Tests.Writing;

/// <summary>Blocks of several partitions in one insert, with the real engine behind a proxy that misbehaves.</summary>
public sealed class GatheredWriterTests(ClickHouseServer server, SharedDatabase shared) : IClassFixture<SharedDatabase>, IAsyncLifetime
{
    private static readonly GatherOptions s_options = new();

    private readonly FakeTimeProvider _time = new();
    private readonly WriterMetrics _metrics = new();
    private readonly TestDatabase _database = shared.Database;
    private FaultProxy _proxy = null!;
    private ClickHouseConnection _connection = null!;
    private GatheredWriter _writer = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _database.Queries.ExecuteAsync($"TRUNCATE TABLE {_database.Name}.quality_1m", null, Cancel);
        _proxy = await FaultProxy.StartAsync(server.Endpoint);
        _connection = server.Connect(_database.Name, _proxy.Endpoint);
        var writer = new ClickHouseWriter(
            _connection, new WriterOptions { MaxRejectedInARow = 10 }, _metrics, _time, NullLogger<ClickHouseWriter>.Instance);
        _writer = new GatheredWriter(writer, s_options, _time);
    }

    public async ValueTask DisposeAsync()
    {
        _connection.Dispose();
        await _proxy.DisposeAsync();
        _metrics.Dispose();
    }

    [Fact]
    public async Task Write_ManyPartitions_IsOneInsertAndOnePart()
    {
        List<EncodedBlock> blocks = [.. Enumerable.Range(0, 20).Select(partition => Block(partition, 50))];

        WriteResult[] results = await UntilDone(Task.WhenAll(blocks.Select(block => _writer.WriteAsync(block, Cancel))));

        Assert.All(results, result => Assert.Equal(50, result.RowsWritten));
        Assert.Single(_proxy.Inserts);
        Assert.Equal((1000L, 1000L * 1001 / 2), await SumsAsync());
        Assert.Equal(1, await _database.Queries.ScalarAsync<long>(
            $"SELECT toInt64(count()) FROM system.parts WHERE active AND database = '{_database.Name}' AND table = 'quality_1m'", null, Cancel));
        Assert.Equal((1000L, 1L), (_metrics.Rows, _metrics.Inserts));
        blocks.ForEach(block => block.Dispose());
    }

    [Fact]
    public async Task Write_WhileAnInsertIsUnderWay_GoesWithTheNext()
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _proxy.Next(async (context, _, pass) =>
        {
            reached.SetResult();
            await go.Task;
            await pass();
        });
        Task<WriteResult> first = _writer.WriteAsync(Block(0, 1), Cancel);
        await UntilDone(reached.Task);
        Task<WriteResult[]> later = Task.WhenAll(Enumerable.Range(1, 5).Select(partition => _writer.WriteAsync(Block(partition, 1), Cancel)));

        go.SetResult();
        await UntilDone(first);
        await UntilDone(later);

        Assert.Equal(2, _proxy.Inserts.Count);
        Assert.Equal(6, (await SumsAsync()).Rows);
    }

    [Fact]
    public async Task Write_OneBlockHasABadRow_OnlyThatRowIsRejected()
    {
        _proxy.Judge = body => body.AsSpan().IndexOf(BitConverter.GetBytes(Poison)) >= 0 ? FaultProxy.Answer(400, 117, "it has horns") : null;
        EncodedBlock[] blocks = [Block(0, 10), Block(1, 10, poisoned: true), Block(2, 10)];

        WriteResult[] results = await UntilDone(Task.WhenAll(blocks.Select(block => _writer.WriteAsync(block, Cancel))));

        Assert.Equal([10, 9, 10], results.Select(result => result.RowsWritten));
        Assert.Equal(3, Assert.Single(results[1].Rejected).Row);
        Assert.Equal(29, (await SumsAsync()).Rows);
    }

    [Fact]
    public async Task Write_DroppedBeforeAndAfterItWasApplied_CountsOnce()
    {
        _proxy.Next(FaultProxy.DropBefore, FaultProxy.DropAfter, FaultProxy.Answer(500, 241, "memory"));

        await UntilDone(Task.WhenAll(Enumerable.Range(0, 4).Select(partition => _writer.WriteAsync(Block(partition, 25), Cancel))));

        Assert.Equal((100L, 100L * 101 / 2), await SumsAsync());
        Assert.Equal((3L, 1L), (_metrics.Retries, _metrics.Inserts));
    }

    [Fact]
    public async Task Write_OneGivesUp_LeavesAtOnceAndTheOthersAreWritten()
    {
        using var cancel = new CancellationTokenSource();
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _proxy.Next(async (context, _, _) =>
        {
            reached.SetResult();
            await go.Task;
            context.Abort();
        });
        EncodedBlock lost = Block(0, 10);
        Task<WriteResult> leaving = _writer.WriteAsync(lost, cancel.Token);
        Task<WriteResult> staying = _writer.WriteAsync(Block(1, 10), Cancel);
        await UntilDone(reached.Task);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        lost.Dispose();
        Assert.False(staying.IsCompleted);
        go.SetResult();

        Assert.Equal(10, (await UntilDone(staying)).RowsWritten);
        Assert.Equal(10, (await SumsAsync()).Rows);
    }

    [Fact]
    public async Task Write_AllGiveUpWhileNobodyAnswers_SendsNoMore()
    {
        using var cancel = new CancellationTokenSource();
        _proxy.Judge = _ => FaultProxy.Answer(503, 202, "later");
        Task<WriteResult[]> writing = Task.WhenAll(Enumerable.Range(0, 3).Select(partition => _writer.WriteAsync(Block(partition, 5), cancel.Token)));
        while (_metrics.Retries < 3)
        {
            _time.Advance(s_options.Linger);
            await Task.Yield();
        }

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);

        _proxy.Judge = null;
        await UntilDone(_writer.WriteAsync(Block(7, 5), Cancel));
        Assert.Equal(5, (await SumsAsync()).Rows);
    }

    /// <summary>A value that stands in no block but the poisoned one, in its fourth row.</summary>
    private const ulong Poison = 0x0123456789ABCDEF;

    private EncodedBlock Block(int partition, int rows, bool poisoned = false)
    {
        var encoder = new RowEncoder(new RowEncoderOptions { Database = _database.Name });
        for (int i = 0; i < rows; i++)
        {
            encoder.Add(new QualityRow
            {
                Key = new RowKey(1_700_000_040, (uint)partition, (ulong)i, 1),
                Dataset = Dataset.HttpRequests,
                Received = (ulong)((partition * rows) + i + 1),
                Late = poisoned && i == 3 ? Poison : 0,
            });
        }

        return Assert.Single(encoder.TakeAll());
    }

    /// <summary>Lets the time go on until something is done.</summary>
    private async Task UntilDone(Task task)
    {
        while (!task.IsCompleted)
        {
            _time.Advance(s_options.Linger);
            await Task.Yield();
        }

        await task;
    }

    private async Task<T> UntilDone<T>(Task<T> task)
    {
        await UntilDone((Task)task);
        return await task;
    }

    private async Task<(long Rows, long Received)> SumsAsync() => (
        await _database.Queries.ScalarAsync<long>($"SELECT toInt64(count()) FROM {_database.Name}.quality_1m FINAL", null, Cancel),
        await _database.Queries.ScalarAsync<long>($"SELECT toInt64(sum(received)) FROM {_database.Name}.quality_1m FINAL", null, Cancel));
}

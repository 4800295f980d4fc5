using CfLogStream.Core.Correlation;
using CfLogStream.Kafka.Slices;
using CfLogStream.Server.Processing;

namespace CfLogStream.Server.Tests.Processing;

public sealed class ProgressStoreTests(ProcessEngine engine)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Progress_WrittenAndRead_IsTheSame()
    {
        await using ProcessDatabase database = await engine.CreateAsync();
        ProgressStore store = Store(database, "log");
        PartitionProgress progress = Progress(generation: 3, next: 1L << 39) with
        {
            Gaps = [(0, 5), (7, long.MaxValue)],
            Positions = [new("topic/0", SliceKind.HttpRequests, long.MaxValue), new("töpic '\\/1", SliceKind.DeadLetters, -1)],
        };

        Assert.Null(await store.ReadAsync(7, Cancel));
        await store.WriteAsync(7, progress, [], Cancel);

        Assert.Equivalent(progress, await store.ReadAsync(7, Cancel), strict: true);
        Assert.Null(await store.ReadAsync(8, Cancel));
        Assert.Null(await Store(database, "another").ReadAsync(7, Cancel));
    }

    [Fact]
    public async Task Progress_OfAZombie_DoesNotReplaceWhatIsFurther()
    {
        await using ProcessDatabase database = await engine.CreateAsync();
        ProgressStore store = Store(database, "log");
        await store.WriteAsync(0, Progress(generation: 1, next: 50), [], Cancel);
        await store.WriteAsync(0, Progress(generation: 1, next: 40), [], Cancel);
        Assert.Equal(50, (await store.ReadAsync(0, Cancel))!.NextMessage);

        await store.WriteAsync(0, Progress(generation: 2, next: 10), [], Cancel);
        await store.WriteAsync(0, Progress(generation: 1, next: 90), [], Cancel);
        Assert.Equal((2u, 10L), ((await store.ReadAsync(0, Cancel))!.Generation, (await store.ReadAsync(0, Cancel))!.NextMessage));
    }

    [Fact]
    public async Task Batches_SeenBeforeAMessage_AreTheLastOfEachSlice()
    {
        await using ProcessDatabase database = await engine.CreateAsync();
        ProgressStore store = Store(database, "log");
        var first = new KnownBatch("a", ulong.MaxValue, SliceKind.HttpRequests, 0, 10, long.MinValue);
        KnownBatch again = first with { Source = "b", Message = 20, SeenNs = 1_790_000_000_123_456_789 };
        KnownBatch part = again with { Part = 1, Message = 21 };
        await store.WriteAsync(0, Progress(generation: 1, next: 30), [first, again, part], Cancel);
        await store.WriteAsync(0, Progress(generation: 1, next: 31), [first], Cancel);

        Assert.Equal([first], await store.ReadBatchesAsync(0, 20, Cancel));
        Assert.Equal([again], await store.ReadBatchesAsync(0, 21, Cancel));
        Assert.Equal([again, part], await store.ReadBatchesAsync(0, 22, Cancel));
        Assert.Empty(await store.ReadBatchesAsync(1, 22, Cancel));
    }

    private static ProgressStore Store(ProcessDatabase database, string log) =>
        new(database.Queries, database.Writer, database.Name, log, TimeProvider.System);

    private static PartitionProgress Progress(uint generation, long next) => new()
    {
        Generation = generation,
        NextMessage = next,
        Resume = new CorrelatorResume
        {
            ReadFrom = 4096,
            NewestTimeNs = long.MinValue,
            ExactFrom = 8192,
            NextOffset = next * 4096,
            ClosedMinutesBefore = 1_790_000_040,
            ClosedHoursBefore = 1_789_999_200,
            ClosedChunksBefore = 3,
        },
    };
}

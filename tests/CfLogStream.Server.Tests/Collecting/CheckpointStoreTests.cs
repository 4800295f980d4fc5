using CfLogStream.Server.Collecting;
using CfLogStream.Server.Tests.Processing;

namespace CfLogStream.Server.Tests.Collecting;

public sealed class CheckpointStoreTests(ProcessEngine engine)
{
    private const long Second = 1_000_000_000;
    private const string Hostile = "logs/'; DROP TABLE objects_read; --\\\n\u0001/../../x";

    private static readonly TimeSpan s_lookBack = TimeSpan.FromSeconds(100);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_WhatWasWritten_IsThereAgain()
    {
        await using ProcessDatabase database = await engine.CreateAsync();
        CheckpointStore store = Store(database, "bucket a");
        Checkpoint checkpoint = await store.ReadAsync(1_000 * Second, s_lookBack, Stop);
        ObjectEntry[] entries = [Entry("old", 1_010), Entry(Hostile, 1_200), Entry("new", 1_250)];
        Assert.All(entries, entry => Assert.False(checkpoint.IsRead(entry)));
        Array.ForEach(entries, entry => checkpoint.Add(entry));
        await store.WriteAsync(entries, null, isBackfill: false, Stop);
        Assert.True(checkpoint.Advance(1_250 * Second, null));
        await store.WriteAsync([], checkpoint, isBackfill: false, Stop);
        await store.DeleteBelowAsync(checkpoint.FloorNs, Stop);

        Checkpoint again = await Store(database, "bucket a").ReadAsync(5_000 * Second, s_lookBack, Stop);
        Checkpoint other = await Store(database, "bucket b").ReadAsync(1_000 * Second, s_lookBack, Stop);

        Assert.Equal((1_000 * Second, 1_150 * Second, 2), (again.StartNs, again.FloorNs, again.Count));
        Assert.All(entries, entry => Assert.True(again.IsRead(entry)));
        Assert.False(again.IsRead(Entry(Hostile, 1_200) with { Tag = "other" }));
        Assert.Equal(0, other.Count);
        Assert.Equal(["bucket a  ", "bucket a new", $"bucket a {Hostile}", "bucket b  "], (await database.RowsAsync(
            $"SELECT concat(place, ' ', if(key = '', ' ', key)) AS line FROM {database.Name}.objects_read FINAL ORDER BY place, length(key)")).Select(row => row[1..]));
    }

    [Fact]
    public async Task Read_AnObjectThatWasReplacedByAnOlderFile_KnowsTheLastOne()
    {
        await using ProcessDatabase database = await engine.CreateAsync();
        CheckpointStore store = Store(database, "folder a");
        await store.ReadAsync(0, TimeSpan.Zero, Stop);
        await store.WriteAsync([Entry("a", 500)], null, isBackfill: false, Stop);
        store = Store(database, "folder a");
        await store.ReadAsync(0, TimeSpan.Zero, Stop);
        await store.WriteAsync([Entry("a", 400)], null, isBackfill: false, Stop);

        Checkpoint again = await Store(database, "folder a").ReadAsync(0, TimeSpan.Zero, Stop);
        await store.DeleteAsync(["a", "b"], Stop);
        Checkpoint deleted = await Store(database, "folder a").ReadAsync(0, TimeSpan.Zero, Stop);

        Assert.True(again.IsRead(Entry("a", 400)));
        Assert.False(again.IsRead(Entry("a", 500)));
        Assert.Equal(0, deleted.Count);
    }

    [Fact]
    public async Task ReadBackfill_RowsOfIt_StayBelowTheFloor()
    {
        await using ProcessDatabase database = await engine.CreateAsync();
        CheckpointStore store = Store(database, "bucket a");
        Checkpoint checkpoint = await store.ReadAsync(1_000 * Second, s_lookBack, Stop);
        await store.WriteAsync([Entry("before", 10)], null, isBackfill: true, Stop);
        await store.WriteAsync([Entry("after", 1_001)], null, isBackfill: false, Stop);
        checkpoint.Advance(9_000 * Second, null);
        await store.WriteAsync([], checkpoint, isBackfill: false, Stop);
        await store.DeleteBelowAsync(checkpoint.FloorNs, Stop);

        Checkpoint done = await Store(database, "bucket a").ReadBackfillAsync(Stop);

        Assert.Equal(1, done.Count);
        Assert.True(done.IsRead(Entry("before", 10)));
    }

    private static ObjectEntry Entry(string key, long seconds) => new(key, $"tag {seconds}", 1, seconds * Second);

    private static CheckpointStore Store(ProcessDatabase database, string place) =>
        new(database.Queries, database.Writer, database.Name, place, TimeProvider.System);
}

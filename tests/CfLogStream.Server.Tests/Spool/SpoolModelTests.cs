using CfLogStream.Kafka.Slices;
using CfLogStream.Server.Spool;

namespace CfLogStream.Server.Tests.Spool;

/// <summary>The spool against a list in memory: any row of appends, reads, trims and restarts.</summary>
public sealed class SpoolModelTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task AnyOperations_GiveWhatAListGives(int seed)
    {
        const int Partitions = 3;
        var random = new Random(seed);
        using var spool = new SpoolFolder(Partitions, segmentBytes: 4_000);
        long[] start = [.. Enumerable.Range(0, Partitions).Select(i => spool.Log.PartitionAt(i).End)];
        List<Slice>[] model = [[], [], []];
        long[] needed = [.. start];
        int number = 0;
        for (int step = 0; step < 300; step++)
        {
            switch (random.Next(10))
            {
                case < 6:
                    Slice[] slices = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => SpoolFolder.Message(random.Next(Partitions), number++, random.Next(0, 900)))];
                    await spool.AppendAsync(slices);
                    foreach (Slice slice in slices)
                    {
                        model[slice.Partition].Add(slice);
                    }

                    break;
                case 6:
                    int trimmed = random.Next(Partitions);
                    needed[trimmed] += random.NextInt64(model[trimmed].Count - (needed[trimmed] - start[trimmed]) + 1);
                    spool.Log.PartitionAt(trimmed).Trim(needed[trimmed], DateTimeOffset.MinValue);
                    break;
                case 7:
                    spool.Reopen();
                    break;
                default:
                    int partition = random.Next(Partitions);
                    long from = random.NextInt64(needed[partition], start[partition] + model[partition].Count + 1);
                    (SortedDictionary<long, Slice> messages, List<(long From, long To)> lost) = spool.ReadAll(from, partition);
                    Assert.Empty(lost);
                    Assert.Equal(start[partition] + model[partition].Count - from, messages.Count);
                    Assert.All(messages, pair => SpoolFolder.AssertSame(model[partition][(int)(pair.Key - start[partition])], pair.Value));
                    break;
            }
        }

        Assert.Equal(0, spool.Metrics.DamagedBytes);
        Assert.All(Enumerable.Range(0, Partitions), i => Assert.Equal(start[i] + model[i].Count, spool.Log.PartitionAt(i).End));
    }

    [Fact]
    public async Task Appends_AtTheSameTime_ShareFlushes()
    {
        using var spool = new SpoolFolder();
        await Task.WhenAll(Enumerable.Range(0, 400).Select(i => Task.Run(() => spool.AppendAsync(SpoolFolder.Message(0, i)))));

        Assert.Equal(400, spool.ReadAll().Messages.Count);
        Assert.InRange(spool.Metrics.Commits, 1, 200);
    }

    [Fact]
    public void Open_WhileAnotherOwnsTheFolder_IsRefused()
    {
        using var spool = new SpoolFolder();

        var problem = Assert.Throws<InvalidOperationException>(spool.Open);

        Assert.Equal($"The spool '{spool.Options.Folder}' is in use by another process. Stop it, or name another folder.", problem.Message);
    }

    [Fact]
    public async Task Open_WithAnotherNumberOfPartitions_KeepsThoseItHas()
    {
        using var spool = new SpoolFolder(partitions: 3);
        await spool.AppendAsync(SpoolFolder.Message(2, 1));
        spool.Options = spool.Options with { Partitions = 8 };

        spool.Reopen();

        Assert.Equal(3, spool.Log.Partitions);
        Assert.Single(spool.ReadAll(partition: 2).Messages);
    }

    [Fact]
    public async Task Append_PastTheLimit_IsRefusedUntilThereIsRoom()
    {
        using var spool = new SpoolFolder(segmentBytes: 1_000);
        spool.Options = spool.Options with { MaxBytes = 5_000 };
        spool.Reopen();
        for (int i = 0; i < 4; i++)
        {
            await spool.AppendAsync(SpoolFolder.Message(0, i, 1_000));
        }

        var problem = await Assert.ThrowsAsync<Kafka.Client.LogAppendException>(() => spool.AppendAsync(SpoolFolder.Message(0, 4, 1_000)));
        spool.Partition.Trim(spool.Partition.First + 2, DateTimeOffset.MinValue);
        await spool.AppendAsync(SpoolFolder.Message(0, 5, 1_000));

        Assert.True(problem.IsTransient);
        Assert.StartsWith($"The spool '{spool.Options.Folder}' is full: ", problem.Message, StringComparison.Ordinal);
        Assert.Equal(3, spool.ReadAll().Messages.Count);
    }

    [Fact]
    public async Task Trim_OfSegmentsTooOld_IsARecordedGap()
    {
        using var spool = new SpoolFolder(segmentBytes: 1_000);
        long first = spool.Partition.End;
        for (int i = 0; i < 5; i++)
        {
            await spool.AppendAsync(SpoolFolder.Message(0, i, 1_000));
            spool.Time.Advance(TimeSpan.FromHours(1));
        }

        spool.Partition.Trim(0, spool.Time.GetUtcNow() - TimeSpan.FromHours(2.5));

        (SortedDictionary<long, Slice> messages, List<(long From, long To)> lost) = spool.ReadAll(first);
        Assert.Equal([(first, first + 3)], lost);
        Assert.Equal(2, messages.Count);
    }

    [Fact]
    public async Task Spool_ThatWasDeleted_GoesOnBehindItsOldOffsets()
    {
        using var spool = new SpoolFolder();
        await spool.AppendAsync(SpoolFolder.Message(0, 1));
        long end = spool.Partition.End;
        spool.Log.Dispose();
        Directory.Delete(spool.Options.Folder, recursive: true);
        spool.Time.Advance(TimeSpan.FromMinutes(1));

        spool.Reopen();
        await spool.AppendAsync(SpoolFolder.Message(0, 2));

        (SortedDictionary<long, Slice> messages, List<(long From, long To)> lost) = spool.ReadAll(end);
        Assert.Single(messages);
        Assert.Equal([(end, end + 60_000 - 1)], lost);
    }
}

using System.Collections.Concurrent;
using CfLogStream.Kafka.Log;
using CfLogStream.Server.Spool;
using CfLogStream.Server.Tests.Processing;
using Microsoft.Extensions.Logging.Abstractions;

namespace CfLogStream.Server.Tests.Spool;

public sealed class SpoolLogReaderTests
{
    [Fact]
    public async Task Reader_GivesEachSessionItsMessagesInOrder_AndDrainsAtTheEnd()
    {
        using var spool = new SpoolFolder(partitions: 2, segmentBytes: 500);
        var handler = new Handler();
        using var stop = new CancellationTokenSource();
        Task run = Run(spool, handler, stop.Token);
        for (int i = 0; i < 50; i++)
        {
            await spool.AppendAsync(SpoolFolder.Message(i % 2, i));
        }

        await PipelineRun.UntilAsync(() => handler.Taken == 50);
        await stop.CancelAsync();
        await run;

        Assert.Equal(Enumerable.Range(0, 50).Where(i => i % 2 == 0).Select(i => (ulong)i), handler.Sessions[0].Batches);
        Assert.Equal(Enumerable.Range(0, 50).Where(i => i % 2 == 1).Select(i => (ulong)i), handler.Sessions[1].Batches);
        Assert.All(handler.Sessions.Values, session => Assert.True(session.IsDrained));
    }

    [Fact]
    public async Task Reader_WhileASessionIsFull_GoesOnWithTheOthers()
    {
        using var spool = new SpoolFolder(partitions: 2);
        var handler = new Handler { RoomOf = partition => partition == 0 ? 3 : int.MaxValue };
        using var stop = new CancellationTokenSource();
        Task run = Run(spool, handler, stop.Token);
        for (int i = 0; i < 40; i++)
        {
            await spool.AppendAsync(SpoolFolder.Message(i % 2, i));
        }

        await PipelineRun.UntilAsync(() => handler.Taken == 23);
        handler.RoomOf = _ => int.MaxValue;
        await UntilTimePassesAsync(spool, () => handler.Taken == 40);
        await stop.CancelAsync();
        await run;

        Assert.Equal(20, handler.Sessions[0].Batches.Count);
    }

    [Fact]
    public async Task Reader_FromWhatIsGone_TellsTheLossBeforeTheNextMessage()
    {
        using var spool = new SpoolFolder(segmentBytes: 500);
        long first = spool.Partition.End;
        for (int i = 0; i < 20; i++)
        {
            await spool.AppendAsync(SpoolFolder.Message(0, i));
        }

        spool.Partition.Trim(first + 12, DateTimeOffset.MinValue);
        long left = spool.Partition.First;
        var handler = new Handler { StartAt = first };
        using var stop = new CancellationTokenSource();
        Task run = Run(spool, handler, stop.Token);
        await PipelineRun.UntilAsync(() => handler.Taken == (int)(first + 20 - left));
        await stop.CancelAsync();
        await run;

        Assert.Equal([(first, left)], handler.Sessions[0].Lost.ToArray());
        Assert.Equal(left - first, spool.Metrics.LostOffsets);
    }

    [Fact]
    public async Task Reader_AheadOfTheSpool_LosesNothingThatWasAppendedMeanwhile()
    {
        using var spool = new SpoolFolder();
        await spool.AppendAsync(SpoolFolder.Message(0, 1));
        spool.Reopen();
        long processed = spool.Partition.End + 5;
        await spool.AppendAsync(SpoolFolder.Message(0, 2));
        await spool.AppendAsync(SpoolFolder.Message(0, 3));
        var handler = new Handler { StartAt = processed };
        using var stop = new CancellationTokenSource();
        Task run = Run(spool, handler, stop.Token);
        await UntilTimePassesAsync(spool, () => handler.Taken == 2);
        await spool.AppendAsync(SpoolFolder.Message(0, 4));
        await UntilTimePassesAsync(spool, () => handler.Taken == 3);
        await stop.CancelAsync();
        await run;

        Assert.Equal([2UL, 3, 4], handler.Sessions[0].Batches.ToArray());
        Assert.Equal(processed + 3, spool.Partition.End);
    }

    [Fact]
    public async Task Reader_RemovesOnlyWhatNoRestartNeeds()
    {
        using var spool = new SpoolFolder(segmentBytes: 500);
        long first = spool.Partition.End;
        for (int i = 0; i < 20; i++)
        {
            await spool.AppendAsync(SpoolFolder.Message(0, i));
        }

        long needed = first + 10;
        using var stop = new CancellationTokenSource();
        Task run = Run(spool, new Handler(), stop.Token, _ => needed);
        await UntilTimePassesAsync(spool, () => spool.Partition.First > first);
        await stop.CancelAsync();
        await run;

        Assert.InRange(spool.Partition.First, first + 5, needed);
        Assert.Empty(spool.ReadAll(needed).Lost);
    }

    [Fact]
    public async Task Reader_WhileABackupHoldsTheSpool_RemovesNothing()
    {
        using var spool = new SpoolFolder(segmentBytes: 500);
        long first = spool.Partition.End;
        for (int i = 0; i < 20; i++)
        {
            await spool.AppendAsync(SpoolFolder.Message(0, i));
        }

        var handler = new Handler();
        using var stop = new CancellationTokenSource();
        using (FileStream? hold = SpoolHold.TryTake(spool.Options.Folder))
        {
            Assert.NotNull(hold);
            Assert.Null(SpoolHold.TryTake(spool.Options.Folder));
            Task run = Run(spool, handler, stop.Token, _ => first + 10);
            await UntilTimePassesAsync(spool, () => handler.Taken == 20);
            for (int i = 0; i < 20; i++)
            {
                spool.Time.Advance(spool.Options.TrimInterval);
                await Task.Yield();
            }

            Assert.Equal(first, spool.Partition.First);
            hold.Dispose();
            await UntilTimePassesAsync(spool, () => spool.Partition.First > first);
            await stop.CancelAsync();
            await run;
        }

        Assert.False(SpoolHold.IsTaken(spool.Options.Folder));
    }

    [Fact]
    public async Task Reader_WhenASessionFails_EndsWithItsError()
    {
        using var spool = new SpoolFolder();
        var handler = new Handler { RoomOf = _ => throw new InvalidOperationException("cannot go on") };
        Task run = Run(spool, handler, CancellationToken.None);
        await spool.AppendAsync(SpoolFolder.Message(0, 1));

        var problem = await Assert.ThrowsAsync<InvalidOperationException>(() => run);

        Assert.Equal("cannot go on", problem.Message);
        Assert.True(handler.Sessions[0].IsAbandoned);
    }

    private static Task Run(SpoolFolder spool, Handler handler, CancellationToken ct, Func<int, long?>? readFrom = null)
    {
        var reader = new SpoolLogReader(
            spool.Log,
            handler,
            (partition, _) => Task.FromResult(readFrom is null ? null : readFrom(partition)),
            spool.Time,
            NullLogger<SpoolLogReader>.Instance);
        return Task.Run(() => reader.RunAsync(ct), CancellationToken.None);
    }

    private static Task UntilTimePassesAsync(SpoolFolder spool, Func<bool> condition) => PipelineRun.UntilAsync(() =>
    {
        spool.Time.Advance(TimeSpan.FromSeconds(1));
        return condition();
    });

    private sealed class Handler : ILogHandler
    {
        public ConcurrentDictionary<int, Session> Sessions { get; } = new();

        public Func<int, int> RoomOf { get; set; } = _ => int.MaxValue;

        public long StartAt { get; init; } = long.MinValue;

        public int Taken => Sessions.Values.Sum(session => session.Batches.Count);

        public Task<IPartitionSession> OpenAsync(int partition, CancellationToken ct) =>
            Task.FromResult<IPartitionSession>(Sessions[partition] = new Session(this, partition));
    }

    private sealed class Session(Handler handler, int partition) : IPartitionSession
    {
        public ConcurrentQueue<ulong> Batches { get; } = new();

        public ConcurrentQueue<(long, long)> Lost { get; } = new();

        public bool IsDrained { get; private set; }

        public bool IsAbandoned { get; private set; }

        public long StartOffset => handler.StartAt;

        public long? CommitOffset => null;

        public bool TryTake(LogMessage message)
        {
            if (Batches.Count >= handler.RoomOf(partition))
            {
                return false;
            }

            Batches.Enqueue(message.Header.Batch);
            message.Dispose();
            return true;
        }

        public void LoseOffsets(long fromOffset, long toOffset) => Lost.Enqueue((fromOffset, toOffset));

        public Task DrainAsync(CancellationToken ct)
        {
            IsDrained = true;
            return Task.CompletedTask;
        }

        public Task AbandonAsync()
        {
            IsAbandoned = true;
            return Task.CompletedTask;
        }
    }
}

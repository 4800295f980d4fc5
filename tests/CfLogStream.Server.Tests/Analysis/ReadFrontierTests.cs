using CfLogStream.Server.Analysis;
using CsCheck;

namespace CfLogStream.Server.Tests.Analysis;

public sealed class ReadFrontierTests
{
    private const long Minute = 60_000_000_000;

    [Fact]
    public void MinimumTree_AnyChanges_KnowsTheLeast() =>
        Gen.Select(Gen.Int[1, 40], Gen.Select(Gen.Int[0, 39], Gen.Long).Array[0, 100]).Sample((count, changes) =>
        {
            var tree = new MinimumTree(count);
            long[] values = [.. Enumerable.Repeat(long.MaxValue, count)];
            foreach ((int index, long value) in changes)
            {
                tree.Set(index % count, value);
                values[index % count] = value;
                Assert.Equal(values.Min(), tree.Least);
            }
        });

    [Fact]
    public void Advance_BatchesOutOfTurn_CountUpToTheFirstMissingOne()
    {
        var frontier = new ReadFrontier([At(0), At(100)], TimeSpan.FromDays(1));
        Assert.Equal(-30 * Minute, frontier.SafeUntilNs());
        frontier.Advance(0, 1, new TimesSeen(50 * Minute, 60 * Minute, 0), isLast: false);
        Assert.Equal((-30 * Minute, 0), (frontier.SafeUntilNs(), frontier.ReadUntilNs()));

        // It spans an hour, so what follows may be an hour and a half older.
        frontier.Advance(0, 0, new TimesSeen(0, 10 * Minute, 0), isLast: false);
        Assert.Equal((-30 * Minute, 60 * Minute), (frontier.SafeUntilNs(), frontier.ReadUntilNs()));
        frontier.Advance(0, 2, TimesSeen.None, isLast: true);
        Assert.Equal((70 * Minute, 100 * Minute), (frontier.SafeUntilNs(), frontier.ReadUntilNs()));
        frontier.Advance(1, 0, new TimesSeen(100 * Minute, 100 * Minute, 0), isLast: true);
        Assert.Equal((long.MaxValue, long.MaxValue), (frontier.SafeUntilNs(), frontier.ReadUntilNs()));
    }

    [Fact]
    public void Advance_OlderBatchOutOfTurn_HoldsItsOwnRecordsBack()
    {
        // A file that goes backwards in time: its second batch was parsed before its first.
        var frontier = new ReadFrontier([At(100)], TimeSpan.FromDays(1));
        Assert.Equal(70 * Minute, frontier.SafeUntilNs());
        frontier.Advance(0, 1, new TimesSeen(20 * Minute, 60 * Minute, 0), isLast: false);
        Assert.Equal(-10 * Minute, frontier.SafeUntilNs());
    }

    [Fact]
    public void SafeUntil_FileThatToldNoTime_IsNever() =>
        Assert.Equal(long.MinValue, new ReadFrontier([TimesSeen.None, At(5)], TimeSpan.FromDays(1)).SafeUntilNs());

    [Fact]
    public void Advance_LinesThatJumpBack_MayHoldAnythingUpToTheDisorder()
    {
        // What its beginning shows is no order: the other file's end frees nothing of it.
        TimesSeen shuffled = At(200).Then(At(150)).Then(At(210));
        Assert.Equal(new TimesSeen(150 * Minute, 210 * Minute, 50 * Minute), shuffled);
        var frontier = new ReadFrontier([At(0), shuffled], TimeSpan.FromMinutes(400));
        frontier.Advance(0, 0, At(300), isLast: true);
        Assert.Equal((150 - 400) * Minute, frontier.SafeUntilNs());
        frontier.Advance(1, 0, shuffled.With(300 * Minute), isLast: false);
        Assert.Equal((300 - 400) * Minute, frontier.SafeUntilNs());
        frontier.Advance(1, 1, TimesSeen.None, isLast: true);
        Assert.Equal(long.MaxValue, frontier.SafeUntilNs());
    }

    [Fact]
    public void Advance_BatchThatJumpsBackBehindTheOneBefore_IsDisorder()
    {
        var frontier = new ReadFrontier([At(100)], TimeSpan.FromMinutes(400));
        frontier.Advance(0, 0, At(100).Then(At(200)), isLast: false);
        Assert.Equal(70 * Minute, frontier.SafeUntilNs());
        frontier.Advance(0, 1, At(160).Then(At(170)), isLast: false);
        Assert.Equal((200 - 400) * Minute, frontier.SafeUntilNs());
    }

    [Fact]
    public void Advance_FirstBatch_IsItsBeginningOnceMore()
    {
        // Few records in a long time: the beginning and the first batch are the same lines, not a jump back from one to the other.
        TimesSeen sparse = At(0).Then(At(60)).Then(At(120));
        var frontier = new ReadFrontier([sparse], TimeSpan.FromDays(1));
        frontier.Advance(0, 0, sparse.Then(At(300)), isLast: false);
        Assert.Equal(-30 * Minute, frontier.SafeUntilNs());
    }

    private static TimesSeen At(long minute) => TimesSeen.None.With(minute * Minute);
}

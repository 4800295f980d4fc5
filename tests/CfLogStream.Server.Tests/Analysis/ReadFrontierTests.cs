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
        var frontier = new ReadFrontier([0, 100 * Minute], TimeSpan.FromDays(1));
        Assert.Equal(-30 * Minute, frontier.SafeUntilNs());
        frontier.Advance(0, 1, 50 * Minute, 60 * Minute, isLast: false);
        Assert.Equal((-30 * Minute, 0), (frontier.SafeUntilNs(), frontier.ReadUntilNs()));

        // It spans an hour, so what follows may be an hour and a half older.
        frontier.Advance(0, 0, 0, 10 * Minute, isLast: false);
        Assert.Equal((-30 * Minute, 60 * Minute), (frontier.SafeUntilNs(), frontier.ReadUntilNs()));
        frontier.Advance(0, 2, long.MaxValue, long.MinValue, isLast: true);
        Assert.Equal((70 * Minute, 100 * Minute), (frontier.SafeUntilNs(), frontier.ReadUntilNs()));
        frontier.Advance(1, 0, 100 * Minute, 100 * Minute, isLast: true);
        Assert.Equal((long.MaxValue, long.MaxValue), (frontier.SafeUntilNs(), frontier.ReadUntilNs()));
    }

    [Fact]
    public void Advance_OlderBatchOutOfTurn_HoldsItsOwnRecordsBack()
    {
        // A file that goes backwards in time: its second batch was parsed before its first.
        var frontier = new ReadFrontier([100 * Minute], TimeSpan.FromDays(1));
        Assert.Equal(70 * Minute, frontier.SafeUntilNs());
        frontier.Advance(0, 1, 20 * Minute, 60 * Minute, isLast: false);
        Assert.Equal(-10 * Minute, frontier.SafeUntilNs());
    }

    [Fact]
    public void SafeUntil_FileThatToldNoTime_IsNever() =>
        Assert.Equal(long.MinValue, new ReadFrontier([long.MinValue, 5], TimeSpan.FromDays(1)).SafeUntilNs());
}

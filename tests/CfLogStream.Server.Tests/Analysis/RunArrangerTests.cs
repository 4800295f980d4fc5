using CfLogStream.Core.Traffic;
using CfLogStream.Server.Analysis;
using CsCheck;

namespace CfLogStream.Server.Tests.Analysis;

public sealed class RunArrangerTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void Arrange_AnyTimes_GroupsBySecondAndLosesNothing() =>
        Gen.OneOf(Gen.Long[0, 20 * Second], Gen.Long[-Second, Second], Gen.Long[0, 1L << 61]).Array[0, 300].Sample(
            times =>
            {
                var run = new RecordRun();
                new RunArranger(new AnalysisFilter(new AnalysisScope()), new RecordPagePool()).Arrange(Batch(times), run);
                Assert.Equal((times.Length, 0), (run.Count, run.Filtered));
                Assert.Equal(times.Order(), Times(run).Order());
                Assert.Equal(run.Slices.Select(slice => slice.Second).Order(), run.Slices.Select(slice => slice.Second));
                Assert.Equal(times.Length, run.Pages.Sum(page => page.Live));
                if (times.Length > 0)
                {
                    Assert.Equal((times.Min(), times.Max()), (run.OldestNs, run.NewestNs));
                }
            },
            iter: 300);

    [Fact]
    public void Arrange_WithAFilter_CountsWhatIsNotTaken()
    {
        var scope = new AnalysisScope
        {
            From = DateTimeOffset.UnixEpoch.AddSeconds(2),
            To = DateTimeOffset.UnixEpoch.AddSeconds(4),
        };
        var run = new RecordRun();
        var arranger = new RunArranger(new AnalysisFilter(scope), new RecordPagePool());
        arranger.Arrange(Batch([Second, 2 * Second, 3 * Second, 4 * Second]), run);
        Assert.Equal((2, 2), (run.Count, run.Filtered));
        Assert.Equal((2 * Second, 3 * Second), (run.OldestNs, run.NewestNs));
        run.Clear();
        arranger.Arrange(Batch([Second]), run);
        Assert.Equal((0, 1), (run.Count, run.Filtered));
        Assert.Empty(run.Slices);
    }

    [Fact]
    public void RecordPagePool_PageGivenBack_IsUsedAgain()
    {
        var pool = new RecordPagePool();
        RecordPage large = pool.Rent(100, RecordPagePool.PageBytes);
        RecordPage small = pool.Rent(100, 2_500);
        Assert.Equal((RecordPagePool.PageBytes, 4_096), (large.Bytes.Length, small.Bytes.Length));
        Assert.True(pool.Rent(100_000, 100_000).Bytes.Length >= 100_000);
        pool.Return(small);
        pool.Return(large);
        Assert.Same(small, pool.Rent(100, 3_000));
        Assert.Same(large, pool.Rent(100, 20_000));
    }

    private static IEnumerable<long> Times(RecordRun run)
    {
        foreach (RecordSlice slice in run.Slices)
        {
            foreach (RecordKey key in run.Pages[slice.Page].Keys(slice.Keys, slice.Count).ToArray())
            {
                long time = run.Pages[slice.Page].Read(key.Start).Head.TimeNs;
                Assert.Equal(time, (slice.Second * Second) + key.NsOfSecond);
                yield return time;
            }
        }
    }

    private static TrafficBatch Batch(long[] times)
    {
        var batch = new TrafficBatch();
        foreach (long time in times)
        {
            batch.Begin(RecordFlags.HexRay, 0, 0).TimeNs = time;
            for (int slot = 0; slot < (int)RecordText.DimensionCount; slot++)
            {
                batch.Append("a text"u8);
            }

            batch.Commit();
        }

        return batch;
    }
}

using CfLogStream.Core.Insight.Statistics;
using CsCheck;

namespace CfLogStream.Core.Tests.Insight.Statistics;

/// <summary>The most likely change of a share, against trying every place.</summary>
public sealed class ChangePointTests
{
    [Fact]
    public void Find_AStep_IsFound()
    {
        ChangePoint found = ChangePoint.Find([0, 0, 1, 0, 9, 10, 8], [10, 10, 10, 10, 10, 10, 10]);
        Assert.Equal(4, found.Index);
        Assert.Equal(1 / 40.0, found.Before, 6);
        Assert.Equal(27 / 30.0, found.After, 6);
        Assert.True(found.LogRatio > 10);
    }

    [Fact]
    public void Find_NoTrials_IsNoChange() => Assert.Equal(0, ChangePoint.Find([0, 0, 0], [0, 0, 0]).Index);

    [Fact]
    public void Find_AgreesWithTryingEveryPlace() =>
        Gen.Select(Gen.Long[0, 20], Gen.Long[0, 20]).Array[1, 40].Sample(
            bins =>
            {
                long[] hits = [.. bins.Select(bin => Math.Min(bin.Item1, bin.Item2))];
                long[] trials = [.. bins.Select(bin => bin.Item2)];
                double best = 0;
                for (int i = 1; i < bins.Length; i++)
                {
                    best = Math.Max(best, Log(hits[..i], trials[..i]) + Log(hits[i..], trials[i..]) - Log(hits, trials));
                }

                Assert.Equal(best, ChangePoint.Find(hits, trials).LogRatio, 6);
            },
            iter: 1_000);

    private static double Log(long[] hits, long[] trials)
    {
        double p = trials.Sum() == 0 ? 0 : hits.Sum() / (double)trials.Sum();
        return p is <= 0 or >= 1 ? 0 : (hits.Sum() * Math.Log(p)) + ((trials.Sum() - hits.Sum()) * Math.Log(1 - p));
    }
}

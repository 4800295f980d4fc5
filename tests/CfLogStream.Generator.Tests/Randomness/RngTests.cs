using CfLogStream.Generator.Randomness;
using CsCheck;

namespace CfLogStream.Generator.Tests.Randomness;

public sealed class RngTests
{
    [Fact]
    public void Next_KnownSeed_GivesTheKnownSequence()
    {
        // As computed by an independent implementation of xoshiro256** with these four words of SplitMix64.
        var rng = new Rng(1, 2);

        Assert.Equal((ulong[])[6532429487058046060, 15366028500585184821, 5205722254207254381],
            (ulong[])[rng.Next(), rng.Next(), rng.Next()]);
    }

    [Fact]
    public void Next_OtherStream_IsIndependent() => Assert.NotEqual(new Rng(1, 2).Next(), new Rng(1, 3).Next());

    [Fact]
    public void Below_AnyBound_StaysBelow() => Gen.Select(Gen.ULong, Gen.Int[1, int.MaxValue]).Sample((seed, bound) =>
    {
        var rng = new Rng(seed, 0);
        for (int i = 0; i < 20; i++)
        {
            Assert.InRange(rng.Below(bound), 0, bound - 1);
            Assert.InRange(rng.Favoured(bound), 0, bound - 1);
            Assert.InRange(Mix.Below(rng.Next(), bound), 0, bound - 1);
        }
    });

    [Fact]
    public void Below_ManyDraws_AreEven()
    {
        var rng = new Rng(5, 0);
        int[] counts = new int[10];
        for (int i = 0; i < 100_000; i++)
        {
            counts[rng.Below(10)]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 9600, 10_400));
    }

    [Fact]
    public void Bell_ManyDraws_HasMeanZeroAndDeviationOne()
    {
        var rng = new Rng(6, 0);
        double[] draws = [.. Enumerable.Range(0, 100_000).Select(_ => rng.Bell())];

        Assert.InRange(draws.Average(), -0.02, 0.02);
        Assert.InRange(Math.Sqrt(draws.Average(draw => draw * draw)), 0.98, 1.02);
        Assert.All(draws, draw => Assert.InRange(draw, -3.5, 3.5));
    }

    [Fact]
    public void Skewed_ManyDraws_LieAroundTheMean()
    {
        var rng = new Rng(7, 0);
        int[] draws = [.. Enumerable.Range(0, 100_000).Select(_ => rng.Skewed(1000))];

        Assert.InRange(draws.Average(), 900, 1200);
        Assert.True(draws.Max() > 2500);
        Assert.True(draws.Order().ElementAt(50_000) < draws.Average());
    }
}

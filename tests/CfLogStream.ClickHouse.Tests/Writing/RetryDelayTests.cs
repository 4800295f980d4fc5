using CfLogStream.ClickHouse.Writing;
using CsCheck;

namespace CfLogStream.ClickHouse.Tests.Writing;

public sealed class RetryDelayTests
{
    [Fact]
    public void Before_AnyRetry_LiesInTheUpperHalfOfTheDoubledAndCappedDelay() =>
        Gen.Select(Gen.Int[1, 5_000], Gen.Int[0, 100_000], Gen.Int[0, 5_000], Gen.Int).Sample((firstMs, moreMs, retry, seed) =>
        {
            var delay = new RetryDelay(TimeSpan.FromMilliseconds(firstMs), TimeSpan.FromMilliseconds(firstMs + moreMs), new Random(seed));

            double whole = retry >= 30 ? firstMs + moreMs : Math.Min((double)firstMs * (1L << retry), firstMs + moreMs);
            Assert.InRange(delay.Before(retry).TotalMilliseconds, (whole * 0.5) - 0.001, whole + 0.001);
        });

    [Fact]
    public void Before_SameRandomSource_GivesSameDelays()
    {
        var first = new RetryDelay(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), new Random(7));
        var second = new RetryDelay(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), new Random(7));

        Assert.Equal(Enumerable.Range(0, 20).Select(first.Before), Enumerable.Range(0, 20).Select(second.Before));
    }

    [Fact]
    public void Construct_CapBelowFirst_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RetryDelay(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1), new Random(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RetryDelay(TimeSpan.Zero, TimeSpan.FromSeconds(1), new Random(1)));
    }
}

using CfLogStream.Generator.Simulation;

namespace CfLogStream.Generator.Tests.Simulation;

public sealed class RateCounterTests
{
    [Fact]
    public void Exceeds_AboveTheLimit_BlocksForTheMitigationTime()
    {
        var counter = new RateCounter(3, 10_000, 60_000);

        Assert.False(counter.Exceeds(5, 0));
        Assert.False(counter.Exceeds(5, 10));
        Assert.False(counter.Exceeds(5, 20));
        Assert.True(counter.Exceeds(5, 30));
        Assert.True(counter.Exceeds(5, 60_029));
        Assert.False(counter.Exceeds(5, 60_030));
        Assert.False(counter.Exceeds(6, 30));
    }

    [Fact]
    public void Exceeds_NextPeriod_CountsAnew()
    {
        var counter = new RateCounter(1, 10_000, 0);

        Assert.False(counter.Exceeds(1, 9_000));
        Assert.True(counter.Exceeds(1, 9_500));
        Assert.False(counter.Exceeds(1, 10_000));
    }

    [Fact]
    public void Exceeds_CallerInTheSamePlace_HasItsOwnCount()
    {
        var counter = new RateCounter(1, 10_000, 60_000);

        Assert.False(counter.Exceeds(7, 0));
        Assert.True(counter.Exceeds(7, 1));
        Assert.False(counter.Exceeds(7 + 16_384, 2));
    }
}

namespace CfLogStream.Benchmarks.Tests;

public sealed class StatisticsTests
{
    [Theory]
    [InlineData(new double[] { 3 }, 3)]
    [InlineData(new double[] { 9, 1, 2 }, 2)]
    [InlineData(new double[] { 4, 1, 3, 100 }, 3.5)]
    public void Median_Values_IsTheMiddle(double[] values, double median) => Assert.Equal(median, Statistics.Median(values));

    [Fact]
    public void Median_OfNothing_IsRefused() => Assert.Throws<ArgumentException>(() => Statistics.Median([]));

    [Theory]
    [InlineData(0.5, 50)]
    [InlineData(0.99, 99)]
    [InlineData(0.995, 100)]
    [InlineData(1, 100)]
    [InlineData(0, 1)]
    public void Percentile_OfOneToHundred_IsTheSmallestThatTheShareDoesNotExceed(double share, double percentile) =>
        Assert.Equal(percentile, Statistics.Percentile(Enumerable.Range(1, 100).Reverse().Select(value => (double)value), share));

    [Fact]
    public void Percentile_OfFew_IsOneOfThem() => Assert.Equal((2, 3), (Statistics.Percentile([3, 1, 2], 0.5), Statistics.Percentile([3, 1, 2], 0.99)));

    [Fact]
    public void Percentile_OfNothing_IsRefused() => Assert.Throws<ArgumentException>(() => Statistics.Percentile([], 0.5));
}

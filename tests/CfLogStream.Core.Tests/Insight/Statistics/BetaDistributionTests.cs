using CfLogStream.Core.Insight.Statistics;
using CsCheck;

namespace CfLogStream.Core.Tests.Insight.Statistics;

/// <summary>Shares of counts, against integration by hand and known values.</summary>
public sealed class BetaDistributionTests
{
    [Theory]
    [InlineData(0.5, 0.5, 0.5, 0.5)]
    [InlineData(1, 1, 0.3, 0.3)]
    [InlineData(2, 1, 0.5, 0.25)]
    [InlineData(2, 3, 0.4, 0.5248)]
    [InlineData(10, 10, 0.5, 0.5)]
    public void Cumulative_KnownValues(double a, double b, double x, double expected) =>
        Assert.Equal(expected, BetaDistribution.Cumulative(a, b, x), 4);

    [Fact]
    public void Cumulative_AgreesWithIntegration() =>
        Gen.Select(Gen.Double[2, 60], Gen.Double[2, 60], Gen.Double[0.01, 0.99])
            .Sample((a, b, x) => Assert.Equal(Integral(a, b, x), BetaDistribution.Cumulative(a, b, x), 5), iter: 300);

    [Fact]
    public void Quantile_IsTheInverse() =>
        Gen.Select(Gen.Double[0.5, 5000], Gen.Double[0.5, 5000], Gen.Double[0.001, 0.999]).Sample(
            (a, b, p) => Assert.Equal(p, BetaDistribution.Cumulative(a, b, BetaDistribution.Quantile(a, b, p)), 6), iter: 300);

    [Theory]
    [InlineData(0, 0, 0, 1)]
    [InlineData(0, 10, 0, 0.2171)]
    [InlineData(10, 10, 0.7829, 1)]
    [InlineData(3, 10, 0.0927, 0.6058)]
    public void Jeffreys_KnownValues(long hits, long trials, double low, double high)
    {
        (double actualLow, double actualHigh) = BetaDistribution.Jeffreys(hits, trials);
        Assert.Equal(low, actualLow, 3);
        Assert.Equal(high, actualHigh, 3);
    }

    /// <summary>Simpson's rule on the density.</summary>
    private static double Integral(double a, double b, double x)
    {
        const int Steps = 4000;
        double Density(double t) => t is <= 0 or >= 1
            ? (t <= 0 && a == 1) || (t >= 1 && b == 1) ? Math.Exp(-BetaDistribution.LogBeta(a, b)) : 0
            : Math.Exp(((a - 1) * Math.Log(t)) + ((b - 1) * Math.Log(1 - t)) - BetaDistribution.LogBeta(a, b));
        double h = x / Steps;
        double sum = Density(0) + Density(x);
        for (int i = 1; i < Steps; i++)
        {
            sum += Density(i * h) * (i % 2 == 0 ? 2 : 4);
        }

        return sum * h / 3;
    }
}

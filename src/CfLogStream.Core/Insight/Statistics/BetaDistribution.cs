namespace CfLogStream.Core.Insight.Statistics;

/// <summary>The beta distribution: shares of counts, with their uncertainty.</summary>
/// <remarks>The regularized incomplete beta function by its continued fraction (modified Lentz); quantiles by bisection, which is exact
/// enough and never fails to converge.</remarks>
public static class BetaDistribution
{
    private const int MaxSteps = 10_000;
    private const double Tiny = 1e-300;

    /// <summary>The probability that a Beta(a, b) value is at most <paramref name="x"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">a or b is not positive.</exception>
    public static double Cumulative(double a, double b, double x)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(a);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(b);
        if (!(x > 0))
        {
            return 0;
        }

        if (x >= 1)
        {
            return 1;
        }

        double front = Math.Exp((a * Math.Log(x)) + (b * Math.Log(1 - x)) - LogBeta(a, b));
        return x < (a + 1) / (a + b + 2) ? front * Fraction(a, b, x) / a : 1 - (front * Fraction(b, a, 1 - x) / b);
    }

    /// <summary>The value that a Beta(a, b) value does not exceed with probability <paramref name="p"/>.</summary>
    public static double Quantile(double a, double b, double p)
    {
        double low = 0;
        double high = 1;
        while (high - low > 1e-12 * Math.Max(high, 1e-6))
        {
            double middle = (low + high) / 2;
            if (middle == low || middle == high)
            {
                break;
            }

            if (Cumulative(a, b, middle) < p)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return (low + high) / 2;
    }

    /// <summary>The Jeffreys interval of a share: <paramref name="hits"/> of <paramref name="trials"/>, with this much confidence.</summary>
    /// <remarks>Its ends are 0 and 1 where there are no hits or nothing but hits, as is usual for it.</remarks>
    public static (double Low, double High) Jeffreys(long hits, long trials, double confidence = 0.95)
    {
        if (trials <= 0)
        {
            return (0, 1);
        }

        long k = Math.Clamp(hits, 0, trials);
        double tail = (1 - confidence) / 2;
        double a = k + 0.5;
        double b = trials - k + 0.5;
        return (k == 0 ? 0 : Quantile(a, b, tail), k == trials ? 1 : Quantile(a, b, 1 - tail));
    }

    /// <summary>The logarithm of the beta function.</summary>
    internal static double LogBeta(double a, double b) => LogGamma(a) + LogGamma(b) - LogGamma(a + b);

    /// <summary>The logarithm of the gamma function of a positive value, by Stirling's series after a shift to at least 12.</summary>
    internal static double LogGamma(double x)
    {
        double shift = 0;
        while (x < 12)
        {
            shift -= Math.Log(x);
            x++;
        }

        double r = 1 / (x * x);
        double series = (1 / 12.0) - (r * ((1 / 360.0) - (r * ((1 / 1260.0) - (r / 1680.0)))));
        return shift + ((x - 0.5) * Math.Log(x)) - x + (0.5 * Math.Log(2 * Math.PI)) + (series / x);
    }

    private static double Fraction(double a, double b, double x)
    {
        double c = 1;
        double d = 1 / Guard(1 - ((a + b) * x / (a + 1)));
        double h = d;
        for (int m = 1; m <= MaxSteps; m++)
        {
            double even = m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m)));
            d = 1 / Guard(1 + (even * d));
            c = Guard(1 + (even / c));
            h *= d * c;
            double odd = -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1));
            d = 1 / Guard(1 + (odd * d));
            c = Guard(1 + (odd / c));
            double step = d * c;
            h *= step;
            if (Math.Abs(step - 1) < 1e-14)
            {
                break;
            }
        }

        return h;
    }

    private static double Guard(double value) => Math.Abs(value) < Tiny ? Tiny : value;
}

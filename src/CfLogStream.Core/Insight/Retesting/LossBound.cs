using CfLogStream.Core.Insight.Statistics;

namespace CfLogStream.Core.Insight.Retesting;

/// <summary>How much can still be lost when little or nothing was.</summary>
public static class LossBound
{
    /// <summary>How sure the bound is.</summary>
    public const double Confidence = 0.95;

    /// <summary>The bound that is wanted when nothing else is said.</summary>
    public const double Usual = 0.10;

    private const long Most = 1_000_000;

    /// <summary>The share of calls that are lost at most, with <see cref="Confidence"/>: the upper bound of Jeffreys.</summary>
    public static double Of(long lost, long calls)
    {
        long k = Math.Clamp(lost, 0, Math.Max(0, calls));
        return k >= calls ? 1 : BetaDistribution.Quantile(k + 0.5, calls - k + 0.5, Confidence);
    }

    /// <summary>How many more calls, none lost, bring the bound to at most <paramref name="target"/>.</summary>
    public static long CallsTo(double target, long lost, long calls)
    {
        if (Of(lost, calls) <= target)
        {
            return 0;
        }

        long high = 1;
        while (high < Most && Of(lost, calls + high) > target)
        {
            high *= 2;
        }

        long low = high / 2;
        while (high - low > 1)
        {
            long middle = low + ((high - low) / 2);
            (low, high) = Of(lost, calls + middle) > target ? (middle, high) : (low, middle);
        }

        return high;
    }
}

namespace CfLogStream.Core.Insight.Statistics;

/// <summary>An e-process for "the share of hits is higher than a ceiling": it may be looked at after every trial.</summary>
/// <remarks>
/// By Ville's inequality the probability that <see cref="LogValue"/> ever reaches ln(1/α) while the share is at most the ceiling is at
/// most α. The value is the mean of likelihood ratios against a few alternatives above the ceiling (Howard, Ramdas, McAuliffe, Sekhon,
/// arXiv 1810.08240).
/// </remarks>
public sealed class ShareProcess
{
    private readonly double _ceiling;
    private readonly double[] _alternatives;
    private long _hits;
    private long _trials;

    /// <param name="ceiling">The highest share that is still usual, above 0 and below 1.</param>
    public ShareProcess(double ceiling)
    {
        _ceiling = Math.Clamp(ceiling, 1e-6, 1 - 1e-6);
        double[] wanted = [2 * _ceiling, 5 * _ceiling, 20 * _ceiling, 0.5, 0.95];
        _alternatives = [.. wanted.Select(a => Math.Min(a, Math.Max(0.95, (1 + _ceiling) / 2))).Where(a => a > 1.5 * _ceiling).Distinct()];
        if (_alternatives.Length == 0)
        {
            _alternatives = [(1 + _ceiling) / 2];
        }
    }

    /// <summary>The natural logarithm of the e-value now.</summary>
    public double LogValue { get; private set; }

    /// <summary>The highest it has been: 1/max E is an always-valid p-value.</summary>
    public double MaxLogValue { get; private set; }

    /// <summary>The usual share's ceiling from what was seen before: the 99 % quantile of its Jeffreys posterior, but at least <paramref name="floor"/>.</summary>
    public static double CeilingOf(long hits, long trials, double floor = 0.002) =>
        Math.Max(floor, BetaDistribution.Quantile(hits + 0.5, Math.Max(0, trials - hits) + 0.5, 0.99));

    /// <summary>Adds trials of which some were hits.</summary>
    public void Add(long hits, long trials)
    {
        _hits += hits;
        _trials += trials;
        LogValue = Value();
        MaxLogValue = Math.Max(MaxLogValue, LogValue);
    }

    private double Value()
    {
        double highest = double.NegativeInfinity;
        Span<double> logs = stackalloc double[_alternatives.Length];
        for (int i = 0; i < logs.Length; i++)
        {
            double a = _alternatives[i];
            logs[i] = (_hits * Math.Log(a / _ceiling)) + ((_trials - _hits) * Math.Log((1 - a) / (1 - _ceiling)));
            highest = Math.Max(highest, logs[i]);
        }

        double sum = 0;
        foreach (double log in logs)
        {
            sum += Math.Exp(log - highest);
        }

        return highest + Math.Log(sum / logs.Length);
    }
}

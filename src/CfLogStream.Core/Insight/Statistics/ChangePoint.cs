namespace CfLogStream.Core.Insight.Statistics;

/// <summary>The bin from which on a share is another: the most likely single change of a binomial share over time.</summary>
/// <param name="Index">The first bin with the new share.</param>
/// <param name="Before">The share before, 0 to 1.</param>
/// <param name="After">The share from <paramref name="Index"/> on.</param>
/// <param name="LogRatio">Logarithm of the likelihood with the change over that without.</param>
public readonly record struct ChangePoint(int Index, double Before, double After, double LogRatio)
{
    /// <summary>Finds it; the index is 0 when no change makes the series more likely.</summary>
    /// <param name="hits">Hits per bin, at most the trials of the bin.</param>
    /// <param name="trials">Trials per bin.</param>
    public static ChangePoint Find(ReadOnlySpan<long> hits, ReadOnlySpan<long> trials)
    {
        long allHits = 0;
        long allTrials = 0;
        for (int i = 0; i < hits.Length; i++)
        {
            allHits += hits[i];
            allTrials += trials[i];
        }

        double same = LogLikelihood(allHits, allTrials);
        double share = Share(allHits, allTrials);
        var best = new ChangePoint(0, share, share, 0);
        long leftHits = 0;
        long leftTrials = 0;
        for (int i = 1; i < hits.Length; i++)
        {
            leftHits += hits[i - 1];
            leftTrials += trials[i - 1];
            double ratio = LogLikelihood(leftHits, leftTrials) + LogLikelihood(allHits - leftHits, allTrials - leftTrials) - same;
            if (ratio > best.LogRatio + 1e-9)
            {
                best = new ChangePoint(i, Share(leftHits, leftTrials), Share(allHits - leftHits, allTrials - leftTrials), ratio);
            }
        }

        return best;
    }

    private static double Share(long hits, long trials) => trials == 0 ? 0 : (double)hits / trials;

    private static double LogLikelihood(long hits, long trials)
    {
        if (hits <= 0 || hits >= trials)
        {
            return 0;
        }

        double p = (double)hits / trials;
        return (hits * Math.Log(p)) + ((trials - hits) * Math.Log(1 - p));
    }
}

namespace CfLogStream.Benchmarks.Judge;

/// <summary>How well predicted probabilities rank, and how true they are.</summary>
internal static class RankStatistics
{
    private const int Bins = 10;

    /// <summary>The probability that a legitimate group is rated above an attacking one; ties count half.</summary>
    public static double Area(IReadOnlyList<LabelledGroup> pairs)
    {
        double[] good = [.. pairs.Where(pair => pair.Share >= 0.5).Select(pair => pair.Group.Legitimacy.Probability)];
        double[] bad = [.. pairs.Where(pair => pair.Share < 0.5).Select(pair => pair.Group.Legitimacy.Probability)];
        double wins = 0;
        foreach (double left in good)
        {
            foreach (double right in bad)
            {
                wins += left > right ? 1 : left == right ? 0.5 : 0;
            }
        }

        return good.Length == 0 || bad.Length == 0 ? double.NaN : wins / ((double)good.Length * bad.Length);
    }

    /// <summary>The mean distance of predicted probability and true share over bins of the prediction, weighted by their groups.</summary>
    public static double CalibrationError(IReadOnlyList<LabelledGroup> pairs)
    {
        double error = 0;
        foreach (IGrouping<int, LabelledGroup> bin in pairs.GroupBy(pair => Math.Min(Bins - 1, (int)(pair.Group.Legitimacy.Probability * Bins))))
        {
            error += bin.Count() * Math.Abs(bin.Average(pair => pair.Group.Legitimacy.Probability) - bin.Average(pair => pair.Share));
        }

        return error / Math.Max(1, pairs.Count);
    }
}

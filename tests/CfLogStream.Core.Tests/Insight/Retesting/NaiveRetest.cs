using CfLogStream.Core.Insight.Detection;
using CfLogStream.Core.Insight.Retesting;

namespace CfLogStream.Core.Tests.Insight.Retesting;

/// <summary>The verdict written down anew, slowly: bounds by summing up a density, evidence by multiplying likelihoods trial by trial.</summary>
internal static class NaiveRetest
{
    private const int Steps = 4_000;

    /// <summary>The 95 % quantile of Beta(k + ½, n − k + ½), by the midpoint rule after x = sin²t, which takes away the poles at the ends.</summary>
    public static double Bound(long lost, long calls)
    {
        if (lost >= calls)
        {
            return 1;
        }

        double[] weights = new double[Steps];
        double highest = double.NegativeInfinity;
        for (int i = 0; i < Steps; i++)
        {
            double t = (i + 0.5) / Steps * Math.PI / 2;
            weights[i] = (2 * lost * Math.Log(Math.Sin(t))) + (2 * (calls - lost) * Math.Log(Math.Cos(t)));
            highest = Math.Max(highest, weights[i]);
        }

        double all = weights.Sum(weight => Math.Exp(weight - highest));
        double sum = 0;
        for (int i = 0; i < Steps; i++)
        {
            double next = sum + (Math.Exp(weights[i] - highest) / all);
            if (next >= 0.95)
            {
                double part = (0.95 - sum) / (next - sum);
                return Math.Pow(Math.Sin((i + part) / Steps * Math.PI / 2), 2);
            }

            sum = next;
        }

        return 1;
    }

    /// <summary>The state when nothing was known before, or all calls before were lost to <paramref name="culprit"/>.</summary>
    public static RetestState State(IReadOnlyList<RetestMinute> after, bool isAlive, RuleKey? culprit, double wanted)
    {
        long calls = after.Sum(static minute => minute.Requests);
        long lost = after.Sum(static minute => minute.Lost);
        if (calls == 0)
        {
            return isAlive ? RetestState.Silent : RetestState.NoData;
        }

        bool isBounded = Bound(lost, calls) <= wanted;
        if (isBounded && after.Count(static minute => minute.Lost < minute.Requests) >= 2)
        {
            return RetestState.Fixed;
        }

        if (lost == 0)
        {
            return RetestState.TooLittleData;
        }

        if (culprit is null)
        {
            return !isBounded && Evidence(after, wanted, static _ => true) ? RetestState.StillStopped : RetestState.TooLittleData;
        }

        bool isSame = after.Any(minute => minute.Stops.Any(stop => stop.Rule == culprit));
        if (isSame && !isBounded && Evidence(after, wanted, rule => rule == culprit))
        {
            return RetestState.StillStopped;
        }

        return !isBounded && Evidence(after, wanted, rule => rule != culprit) ? RetestState.Moved
            : isSame ? RetestState.StillStopped : RetestState.TooLittleData;
    }

    private static bool Evidence(IReadOnlyList<RetestMinute> after, double ceiling, Func<RuleKey, bool> isCounted)
    {
        double cap = Math.Max(0.95, (1 + ceiling) / 2);
        double[] rates = [.. new[] { 2 * ceiling, 5 * ceiling, 20 * ceiling, 0.5, 0.95 }.Select(rate => Math.Min(rate, cap)).Where(rate => rate > 1.5 * ceiling).Distinct()];
        double[] ratios = [.. rates.Select(static _ => 1.0)];
        foreach (RetestMinute minute in after)
        {
            long hits = Math.Min(minute.Callers, minute.Stops.Where(stop => isCounted(stop.Rule)).Sum(static stop => stop.Callers));
            for (int i = 0; i < rates.Length; i++)
            {
                for (long trial = 0; trial < minute.Callers; trial++)
                {
                    ratios[i] *= trial < hits ? rates[i] / ceiling : (1 - rates[i]) / (1 - ceiling);
                }
            }

            if (ratios.Average() >= 20)
            {
                return true;
            }
        }

        return false;
    }
}

using CfLogStream.Core.Insight.Findings;

namespace CfLogStream.Core.Insight.Detection;

/// <summary>Finds exemptions that let attacks pass.</summary>
internal static class BypassDetector
{
    private const long FewestMinutes = 3;
    private const double SmallestShare = 0.002;

    /// <summary>Returns one candidate per exempting rule on which attacks ride.</summary>
    public static IEnumerable<FindingCandidate> Find(DiagnosisInput input, IReadOnlyList<StoppedGroup> stopped)
    {
        ILookup<(string, string, string), StoppedGroup> judged = stopped.ToLookup(group => (group.Host, group.Class, group.Name));
        foreach (IGrouping<RuleKey, StopCell> rule in input.Stops.Where(stop => Actions.IsExempting(stop.Action)).GroupBy(stop => stop.Rule))
        {
            long all = rule.Sum(stop => stop.Count);
            var riders = new List<StoppedGroup>();
            double suspicious = 0;
            foreach (IGrouping<(string Host, string Class, string Name), StopCell> client in
                rule.GroupBy(stop => (stop.Endpoint.Host, stop.Client.Class, stop.Client.Name)))
            {
                double share = SuspiciousShare([.. client], judged[client.Key]);
                if (share < 0.5)
                {
                    continue;
                }

                var group = new StoppedGroup(rule.Key, client.Key.Host, client.Key.Class, client.Key.Name);
                group.Stops.AddRange(client.OrderByDescending(stop => stop.Count));
                group.Onset = group.FirstSeen - input.From > input.Bin ? group.FirstSeen : null;
                group.Legitimacy = new LegitimacyEstimate(1 - share, [new Reason("rides_on_exemption", Text(client.Key.Class, group.Stops.Sum(stop => stop.Count)), 0)]);
                riders.Add(group);
                suspicious += share * group.Stops.Sum(stop => stop.CallerMinutes.Sum());
            }

            if (suspicious >= FewestMinutes && riders.Sum(group => group.Stops.Sum(stop => stop.Count)) >= SmallestShare * all)
            {
                StoppedGroup[] worst = [.. riders.OrderByDescending(group => group.Stops.Sum(stop => stop.Count))];
                DateTime first = rule.Min(stop => stop.FirstSeen);
                yield return new FindingCandidate(
                    FindingKind.BroadBypass, rule.Key, worst, suspicious, first - input.From > input.Bin ? first : null);
            }
        }
    }

    /// <summary>How much of what a client sends under an exemption looks like an attack.</summary>
    private static double SuspiciousShare(IReadOnlyList<StopCell> matches, IEnumerable<StoppedGroup> judged)
    {
        if (matches[0].Client.Class == "scanner")
        {
            return 0.95;
        }

        long count = matches.Sum(stop => stop.Count);
        long attacks = matches.Sum(stop => stop.WafScores[1]);
        double scored = count == 0 ? 0 : (double)attacks / count;

        // A client that other rules rightly stop on the same host is not made better by the exemption.
        double rightly = judged.Where(group => group.Lost >= 10).Select(group => 1 - group.Legitimacy.Probability).DefaultIfEmpty(0).Max();
        return Math.Max(scored, rightly > 0.9 && scored > 0.05 ? rightly : 0);
    }

    private static string Text(string clientClass, long count) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{count} requests of a {clientClass.Replace('_', ' ')} ride on it");
}

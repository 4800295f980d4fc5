using CfLogStream.Core.Insight.Findings;

namespace CfLogStream.Core.Insight.Detection;

/// <summary>Finds which rules stop whom wrongly, and ranks them.</summary>
/// <remarks>
/// The unit is the caller-minute, because blocked callers retry. A rule's weight is the number of legitimate caller-minutes it is
/// expected to have cost, more where the loss began within the span, less on pages, and by the share of the clients' calls that is lost:
/// a rule that stops a client wholly breaks it, one that stops a hundredth of its calls is a nuisance.
/// </remarks>
public static class Diagnoser
{
    private const double Legitimate = 0.5;
    private const double FewestMinutes = 2;

    /// <summary>The candidates, the most important first, those that are rightly stopped last.</summary>
    public static IReadOnlyList<FindingCandidate> Candidates(DiagnosisInput input)
    {
        IReadOnlyList<StoppedGroup> groups = new GroupBuilder(input).Build();
        foreach (StoppedGroup group in groups)
        {
            group.Legitimacy = LegitimacyModel.Estimate(group.Evidence);
        }

        var found = new List<FindingCandidate>();
        foreach (IGrouping<RuleKey, StoppedGroup> rule in groups.Where(group => group.Lost > 0).GroupBy(group => group.Rule))
        {
            StoppedGroup[] legitimate = [.. rule.Where(group => group.Legitimacy.Probability >= Legitimate).OrderByDescending(Weight)];
            StoppedGroup[] others = [.. rule.Where(group => group.Legitimacy.Probability < Legitimate).OrderByDescending(group => group.Lost)];
            double expected = legitimate.Sum(group => group.Legitimacy.Probability * group.CallerMinutesLost);
            if (expected >= FewestMinutes)
            {
                found.Add(new FindingCandidate(FindingKind.Misjudged, rule.Key, legitimate, legitimate.Sum(Weight), OnsetOf(legitimate)));
            }

            StoppedGroup[] rightly = expected >= FewestMinutes ? others : [.. others, .. legitimate];
            if (rightly.Length > 0)
            {
                found.Add(new FindingCandidate(FindingKind.RightlyStopped, rule.Key, rightly, rightly.Sum(group => group.CallerMinutesLost), OnsetOf(rightly)));
            }
        }

        found.AddRange(BypassDetector.Find(input, groups));
        return
        [
            .. found.OrderBy(candidate => candidate.Kind == FindingKind.RightlyStopped)
                .ThenByDescending(candidate => candidate.Score)
                .ThenBy(candidate => candidate.Rule.ToString(), StringComparer.Ordinal),
        ];
    }

    /// <summary>What a group adds to the score of its rule.</summary>
    public static double Weight(StoppedGroup group)
    {
        double surface = group.Stops.Max(stop => SurfaceWeight(stop.Endpoint.Surface));
        double share = 0.2 + (0.8 * group.Evidence.LostShare);
        double step = group.Onset is null ? 0.5 : 1.5;
        return group.Legitimacy.Probability * group.CallerMinutesLost * surface * share * step;
    }

    private static double SurfaceWeight(string surface) => surface switch
    {
        "api" => 1,
        "mixed" => 0.8,
        "unknown" => 0.6,
        "page" => 0.3,
        _ => 0.1,
    };

    /// <summary>When the first of them that matters began: those with a tenth of the loss or more.</summary>
    private static DateTime? OnsetOf(StoppedGroup[] groups)
    {
        long all = groups.Sum(group => group.Lost);
        StoppedGroup[] weighty = [.. groups.Where(group => group.Lost * 10 >= all)];
        return weighty.Any(group => group.Onset is null) && groups[0].Onset is null ? null : weighty.Min(group => group.Onset);
    }
}

using CfLogStream.Core.Insight.Findings;

namespace CfLogStream.Core.Insight.Detection;

/// <summary>Finds which rules stop whom wrongly, and ranks them.</summary>
/// <remarks>
/// The unit is the caller-minute, because blocked callers retry. A rule's weight is the number of legitimate caller-minutes it is
/// expected to have cost on APIs (what stops people on pages is not what this is about), more where the loss began within the span, and
/// by the share of the clients' calls that is lost: a rule that stops a client wholly breaks it, one that stops a hundredth of its calls
/// is a nuisance.
/// </remarks>
public static class Diagnoser
{
    private const double Sure = 0.8;
    private const double Legitimate = 0.5;
    private const double FewestMinutes = 1.8;
    private const double CostOfAttacker = 3;

    /// <summary>What each rule did to each client on each host, with the estimate whether that client is legitimate.</summary>
    public static IReadOnlyList<StoppedGroup> Groups(DiagnosisInput input)
    {
        IReadOnlyList<StoppedGroup> groups = new GroupBuilder(input).Build();
        foreach (StoppedGroup group in groups)
        {
            group.Legitimacy = LegitimacyModel.Estimate(group.Evidence);
        }

        return groups;
    }

    /// <summary>The candidates, the most important first, those that are rightly stopped last.</summary>
    public static IReadOnlyList<FindingCandidate> Candidates(DiagnosisInput input)
    {
        IReadOnlyList<StoppedGroup> groups = Groups(input);
        var found = new List<FindingCandidate>();
        foreach (IGrouping<RuleKey, StoppedGroup> rule in groups.Where(group => group.Lost > 0).GroupBy(group => group.Rule))
        {
            StoppedGroup[] legitimate = ByClass(rule.Where(group => group.Legitimacy.Probability >= Legitimate && group.MinutesLostOnApis > 0));
            if (legitimate.Sum(group => group.Lost) == 0)
            {
                legitimate = [];
            }

            StoppedGroup[] others = [.. rule.Except(legitimate).OrderByDescending(group => group.Lost)];
            double expected = legitimate.Sum(group => group.Legitimacy.Probability * group.MinutesLostOnApis);
            if (expected >= FewestMinutes)
            {
                found.Add(new FindingCandidate(FindingKind.Misjudged, rule.Key, legitimate, legitimate.Sum(Weight), OnsetOf(legitimate)) { Others = others });
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
        double share = 0.2 + (0.8 * group.Evidence.LostShare);
        double step = group.Onset is null ? 0.5 : 1.5;
        return group.Legitimacy.Probability * group.MinutesLostOnApis * share * step;
    }

    /// <summary>
    /// Groups by what their client class lost, then by their own losses: who is hit most comes first. To lead with an attacker costs three times what
    /// leading with a legitimate client gains, so that a client of whom one can be sure comes before one that lost more and may be somebody else
    /// under a common name.
    /// </summary>
    private static StoppedGroup[] ByClass(IEnumerable<StoppedGroup> groups) =>
    [
        .. groups.GroupBy(group => (Sure: group.Legitimacy.Probability >= Sure, group.Class))
            .OrderByDescending(one => one.Key.Sure).ThenByDescending(one => one.Sum(Gain)).ThenBy(one => one.Key.Class, StringComparer.Ordinal)
            .SelectMany(one => one.OrderByDescending(Gain)),
    ];

    private static double Gain(StoppedGroup group) =>
        group.Lost * (group.Legitimacy.Probability - (CostOfAttacker * (1 - group.Legitimacy.Probability)));

    /// <summary>When the first of them that matters began: those with a tenth of the loss or more.</summary>
    private static DateTime? OnsetOf(StoppedGroup[] groups)
    {
        long all = groups.Sum(group => group.Lost);
        StoppedGroup[] weighty = [.. groups.Where(group => group.Lost * 10 >= all)];
        return weighty.Any(group => group.Onset is null) && groups[0].Onset is null ? null : weighty.Min(group => group.Onset);
    }
}

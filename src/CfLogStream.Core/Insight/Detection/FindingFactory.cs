using System.Globalization;
using System.Text;
using CfLogStream.Core.Insight.Findings;
using CfLogStream.Core.Insight.Statistics;
using CfLogStream.Core.Traffic.Controls;

namespace CfLogStream.Core.Insight.Detection;

/// <summary>Makes a finding of a candidate and its details; remedies and the owner are added by others.</summary>
public static class FindingFactory
{
    private const int MostCells = 20;
    private const int MostRays = 5;
    private const int MostDifferences = 3;

    /// <summary>Makes the finding.</summary>
    public static Finding Make(FindingCandidate candidate, DiagnosisInput input, RuleDetail detail)
    {
        RuleText? text = input.Rules.GetValueOrDefault(candidate.Rule);
        MisjudgementPattern pattern = candidate.Kind == FindingKind.RightlyStopped
            ? MisjudgementPattern.Unknown
            : PatternDecider.Decide(candidate, text, detail);
        FindingCell[] cells = [.. candidate.Groups.SelectMany(group => CellsOf(group, input)).OrderByDescending(Rank)];
        string action = candidate.Groups.SelectMany(group => group.Stops).GroupBy(stop => stop.Action)
            .MaxBy(group => group.Sum(stop => stop.Count))!.Key;
        bool ongoing = candidate.Groups.Max(group => group.LastSeen) > input.To - Recent(input);
        FindingKind kind = candidate.Kind == FindingKind.Misjudged && FellSilent(candidate, ongoing) ? FindingKind.FellSilent : candidate.Kind;
        var rule = new RuleIdentity(candidate.Rule.Zone, candidate.Rule.Control, candidate.Rule.Id, text?.Reference ?? "", text?.Description ?? "", action);
        return new Finding
        {
            Id = IdOf(candidate),
            Kind = kind,
            Pattern = pattern,
            Title = TitleOf(kind, rule, candidate, cells),
            Rule = rule,
            Cells = [.. cells.Take(MostCells)],
            CellCount = cells.Length,
            Loss = LossOf(candidate),
            Legitimacy = LegitimacyOf(candidate.Groups),
            Score = candidate.Score,
            Onset = candidate.Onset,
            LastSeen = candidate.Groups.Max(group => group.LastSeen),
            Ongoing = ongoing,
            Changes = detail.Changes,
            Differences = candidate.Kind == FindingKind.RightlyStopped ? [] : FieldContrasts.Find(detail, MostDifferences),
            Evidence = [.. FindingEvidence.Of(candidate, input, text)],
            Trend = TrendBuilder.Of(candidate, input),
            ExampleRays = [.. candidate.Groups.SelectMany(group => group.Stops).SelectMany(stop => stop.ExampleRays).Distinct().Take(MostRays)],
        };
    }

    private static TimeSpan Recent(DiagnosisInput input) =>
        TimeSpan.FromTicks(Math.Max(TimeSpan.FromMinutes(10).Ticks, (input.To - input.From).Ticks / 8));

    /// <summary>Whether the rule stopped acting because those it stopped gave up, not because they succeed again.</summary>
    private static bool FellSilent(FindingCandidate candidate, bool ongoing)
    {
        long callers = candidate.Groups.Sum(group => group.History?.Callers ?? 0);
        return !ongoing && callers > 0 && candidate.Groups.Sum(group => group.History?.Silent ?? 0) * 2 > callers
            && candidate.Groups.Sum(group => group.History?.Recovered ?? 0) * 4 < callers;
    }

    private static string IdOf(FindingCandidate candidate)
    {
        string text = $"{candidate.Kind}\n{candidate.Rule.Zone}\n{candidate.Rule.Control}\n{candidate.Rule.Id}\n{candidate.Groups[0].Host}";
        return StableHash.Of(Encoding.UTF8.GetBytes(text)).ToString("x16", CultureInfo.InvariantCulture);
    }

    private static IEnumerable<FindingCell> CellsOf(StoppedGroup group, DiagnosisInput input)
    {
        int onset = group.Onset is { } time ? input.BinOf(time) : 0;
        bool exempting = group.Stops.TrueForAll(stop => Actions.IsExempting(stop.Action));
        foreach (IGrouping<(string Method, string Path), StopCell> endpoint in group.Stops.GroupBy(stop => (stop.Endpoint.Method, stop.Endpoint.Path)))
        {
            RequestCell? cell = group.Cells.FirstOrDefault(
                candidate => candidate.Endpoint.Method == endpoint.Key.Method && candidate.Endpoint.Path == endpoint.Key.Path);
            long lost = group.Class == "browser_xhr" || exempting ? endpoint.Sum(stop => stop.Count) : endpoint.Sum(stop => stop.Lost);
            long minutesLost = endpoint.Sum(stop => stop.CallerMinutes.Sum());
            long requests = Math.Max(lost, cell?.Load.Requests.Skip(onset).Sum() ?? 0);
            long minutes = Math.Max(minutesLost, cell?.Load.CallerMinutes.Skip(onset).Sum() ?? 0);
            (double low, double high) = BetaDistribution.Jeffreys(minutesLost, minutes);
            yield return new FindingCell(
                endpoint.First().Endpoint,
                endpoint.First().Client,
                new LossEstimate(requests, lost, minutes, minutesLost, endpoint.Max(stop => stop.Callers), low, high),
                group.Legitimacy);
        }
    }

    private static double Rank(FindingCell cell) => cell.Legitimacy.Probability * cell.Loss.CallerMinutesLost;

    private static LossEstimate LossOf(FindingCandidate candidate)
    {
        // Of an exemption, what it let through that looks like an attack.
        IReadOnlyList<StoppedGroup> groups = candidate.Groups;
        bool bypass = candidate.Kind == FindingKind.BroadBypass;
        long lost = groups.Sum(group => bypass ? group.Matches : group.Lost);
        long minutesLost = groups.Sum(group => bypass ? group.MatchMinutes : group.CallerMinutesLost);
        long requests = Math.Max(lost, groups.Sum(group => group.Cells.Sum(cell => cell.Load.Requests.Sum())));
        long minutes = Math.Max(minutesLost, groups.Sum(group => group.CallerMinutes));
        (double low, double high) = BetaDistribution.Jeffreys(minutesLost, minutes);
        long callers = groups.Sum(group => Math.Max(group.History?.Callers ?? 0, group.Stops.Max(stop => stop.Callers)));
        return new LossEstimate(requests, lost, minutes, minutesLost, callers, low, high);
    }

    /// <summary>Weighted by what each group lost; the reasons are those of the group that matters most.</summary>
    private static LegitimacyEstimate LegitimacyOf(IReadOnlyList<StoppedGroup> groups)
    {
        double weight = groups.Sum(group => (double)Math.Max(1, group.CallerMinutesLost));
        double probability = groups.Sum(group => Math.Max(1, group.CallerMinutesLost) * group.Legitimacy.Probability) / weight;
        return new LegitimacyEstimate(probability, groups[0].Legitimacy.Reasons);
    }

    private static string TitleOf(FindingKind kind, RuleIdentity rule, FindingCandidate candidate, FindingCell[] cells)
    {
        string name = rule.Description.Length > 0 ? $"{ControlNames.Of(rule.Control)} \"{rule.Description}\"" : $"{ControlNames.Of(rule.Control)} {rule.Id}";
        string[] clients = [.. candidate.Groups.Select(ClientText).Distinct(StringComparer.Ordinal)];
        string client = clients.Length switch
        {
            1 => clients[0],
            2 => $"{clients[0]} and {clients[1]}",
            _ => string.Create(CultureInfo.InvariantCulture, $"{clients[0]} and {clients.Length - 1} other clients"),
        };
        string place = cells.Select(cell => cell.Endpoint.Host).Distinct(StringComparer.Ordinal).Count() == 1
            ? cells[0].Endpoint.Host
            : $"hosts of {rule.Zone}";
        return kind switch
        {
            FindingKind.BroadBypass => $"{name} lets {client} past the other controls on {place}",
            FindingKind.FellSilent => $"{client} on {place} fell silent after {name} had stopped it",
            _ => $"{name} stops {client} on {place}",
        };
    }

    private static string ClientText(StoppedGroup group) => group.Name.Length > 0 ? $"{group.Name} ({group.Class})" : group.Class;
}

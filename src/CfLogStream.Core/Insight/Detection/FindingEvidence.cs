using System.Globalization;
using CfLogStream.Core.Insight.Findings;

namespace CfLogStream.Core.Insight.Detection;

/// <summary>What a finding has to say besides counts: who gave up, what else the rule does, whether it is new.</summary>
internal static class FindingEvidence
{
    public static IEnumerable<Reason> Of(FindingCandidate candidate, DiagnosisInput input, RuleText? text)
    {
        long callers = candidate.Groups.Sum(group => group.History?.Callers ?? 0);
        long silent = candidate.Groups.Sum(group => group.History?.Silent ?? 0);
        long recovered = candidate.Groups.Sum(group => group.History?.Recovered ?? 0);
        if (silent > 0)
        {
            yield return Say("silent", $"{silent} of {callers} stopped callers were not seen again: fewer blocks later are no recovery");
        }

        if (recovered > 0)
        {
            yield return Say("recovered", $"{recovered} of {callers} stopped callers had a good answer after their last loss");
        }

        if (text?.FirstSeen is { } first && first >= input.From)
        {
            yield return Say("first_seen", $"the rule stopped something for the first time at {first:yyyy-MM-dd HH:mm:ss} UTC, as far as history is kept");
        }

        if (input.Stops.Where(stop => stop.Rule == candidate.Rule && stop.Action == "log").Select(stop => stop.FirstSeen).DefaultIfEmpty(DateTime.MaxValue).Min()
            is var logged && candidate.Onset is { } onset && logged < onset)
        {
            yield return Say("logged_before", $"before {onset:HH:mm:ss} UTC the rule only logged");
        }

        if (candidate.Kind == FindingKind.Misjudged)
        {
            StopCell[] others =
            [
                .. input.Stops.Where(stop => stop.Rule == candidate.Rule && Actions.IsStopping(stop.Action)
                    && !candidate.Groups.Any(group => group.Host == stop.Endpoint.Host && group.Class == stop.Client.Class && group.Name == stop.Client.Name)),
            ];
            long attacks = others.Sum(stop => stop.Count);
            if (attacks > 0)
            {
                yield return Say("also_stops", $"the rule also stopped {attacks} requests that do not look legitimate: turning it off would let them in");
            }

            string[] surfaces = [.. input.Stops.Where(stop => stop.Rule == candidate.Rule).Select(stop => stop.Endpoint.Surface).Distinct().Order(StringComparer.Ordinal)];
            if (surfaces.Contains("page") && surfaces.Contains("api"))
            {
                yield return Say("mixed_surface", $"it acts on pages and on an API alike: what protects pages cannot be answered by API clients");
            }
        }
    }

    private static Reason Say(string name, FormattableString text) => new(name, text.ToString(CultureInfo.InvariantCulture), 0);
}

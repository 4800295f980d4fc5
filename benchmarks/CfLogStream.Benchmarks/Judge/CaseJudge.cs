using CfLogStream.Core.Insight.Detection;
using CfLogStream.Core.Insight.Findings;

namespace CfLogStream.Benchmarks.Judge;

/// <summary>Compares a diagnosis with the truth.</summary>
internal static class CaseJudge
{
    // What the ledger calls it, and which patterns say so.
    private static readonly Dictionary<string, MisjudgementPattern[]> s_patterns = new(StringComparer.Ordinal)
    {
        ["browser_rule_on_api"] = [MisjudgementPattern.BrowserRule],
        ["bot_fight_hits_webhooks"] = [MisjudgementPattern.BotThreshold],
        ["bot_threshold"] = [MisjudgementPattern.BotThreshold],
        ["rate_limit_below_burst"] = [MisjudgementPattern.RateLimitBelowBurst],
        ["managed_rule_on_json_body"] = [MisjudgementPattern.ManagedRuleOnContent],
        ["managed_rule_on_content"] = [MisjudgementPattern.ManagedRuleOnContent],
        ["geo_rule_hits_partner"] = [MisjudgementPattern.GeoOrNetworkRule],
        ["network_rule"] = [MisjudgementPattern.GeoOrNetworkRule],
        ["browser_integrity_hits_default_user_agent"] = [MisjudgementPattern.UserAgentRule],
        ["user_agent_rule"] = [MisjudgementPattern.UserAgentRule],
        ["skip_too_broad"] = [MisjudgementPattern.ExemptionTooBroad],
        ["preflight_blocked"] = [MisjudgementPattern.PreflightBlocked],
        ["fingerprint_change"] = [MisjudgementPattern.FingerprintChange],
        ["load_taken_for_flood"] = [MisjudgementPattern.LoadTakenForFlood],
        ["schema_validation"] = [MisjudgementPattern.SchemaOrToken],
        ["address_rule"] = [MisjudgementPattern.AddressRule],
        ["unsolvable_challenge"] = [MisjudgementPattern.UnsolvableChallenge],
    };

    public static Verdict Judge(IncidentCase incident)
    {
        Truth truth = incident.Truth;
        IReadOnlyList<FindingCandidate> candidates = Diagnoser.Candidates(incident.Input);
        FindingCandidate[] findings = [.. candidates.Where(candidate => candidate.Kind != FindingKind.RightlyStopped)];
        string note = "";
        int rank = 1 + Array.FindIndex(findings, finding => IsCulprit(finding, incident, isOwnClass: false, out note));
        FindingCandidate? found = rank > 0 ? findings[rank - 1] : null;

        var pattern = MisjudgementPattern.Unknown;
        bool? right = null;
        RemedyFigures? remedy = truth.IsIncident && rank == 1 ? RemedyJudge.Try(incident, findings[0], DetailOf(incident, findings[0])) : null;
        if (truth.IsIncident && found is not null)
        {
            pattern = PatternDecider.Decide(found, incident.Input.Rules.GetValueOrDefault(found.Rule), DetailOf(incident, found));
            right = found.Kind == FindingKind.BroadBypass
                || (s_patterns.TryGetValue(truth.Pattern, out MisjudgementPattern[]? expected) && expected.Contains(pattern));
        }

        return new Verdict(incident, rank, right, pattern, findings.Length, Label(candidates, truth), note, remedy)
        {
            OwnClassRank = 1 + Array.FindIndex(findings, finding => IsCulprit(finding, incident, isOwnClass: true, out _)),
        };
    }

    private static RuleDetail DetailOf(IncidentCase incident, FindingCandidate found)
    {
        RuleDetail detail = incident.Details.GetValueOrDefault(found.Rule) ?? new RuleDetail();
        return Causes.Explain(found, incident.Input, incident.Changes, incident.Audited) is { } explained
            ? detail with { Changes = [.. explained.Matches.Select(match => match.Change)] }
            : detail;
    }

    /// <summary>Whether a finding leads with the incident's rule and a client, on an endpoint, that this rule misjudges.</summary>
    /// <param name="isOwnClass">Whether only the class counts that the incident is about, or the one that lost most by it.</param>
    private static bool IsCulprit(FindingCandidate finding, IncidentCase incident, bool isOwnClass, out string why)
    {
        Truth truth = incident.Truth;
        StoppedGroup lead = finding.Groups[0];
        why = $"{finding.Rule.Control} {finding.Rule.Id}: {lead.Class}/{lead.Name} on {lead.Host}";
        if (truth.SkipRuleId.Length > 0 && finding.Rule.Id == truth.SkipRuleId && finding.Kind == FindingKind.BroadBypass)
        {
            return true;
        }

        if (finding.Rule.Control != truth.Control || finding.Rule.Id != truth.RuleId)
        {
            return false;
        }

        why += " (right rule)";
        return (isOwnClass ? IsOfTheIncidentsClass(lead, truth) : IsMisjudged(lead, truth))
            && truth.Stopped.Any(row => row.Class == lead.Class && row.Name == lead.Name && row.Host == lead.Host
                && lead.Stops.Any(stop => stop.Endpoint.Method == row.Method && stop.Endpoint.Path == row.Template));
    }

    /// <summary>Whether a client is the one that the incident is about, or the ledger calls nearly all that the rule took of it legitimate.</summary>
    private static bool IsMisjudged(StoppedGroup lead, Truth truth)
    {
        TruthLabel[] labels = [.. truth.Labels.Where(label => label.Control == truth.Control && label.RuleId == truth.RuleId
            && label.Host == lead.Host && label.Class == lead.Class && label.Name == lead.Name)];
        long good = labels.Sum(label => label.Legitimate);
        return good > 0
            && ((lead.Host == truth.Host && lead.Class == truth.Class && lead.Name == truth.Name) || good >= 9 * labels.Sum(label => label.Attack));
    }

    private static bool IsOfTheIncidentsClass(StoppedGroup lead, Truth truth)
    {
        HashSet<string> attackers = [.. truth.Labels.Where(label => label.RuleId == truth.RuleId && label.Attack > label.Legitimate).Select(label => label.Class)];
        string most = truth.Stopped.Where(row => !attackers.Contains(row.Class)).GroupBy(row => row.Class)
            .OrderByDescending(group => group.Sum(row => row.Lost)).Select(group => group.Key).FirstOrDefault() ?? truth.Class;
        return lead.Class == truth.Class || lead.Class == most;
    }

    private static List<LabelledGroup> Label(IReadOnlyList<FindingCandidate> candidates, Truth truth)
    {
        var labels = truth.Labels.ToLookup(label => (label.Control, label.RuleId, label.Host, label.Class, label.Name));
        var pairs = new List<LabelledGroup>();
        foreach (StoppedGroup group in candidates.Where(candidate => candidate.Kind != FindingKind.BroadBypass).SelectMany(candidate => candidate.Groups))
        {
            TruthLabel[] found = [.. labels[(group.Rule.Control, group.Rule.Id, group.Host, group.Class, group.Name)]];
            if (found.Length > 0)
            {
                pairs.Add(new LabelledGroup(group, found.Sum(label => label.Legitimate), found.Sum(label => label.Attack)));
            }
        }

        return pairs;
    }
}

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
        int rank = 0;
        int place = 0;
        string note = "";
        FindingCandidate? found = null;
        foreach ((FindingCandidate finding, StoppedGroup lead) in Named(findings))
        {
            place++;
            if (IsCulprit(finding, lead, incident, isStrict: false, out string why))
            {
                rank = place;
                found = finding;
                break;
            }

            note = place == 1 ? why : note;
        }

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
            StrictRank = 1 + Array.FindIndex(findings, finding => IsCulprit(finding, finding.Groups[0], incident, isStrict: true, out _)),
        };
    }

    private static RuleDetail DetailOf(IncidentCase incident, FindingCandidate found)
    {
        RuleDetail detail = incident.Details.GetValueOrDefault(found.Rule) ?? new RuleDetail();
        return Causes.Explain(found, incident.Input, incident.Changes, incident.Audited) is { } explained
            ? detail with { Changes = [.. explained.Matches.Select(match => match.Change)] }
            : detail;
    }

    /// <summary>What findings name, in the order in which a reader meets it: each rule with each class of its clients, by the one that leads the class.</summary>
    private static IEnumerable<(FindingCandidate Finding, StoppedGroup Lead)> Named(IEnumerable<FindingCandidate> findings) =>
        findings.SelectMany(finding => finding.Groups.DistinctBy(group => group.Class).Select(lead => (finding, lead)));

    /// <summary>Whether a finding names the rule, the client class and an endpoint that the incident is about.</summary>
    private static bool IsCulprit(FindingCandidate finding, StoppedGroup lead, IncidentCase incident, bool isStrict, out string why)
    {
        Truth truth = incident.Truth;
        why = $"{finding.Rule.Control} {finding.Rule.Id}: {lead.Class}/{lead.Name} on {lead.Host}";
        bool rule = finding.Rule.Control == truth.Control && finding.Rule.Id == truth.RuleId;
        bool skip = truth.SkipRuleId.Length > 0 && finding.Rule.Id == truth.SkipRuleId && finding.Kind == FindingKind.BroadBypass;
        if (!rule && !skip)
        {
            return false;
        }

        if (skip)
        {
            return true;
        }

        // The lead must be a client that the incident is about, or the one that lost most by it, on an endpoint where the rule stopped it. A library
        // is of another class where it looks like an app's: then what the lead lost must be what the ledger calls legitimate.
        why += " (right rule)";
        HashSet<string> attackers = [.. truth.Labels.Where(label => label.RuleId == truth.RuleId && label.Attack > label.Legitimate).Select(label => label.Class)];
        string most = truth.Stopped.Where(row => !attackers.Contains(row.Class)).GroupBy(row => row.Class)
            .OrderByDescending(group => group.Sum(row => row.Lost)).Select(group => group.Key).FirstOrDefault() ?? truth.Class;
        bool sameClass = lead.Class == truth.Class || lead.Class == most;
        return (sameClass || (!isStrict && IsLegitimate(lead, incident)))
            && truth.Stopped.Any(row => (row.Class == lead.Class || !sameClass) && row.Name == lead.Name && row.Host == lead.Host
                && lead.Stops.Any(stop => stop.Endpoint.Method == row.Method && stop.Endpoint.Path == row.Template));
    }

    /// <summary>Whether the ledger knows what a group lost, by name and network, and nearly all of it as legitimate.</summary>
    private static bool IsLegitimate(StoppedGroup group, IncidentCase incident)
    {
        double good = 0, attacks = 0;
        foreach (LostRequest lost in incident.Lost!.Where(lost => lost.Control == group.Rule.Control && lost.RuleId == group.Rule.Id
            && lost.Fields.Host == group.Host && lost.Class == group.Class && lost.Name == group.Name))
        {
            foreach (TruthLabel label in incident.Truth.Labels.Where(label => label.Control == lost.Control && label.RuleId == lost.RuleId
                && label.Host == lost.Fields.Host && label.Name == lost.Name && label.Asn == lost.Fields.Asn))
            {
                double total = Math.Max(1, label.Legitimate + label.Attack);
                good += lost.Weight * label.Legitimate / total;
                attacks += lost.Weight * label.Attack / total;
            }
        }

        return good > 0 && attacks <= 0.1 * good;
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

using System.Globalization;
using CfLogStream.Core.Insight.Findings;
using CfLogStream.Core.Insight.Remedies;
using CfLogStream.Core.Traffic.Clients;

namespace CfLogStream.Core.Insight.Detection;

/// <summary>Asks for remedies with what a diagnosis knows.</summary>
public static class RemedyRequests
{
    private const int MostEndpoints = 50;
    private const int MostValues = 50;
    private const double MostOthers = 0.02;

    /// <summary>Makes the request for a finding.</summary>
    /// <param name="rate">How fast the clients call; null where the control is no rate limit.</param>
    /// <param name="now">The day it is made.</param>
    public static RemedyRequest Of(Finding finding, FindingCandidate candidate, DiagnosisInput input, RuleDetail detail, RateEvidence? rate, DateTime now)
    {
        StopCell[] stops = [.. candidate.Groups.SelectMany(group => group.Stops)];
        var parties = new ClientParties(detail.Networks);
        IReadOnlyList<TriedRequest> tried = TriedOf(finding.Pattern, candidate, detail, parties);
        var hosts = stops.Select(stop => stop.Endpoint.Host).ToHashSet(StringComparer.Ordinal);
        return new RemedyRequest
        {
            Rule = finding.Rule!,
            Pattern = finding.Pattern,
            Endpoints =
            [
                .. stops.GroupBy(stop => (stop.Endpoint.Host, stop.Endpoint.Method, stop.Endpoint.Path)).OrderByDescending(group => group.Sum(stop => stop.Lost))
                    .Select(group => group.First().Endpoint).Take(MostEndpoints),
            ],
            Clients = [.. candidate.Groups.Select(group => group.Stops[0].Client).Distinct()],
            Evidence = EvidenceOf(candidate, detail, parties),
            Tried = tried,
            Rate = rate,
            StopsOthers = detail.Stopped > detail.Judged * (1 + MostOthers)
                || tried.Sum(one => one.Weight * one.Attack) > MostOthers * tried.Sum(one => one.Weight),
            OtherRules =
            [
                .. input.Stops.Where(stop => stop.Rule != candidate.Rule && hosts.Contains(stop.Endpoint.Host) && !Actions.IsSolved(stop.Action))
                    .Select(stop => (stop.Rule, stop.Action)).Distinct().OrderBy(rule => rule.ToString(), StringComparer.Ordinal).Take(MostEndpoints)
                    .Select(rule => IdentityOf(rule.Rule, rule.Action, input)),
            ],
            Now = now,
            Owner = finding.Owner?.Name ?? "",
        };
    }

    private static RuleIdentity IdentityOf(RuleKey rule, string action, DiagnosisInput input)
    {
        RuleText? text = input.Rules.GetValueOrDefault(rule);
        return new RuleIdentity(rule.Zone, rule.Control, rule.Id, text?.Reference ?? "", text?.Description ?? "", action);
    }

    private static ClientEvidence EvidenceOf(FindingCandidate candidate, RuleDetail detail, ClientParties parties)
    {
        FieldCount[] all = Values(detail, "network");
        IReadOnlySet<string> strangers = parties.DoubtedSystems;
        FieldCount[] networks = [.. all.Where(count => !strangers.Contains(SystemOf(count.Value)))];
        FieldCount[] certificates = Values(detail, "mtls_status");
        return new ClientEvidence
        {
            Networks = [.. networks.Select(count => PrefixOf(count.Value)).Where(prefix => prefix.Length > 0)],
            NetworksComplete = !candidate.Groups.Any(IsOfPeople) && all.Length is > 0 and < MostValues
                && all.Sum(count => count.Judged) >= 0.999 * detail.Judged,
            NetworksShared = networks.Any(count => count.Stopped >= count.Judged + 1),
            NetworksDoubted = all.Length - networks.Length,
            AsnsDoubted = [.. all.Except(networks).Select(count => AsnOf(SystemOf(count.Value))).Where(asn => asn > 0).Distinct()],
            Asns =
            [
                .. Values(detail, "asn").Where(count => !strangers.Contains("AS" + count.Value))
                    .Select(count => uint.TryParse(count.Value, out uint asn) ? asn : 0).Where(asn => asn > 0),
            ],
            Countries = [.. Values(detail, "country").Select(count => count.Value)],
            UserAgents = [.. Values(detail, "user_agent").Select(count => count.Value)],
            Ja4 = [.. Values(detail, "ja4").Select(count => count.Value)],
            MutualTls = certificates.Length == 1 && certificates[0].Value == "ok",
            SignatureHeader = candidate.Groups.Select(group => group.Name).Distinct().Count() == 1
                ? WebhookSignatures.HeaderOf(candidate.Groups[0].Name)
                : "",
            VerifiedBotCategory = Values(detail, "verified_bot_category") is [{ Value.Length: > 0 } only] ? only.Value : "",
        };
    }

    /// <summary>The sample of what the rule stopped, each request with how probably that was right.</summary>
    /// <remarks>A browser's preflight is harmless, whoever uses the browser: it carries nothing, and what it asks for is judged again.</remarks>
    private static IReadOnlyList<TriedRequest> TriedOf(
        MisjudgementPattern pattern, FindingCandidate candidate, RuleDetail detail, ClientParties parties)
    {
        var judged = candidate.Groups.Select(group => (group.Host, group.Class, group.Name)).ToHashSet();
        var others = candidate.Others.ToDictionary(group => (group.Host, group.Class, group.Name), group => 1 - group.Legitimacy.Probability);
        return [.. detail.Sample.Select(stopped => new TriedRequest(stopped.Weight, Attack(stopped), stopped.Fields))];

        double Attack(StoppedRequest stopped)
        {
            (string, string, string) group = (stopped.Fields.Host, stopped.Class, stopped.Name);
            if (pattern == MisjudgementPattern.PreflightBlocked && stopped.Fields.Method == "OPTIONS"
                && stopped.Class.StartsWith("browser", StringComparison.Ordinal))
            {
                return 0;
            }

            return !judged.Contains(group) ? others.GetValueOrDefault(group, 1)
                : parties.IsDoubted(stopped.Class, stopped.Name, stopped.Fields.Asn) ? 1
                : 0;
        }
    }

    /// <summary>Whether a client runs on people's devices, whose addresses are others tomorrow, however completely today's are known.</summary>
    private static bool IsOfPeople(StoppedGroup group) =>
        group.Class == "mobile_app" || group.Class.StartsWith("browser", StringComparison.Ordinal);

    private static uint AsnOf(string system) =>
        system.StartsWith("AS", StringComparison.Ordinal) && uint.TryParse(system.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out uint asn) ? asn : 0;

    private static string SystemOf(string network) => network.Split(' ')[0];

    /// <summary>A caller's network as an address or prefix: <c>AS64500 198.51.100.7/32</c> is <c>198.51.100.7</c>.</summary>
    private static string PrefixOf(string network)
    {
        string prefix = network[(network.LastIndexOf(' ') + 1)..];
        return prefix.EndsWith("/32", StringComparison.Ordinal) && !prefix.Contains(':', StringComparison.Ordinal) ? prefix[..^3] : prefix;
    }

    private static FieldCount[] Values(RuleDetail detail, string field) =>
    [
        .. detail.Fields.Where(count => count.Field == field && count.Judged > 0 && (count.Value.Length > 0 || field == "user_agent"))
            .OrderByDescending(count => count.Judged).ThenBy(count => count.Value, StringComparer.Ordinal),
    ];
}

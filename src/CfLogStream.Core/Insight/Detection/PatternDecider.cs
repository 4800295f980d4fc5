using CfLogStream.Core.Insight.Findings;

namespace CfLogStream.Core.Insight.Detection;

/// <summary>Decides why a control took a client for something else: by the control, then by what its rule's expression or its victims have in common.</summary>
public static class PatternDecider
{
    /// <summary>A rule that acted so long before is an old one.</summary>
    private static readonly TimeSpan s_settled = TimeSpan.FromMinutes(10);

    /// <summary>How well countries or networks must say what a rule stops to be what it looks at, whoever else is challenged.</summary>
    private const double SurePlace = 0.8;

    private const long FewBrowsers = 3;

    /// <summary>Decides for a rule, from all that it stops.</summary>
    public static MisjudgementPattern Decide(FindingCandidate candidate, RuleText? text, RuleDetail detail)
    {
        if (candidate.Kind == FindingKind.BroadBypass)
        {
            return MisjudgementPattern.ExemptionTooBroad;
        }

        StopCell[] stops = [.. candidate.Groups.SelectMany(group => group.Stops)];
        double preflights = Share(stops, stop => stop.Endpoint.Method == "OPTIONS");
        if (preflights > 0.6)
        {
            return MisjudgementPattern.PreflightBlocked;
        }

        if (candidate.Rule.Control is "firewallcustom" or "firewallrules" or "botmanagement" && ClientChanged(candidate, text, detail))
        {
            return MisjudgementPattern.FingerprintChange;
        }

        return candidate.Rule.Control switch
        {
            "ratelimit" => MisjudgementPattern.RateLimitBelowBurst,
            "firewallmanaged" or "waf" => MisjudgementPattern.ManagedRuleOnContent,
            "botfight" or "botmanagement" => MisjudgementPattern.BotThreshold,
            "bic" or "uablock" => MisjudgementPattern.UserAgentRule,
            "l7ddos" => MisjudgementPattern.LoadTakenForFlood,
            "ip" or "iprange" or "zonelockdown" => MisjudgementPattern.AddressRule,
            "asn" or "country" => MisjudgementPattern.GeoOrNetworkRule,
            "securitylevel" => MisjudgementPattern.UnsolvableChallenge,
            _ when candidate.Rule.Control.StartsWith("apishield", StringComparison.Ordinal) => MisjudgementPattern.SchemaOrToken,
            _ => ByExpression(candidate, detail, stops) ?? ByVictims(candidate, detail, stops),
        };
    }

    /// <summary>What the audit log says of the rule's expression, when the change of this very rule is known.</summary>
    private static MisjudgementPattern? ByExpression(FindingCandidate candidate, RuleDetail detail, StopCell[] stops)
    {
        Change? change = detail.Changes.FirstOrDefault(change => change.RuleId == candidate.Rule.Id && change.NewValue.Length > 0);
        return change is null ? null : ExpressionPattern.Of(change.NewValue, IsChallenge(stops));
    }

    private static MisjudgementPattern ByVictims(FindingCandidate candidate, RuleDetail detail, StopCell[] stops)
    {
        bool challenge = IsChallenge(stops);
        bool inBrowsers = Share(stops, stop => stop.Client.Class == "browser_xhr") > 0.6;
        (double geo, _) = FieldContrasts.Explain(detail, "country");
        (double network, _) = FieldContrasts.Explain(detail, "asn");
        (double kind, _) = FieldContrasts.Explain(detail, "client_class");
        (double mozilla, _) = FieldContrasts.Explain(detail, "says_mozilla");
        double agent = Math.Max(mozilla, FieldContrasts.Explain(detail, "user_agent").Score);
        (double score, _) = FieldContrasts.Explain(detail, "bot_score");
        (double print, _) = FieldContrasts.Explain(detail, "ja4");
        double best = Math.Max(Math.Max(Math.Max(geo, network), Math.Max(kind, agent)), Math.Max(score, print));
        if (best < 0.3)
        {
            return !challenge ? MisjudgementPattern.Unknown
                : ChallengesBrowsers(candidate) ? MisjudgementPattern.UnsolvableChallenge
                : MisjudgementPattern.BrowserRule;
        }

        // People solve what it asks for, programs cannot: it makes no difference between them, however much their fields differ.
        if (challenge && Math.Max(geo, network) < SurePlace && ChallengesBrowsers(candidate))
        {
            return MisjudgementPattern.UnsolvableChallenge;
        }

        if (inBrowsers && challenge && geo < best - 0.1)
        {
            return MisjudgementPattern.UnsolvableChallenge;
        }

        if (score >= best - 0.02 && score > Math.Max(kind, agent) + 0.02)
        {
            return MisjudgementPattern.BotThreshold;
        }

        if (Math.Max(geo, network) >= best - 0.02 && Math.Max(geo, network) > Math.Max(kind, mozilla))
        {
            return MisjudgementPattern.GeoOrNetworkRule;
        }

        return MisjudgementPattern.BrowserRule;
    }

    /// <summary>Whether an old rule that nobody touched began to stop a client that used to succeed: then the client changed.</summary>
    /// <remarks>Where nothing says how long the rule has been there, a client of which one version passes and another does not tells it too.</remarks>
    private static bool ClientChanged(FindingCandidate candidate, RuleText? text, RuleDetail detail)
    {
        StoppedGroup lead = candidate.Groups[0];
        if (candidate.Onset is not { } onset || lead.Evidence.GoodBefore < 10
            || detail.Changes.Any(change => change.RuleId == candidate.Rule.Id || (change.Control.Length > 0 && change.Control == candidate.Rule.Control)))
        {
            return false;
        }

        bool old = text?.FirstSeen is { } first && first + s_settled < onset;
        bool otherVersionsPass = detail.Fields.Any(count => count.Field == "client_name" && count.Value == lead.Name && count.Passed >= 3);
        bool sameVersionStopped = detail.Fields.Any(count => count.Field is "ja4" or "user_agent" && count.Value.Length > 0
            && count.Judged > 0.5 * detail.Judged && count.Passed < 0.05 * count.Stopped);
        return sameVersionStopped && (old || (otherVersionsPass && lead.Evidence.LostShare < 0.9));
    }

    private static bool IsChallenge(StopCell[] stops) => Share(stops, stop => Actions.IsChallenge(stop.Action)) > 0.5;

    /// <summary>Whether the rule challenges people's browsers on pages as well.</summary>
    private static bool ChallengesBrowsers(FindingCandidate candidate) => candidate.Groups.Concat(candidate.Others)
        .Where(static group => group.Class == "browser_nav" && group.Legitimacy.Probability >= 0.5)
        .Sum(static group => group.Stops.Where(static stop => Actions.IsChallenge(stop.Action)).Sum(static stop => stop.Count)) >= FewBrowsers;

    private static double Share(StopCell[] stops, Func<StopCell, bool> condition)
    {
        long all = stops.Sum(stop => stop.Count);
        return all == 0 ? 0 : stops.Where(condition).Sum(stop => stop.Count) / (double)all;
    }
}

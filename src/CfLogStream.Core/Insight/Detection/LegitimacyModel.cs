using System.Globalization;
using CfLogStream.Core.Insight.Findings;

namespace CfLogStream.Core.Insight.Detection;

/// <summary>How probably stopped traffic is legitimate: a sum of log-odds, each with its reason.</summary>
/// <remarks>
/// The weights were fitted by ridge regression on what rules stop in generated incidents with known truth, then rounded; those of attack
/// scores, new clients and certain bots, which there add nothing to the others, were kept at what the documentation suggests. The constant
/// says that most of what rules stop is stopped rightly. How well it ranks and how true the probabilities are,
/// on other scenarios than those, stands in benchmarks/results. Being stopped is never evidence, nor is an unsolved challenge of a
/// client that is no browser, and a bot score that was not computed is none.
/// </remarks>
public static class LegitimacyModel
{
    private const double Bias = -4.1;
    private const double Enough = 50;

    private static readonly LegitimacyFeature[] s_features =
    [
        new("service_class", 2.1, static e => IsService(e.Class) ? 1 : 0,
            static e => $"the client is of a class that programs of partners have ({e.Class})"),
        new("people_class", 1.6, static e => e.Class is "browser_xhr" or "browser_nav" ? 1 : 0,
            static e => $"the client looks like a real browser ({e.Class})"),
        new("attack_class", -2.5, static e => e.Class is "scanner" ? 1 : e.Class is "headless" or "load_test" ? 0.6 : 0,
            static e => $"the client says or shows that it is a {e.Class.Replace('_', ' ')}"),
        new("claimed_browser", -2.8, static e => e.Class is "browser_claimed" ? 1 : 0,
            static _ => "the client claims to be a browser and does not behave like one"),
        new("trust", 1.5, static e => e.Trust switch { "verified" => 1, "corroborated" => 0.5, "contradicted" => -1, _ => 0 },
            static e => $"what it says of itself is {e.Trust}"),
        new("prior_success", 2.6, static e => (Share(e.GoodBefore, e.RequestsBefore) - 0.5) * 2 * Amount(e.RequestsBefore),
            static e => Counts($"{e.GoodBefore} of its {e.RequestsBefore} requests on this host succeeded before the rule stopped it")),
        new("established_callers", 0.2, static e => e.Established / (e.Callers + 1.0),
            static e => Counts($"{e.Established} of {e.Callers} stopped callers had succeeded at least 20 times before")),
        new("caller_success", 0.9, static e => e.Callers == 0 ? 0 : Amount(e.CallerGoodBefore / e.Callers),
            static e => Counts($"the stopped callers themselves had {e.CallerGoodBefore} good answers before, {e.CallerGoodBefore / Math.Max(1, e.Callers)} each")),
        new("success_meanwhile", 2.2, static e => (Share(e.Good, e.NotLost) - 0.5) * 2 * Amount(e.NotLost),
            static e => Counts($"{e.Good} of its {e.NotLost} requests that no control stopped were answered well")),
        new("refused_by_origin", -1.5, static e => Share(e.ClientErrors, e.NotLost) * Amount(e.NotLost),
            static e => Counts($"the origin refused {e.ClientErrors} of {e.NotLost} requests that reached it")),
        new("regular", 0.7, static e => e.BinsBefore < 3 ? 0 : (e.Presence * 2) - 1,
            static e => Counts($"it was there in {e.Presence * 100:0} % of the time before")),
        new("waf_attack", -2.0, static e => e.WafScored == 0 ? 0 : Share(e.WafAttack, e.WafScored) * Amount(e.WafScored),
            static e => Counts($"the WAF scored {e.WafAttack} of {e.WafScored} stopped requests as attacks")),
        new("waf_clean", 0.1, static e => e.WafScored == 0 ? 0 : Share(e.WafClean, e.WafScored) * Amount(e.WafScored),
            static e => Counts($"the WAF scored {e.WafClean} of {e.WafScored} stopped requests as clean")),
        new("live_endpoints", 0.6, static e => (e.OnLiveEndpoints * 2) - 1,
            static e => Counts($"{e.OnLiveEndpoints * 100:0} % of what was stopped asked for endpoints that answer others well")),
        new("many_endpoints", -1.0, static e => Math.Clamp(Math.Log10(Math.Max(1, e.Endpoints) / 4.0), 0, 1),
            static e => Counts($"it asked for {e.Endpoints} different endpoints")),
        new("surge", -0.2, static e => e.RequestsBefore == 0 ? 0 : Math.Clamp(Math.Log(Math.Max(e.Surge, 0.01)) / Math.Log(8), 0, 1),
            static e => Counts($"it sent {e.Surge:0.0} times as many requests once it was stopped")),
        new("new_client", -0.8, static e => e.BinsBefore >= 3 && e.RequestsBefore == 0 ? 1 : 0,
            static _ => "it was never seen before the rule stopped it"),
        new("step", 0.9, static e => e.Step ? 1 : 0, static _ => "the loss began as a step"),
        new("certain_bot", -0.4, static e => e.BotScored == 0 || e.GoodBefore >= 20 ? 0 : Share(e.BotCertain, e.BotScored),
            static e => Counts($"{e.BotCertain} of {e.BotScored} stopped requests were scored 1 as bots, and it has no history of success")),
        new("solved", 0.5, static e => e.Issued < 10 ? 0 : Math.Min(1, Share(e.Solved, e.Issued) / 0.3),
            static e => Counts($"{e.Solved} of {e.Issued} challenges were solved")),
    ];

    /// <summary>The names of the questions, in their order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_features.Select(feature => feature.Name)];

    /// <summary>The measures of some evidence, in the order of <see cref="Names"/>: what the weights are fitted to.</summary>
    public static double[] Measures(LegitimacyEvidence evidence) => [.. s_features.Select(feature => feature.Measure(evidence))];

    /// <summary>Judges some evidence.</summary>
    public static LegitimacyEstimate Estimate(LegitimacyEvidence evidence)
    {
        double logOdds = Bias;
        var reasons = new List<Reason>();
        foreach (LegitimacyFeature feature in s_features)
        {
            double part = feature.Weight * feature.Measure(evidence);
            logOdds += part;
            if (Math.Abs(part) >= 0.1)
            {
                reasons.Add(new Reason(feature.Name, feature.Explain(evidence), part));
            }
        }

        return new LegitimacyEstimate(
            1 / (1 + Math.Exp(-logOdds)),
            [.. reasons.OrderByDescending(reason => Math.Abs(reason.LogOdds)).ThenBy(reason => reason.Name, StringComparer.Ordinal)]);
    }

    private static bool IsService(string clientClass) => clientClass is "webhook" or "monitoring" or "verified_bot" or "sdk" or "cli" or "infra"
        or "api_tool" or "mobile_app" or "ai_agent" or "feed" or "preview";

    private static double Share(long part, long whole) => (part + 0.5) / (Math.Max(part, whole) + 1.0);

    private static double Amount(long count) => Math.Min(1, Math.Log(1 + count) / Math.Log(1 + Enough));

    private static string Counts(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

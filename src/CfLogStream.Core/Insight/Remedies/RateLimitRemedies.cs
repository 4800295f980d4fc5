using System.Globalization;
using System.Text.Json;
using CfLogStream.Core.Insight.Controls;

namespace CfLogStream.Core.Insight.Remedies;

/// <summary>Remedies against rate limiting rules: leave out a known client, or raise the limit above what legitimate clients do.</summary>
internal static class RateLimitRemedies
{
    private const double HeadroomOverHighest = 1.25;
    private const double HeadroomOverP99 = 1.5;

    private static readonly string[] s_cautions =
    [
        "Counters are kept per data center and counted with some seconds of lag: what is computed from logs is an estimate.",
        "Clients that share an address (a gateway, a carrier) share a counter, and leaving one out lowers no counter that it shares.",
    ];

    public static IEnumerable<Remedy> Plan(RemedyContext context)
    {
        Remedy narrowed = context.Narrowed(
            $"Leave these calls out of {context.RuleName}: add the condition to its expression, not only to its counting expression.") with
        {
            Kind = RemedyKind.RateLimit,
            Payload = "",
            ApiMethod = "",
            ApiPath = "",
            NotCovered = [.. context.Scope.NotCovered, "A counter that is already over the limit stays so until its timeout ends."],
        };
        narrowed = narrowed with
        {
            Warnings =
            [
                .. narrowed.Warnings.Where(static warning => !warning.Contains(RemedyText.OwnExpression, StringComparison.Ordinal)),
                .. s_cautions,
            ],
        };
        Remedy? threshold = context.Request.Rate is { Highest: > 0 } rate ? Threshold(context, rate) : null;
        bool known = context.Scope.Client.Corroborated;
        if (known)
        {
            yield return narrowed;
        }

        if (threshold is not null)
        {
            yield return threshold;
        }

        if (!known)
        {
            yield return narrowed;
        }

        yield return context.Skip(
            "Skip all rate limiting for these calls by a custom rule with phases [\"http_ratelimit\"].",
            static json => RemedyPayload.Array(json, "phases", "http_ratelimit"), "", "ratelimit") with
        {
            Warnings = [.. context.Scope.Warnings, "It skips every rate limiting rule, those that guard logins too."],
        };
        yield return context.Skip(
            "If the rule is one of the previous version of rate limiting, only this skips it: products [\"rateLimit\"].",
            static json => RemedyPayload.Array(json, "products", "rateLimit"), "", "ratelimit") with
        {
            NotCovered = [.. context.Scope.NotCovered, "Rate limiting rules of the current version."],
        };
        if (context.Access() is { } allow)
        {
            yield return allow;
        }
    }

    /// <summary>Returns the limit that lets everything seen pass: 25 % above the highest burst and 50 % above the 99th percentile, rounded up.</summary>
    public static long Limit(RateEvidence rate)
    {
        double wanted = Math.Max(rate.Highest * HeadroomOverHighest, rate.P99 * HeadroomOverP99);
        double step = wanted switch
        {
            < 20 => 1,
            < 100 => 5,
            < 1000 => 10,
            _ => 100,
        };
        return Math.Max(rate.Highest + 1, (long)(Math.Ceiling(wanted / step) * step));
    }

    private static Remedy Threshold(RemedyContext context, RateEvidence rate)
    {
        int period = RateLimitShape.Periods.FirstOrDefault(period => period >= rate.PeriodSeconds, RateLimitShape.Periods[^1]);
        long limit = Limit(rate);
        var warnings = new List<string>(s_cautions)
        {
            "It raises the limit for everybody whom the rule covers. Keep its characteristics; an API key or session as characteristic gives each client its own counter.",
            $"Put the rule's own expression in the place of {RemedyText.OwnExpression}, and its own characteristics and timeout: the API replaces the whole rule.",
        };
        if (rate.PeriodSeconds > 0 && period != rate.PeriodSeconds)
        {
            warnings.Add($"The rates were counted per {rate.PeriodSeconds} s, which is no period that Cloudflare offers; {period} s is the next.");
        }

        if (rate.Limit >= limit)
        {
            warnings.Add(
                $"The limit that fired ({rate.Limit}) is already above these clients' rates: they share a counter with others, or the rule counts something else. Change the characteristics instead.");
        }

        string action = RemedyText.ApiAction(ControlCatalog.Fold(context.Rule.Action));
        string before = rate.Limit > 0 ? $" from {RemedyText.Number(rate.Limit)}" : "";
        return context.Unbound(
            RemedyKind.RateLimit,
            $"Raise the limit of {context.RuleName}{before} to {RemedyText.Number(limit)} requests per {period} s.",
            context.Facts.Place) with
        {
            ApiMethod = "PATCH",
            ApiPath = $"{RemedyContext.RulesPath}/{context.RuleId}",
            Payload = RemedyPayload.Rule(
                action.Length == 0 ? "block" : action, RemedyText.OwnExpression, RemedyPayload.Plain(context.Rule.Description), before: null,
                parameters: null, json => WriteLimit(json, period, limit)),
            WhySafe =
            [
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Per client and data center the legitimate calls per {(rate.PeriodSeconds > 0 ? rate.PeriodSeconds : period)} s were {rate.Median} in the middle, {rate.P99} at the 99th percentile and {rate.Highest} at most; the limit is 25 % above the highest and 50 % above the 99th percentile, rounded up."),
                "The rule goes on limiting whatever calls faster.",
            ],
            Warnings = warnings,
        };
    }

    private static void WriteLimit(Utf8JsonWriter json, int period, long limit)
    {
        json.WriteStartObject("ratelimit");
        RemedyPayload.Array(json, "characteristics", "cf.colo.id", "ip.src");
        json.WriteNumber("period", period);
        json.WriteNumber("requests_per_period", limit);
        json.WriteNumber("mitigation_timeout", period);
        json.WriteEndObject();
    }
}

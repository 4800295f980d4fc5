namespace CfLogStream.Core.Insight.Remedies;

/// <summary>Remedies against managed rules: exceptions before the execute rule, then overrides, then skipping.</summary>
internal static class ManagedRuleRemedies
{
    /// <summary>The rule that compares the sum of the OWASP ruleset's scores with the threshold.</summary>
    public const string AnomalyScoreRule = "6179ae15870a4bb7b2d480d4843b323c";

    /// <summary>The Cloudflare Managed Ruleset.</summary>
    public const string CloudflareRuleset = "efb7b8c949ac4650a09736fc376e9aee";

    private const string Phase = "http_request_firewall_managed";
    private const string RulesetId = "{managed_ruleset_id}";
    private const string ExecuteRule = "{execute_rule_id}";

    private const string WhereIds =
        "Ask GET /zones/{zone_id}/rulesets/phases/http_request_firewall_managed/entrypoint for the ids: its own is {ruleset_id}, that of the rule which executes the ruleset is {execute_rule_id}, and there action_parameters.id is {managed_ruleset_id}";

    public static IEnumerable<Remedy> Plan(RemedyContext context)
    {
        bool owasp = context.RuleId == AnomalyScoreRule || context.Rule.Description.Contains("949110", StringComparison.Ordinal);
        string where = owasp
            ? $"{WhereIds}, here that of the Cloudflare OWASP Core Ruleset."
            : $"{WhereIds} (the Cloudflare Managed Ruleset is {CloudflareRuleset}).";
        yield return Exception(
            context,
            $"Except these calls from {context.RuleName} alone, by an exception before the rule that executes its ruleset.",
            json =>
            {
                json.WriteStartObject("rules");
                RemedyPayload.Array(json, RulesetId, context.EngineRuleId);
                json.WriteEndObject();
            },
            where) with
        {
            NotCovered = owasp
                ? [.. context.Scope.NotCovered, "The rule is only the sum of others: these calls are no longer judged by the OWASP ruleset at all."]
                : [.. context.Scope.NotCovered, "Other rules of the ruleset, which may match the same content."],
        };
        if (owasp)
        {
            yield return Threshold(context, where);
        }

        yield return context.Unbound(
            RemedyKind.Override,
            $"Set {context.RuleName} to log by an override: for all traffic, so only when it is wrong for everybody.",
            context.Facts.Place) with
        {
            ApiMethod = "PATCH",
            ApiPath = $"{RemedyContext.RulesPath}/{ExecuteRule}",
            Payload = RemedyPayload.Rule(
                "execute", RemedyText.OwnExpression, "", before: null,
                json => RemedyPayload.Override(json, RulesetId, context.EngineRuleId, static rule => rule.WriteString("action", "log"))),
            Warnings =
            [
                where,
                $"Put the execute rule's own expression in the place of {RemedyText.OwnExpression}, and repeat its other overrides: the API replaces the whole rule.",
            ],
        };
        yield return Exception(
            context,
            "Except these calls from the whole ruleset that the rule belongs to.",
            static json => RemedyPayload.Array(json, "rulesets", RulesetId), where);
        yield return context.Skip(
            $"Skip all managed rules for these calls by a custom rule with phases [\"{Phase}\"]: the widest.",
            static json => RemedyPayload.Array(json, "phases", Phase), "", "firewallmanaged") with
        {
            Warnings = [.. context.Scope.Warnings, "No managed rule looks at these calls any more; keep it to senders whose content is trusted."],
        };
        if (context.Access() is { } allow)
        {
            yield return allow;
        }
    }

    /// <summary>Managed rules of the previous version.</summary>
    public static IEnumerable<Remedy> PlanPrevious(RemedyContext context)
    {
        yield return context.SkipProduct("waf") with
        {
            Warnings = [.. context.Scope.Warnings, "It skips all managed rules of the previous version; a single one cannot be skipped for some requests."],
        };
        yield return context.Unbound(
            RemedyKind.ZoneSetting,
            $"Set {context.RuleName}, or its group, to simulate or off: for all traffic.",
            context.Facts.Place);
        if (context.Access() is { } allow)
        {
            yield return allow;
        }
    }

    /// <summary>Sensitive Data Detection, which stops nothing.</summary>
    public static IEnumerable<Remedy> PlanSensitiveData(RemedyContext context)
    {
        yield return context.Unbound(
            RemedyKind.Override,
            $"Nothing has to be freed: {context.RuleName} only logs what answers contain. To stop the log, disable the rule; look for another control that stopped the request.",
            context.Facts.Place) with
        {
            ApiMethod = "PATCH",
            ApiPath = $"{RemedyContext.RulesPath}/{ExecuteRule}",
            Payload = RemedyPayload.Rule(
                "execute", RemedyText.OwnExpression, "", before: null,
                json => RemedyPayload.Override(
                    json, "e22d83c647c64a3eae91b71b499d988e", context.EngineRuleId, static rule => rule.WriteBoolean("enabled", false))),
        };
    }

    private static Remedy Exception(
        RemedyContext context, string summary, Action<System.Text.Json.Utf8JsonWriter> parameters, string where) =>
        context.Bound(RemedyKind.ManagedException, summary, context.Scope.Expiring) with
        {
            Place = $"{context.Facts.Place} › Add exception, before the ruleset's execute rule",
            ApiMethod = "POST",
            ApiPath = RemedyContext.RulesPath,
            Payload = RemedyPayload.Rule("skip", context.Scope.Expiring, context.Description, ExecuteRule, parameters),
            Warnings =
            [
                .. context.Scope.Warnings, where, "If the ruleset is deployed at the account, the exception belongs there, with and cf.zone.plan eq \"ENT\".",
            ],
        };

    private static Remedy Threshold(RemedyContext context, string where) => context.Unbound(
        RemedyKind.Override,
        "Raise the OWASP ruleset's score threshold to Low (60), or lower its paranoia level: for all traffic.",
        context.Facts.Place) with
    {
        ApiMethod = "PATCH",
        ApiPath = $"{RemedyContext.RulesPath}/{ExecuteRule}",
        Payload = RemedyPayload.Rule(
            "execute", RemedyText.OwnExpression, "", before: null,
            json => RemedyPayload.Override(json, RulesetId, AnomalyScoreRule, static rule => rule.WriteNumber("score_threshold", 60))),
        Warnings =
        [
            where,
            $"Put the execute rule's own expression in the place of {RemedyText.OwnExpression}, and repeat its other overrides: the API replaces the whole rule.",
        ],
        Refused =
        [
            "Disabling one contributing rule: the sum of the others may still be over the threshold, and the contributing rules are not in the logs.",
        ],
    };
}

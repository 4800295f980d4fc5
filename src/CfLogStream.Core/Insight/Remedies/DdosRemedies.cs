namespace CfLogStream.Core.Insight.Remedies;

/// <summary>Remedies against HTTP DDoS protection: overrides only.</summary>
internal static class DdosRemedies
{
    private const string RulesetId = "{ddos_ruleset_id}";

    private const string WhereIds =
        "{ruleset_id} is the id of the entry point of the phase ddos_l7 (GET /zones/{zone_id}/rulesets/phases/ddos_l7/entrypoint; when there is none yet, PUT one with this rule). {ddos_ruleset_id} is the id of the HTTP DDoS Attack Protection ruleset (GET /zones/{zone_id}/rulesets).";

    public static IEnumerable<Remedy> Plan(RemedyContext context)
    {
        string[] safe = [.. context.Scope.WhySafe.Where(static reason => !reason.StartsWith("It ends by itself", StringComparison.Ordinal))];
        yield return context.Bound(
            RemedyKind.Override,
            $"Override {context.RuleName} for these calls: sensitivity Essentially Off (Enterprise with Advanced DDoS Protection only).",
            context.Scope.ForDdosOverride) with
        {
            ApiMethod = "POST",
            ApiPath = RemedyContext.RulesPath,
            Payload = Payload(context, context.Scope.ForDdosOverride, "eoff", ""),
            WhySafe = safe,
            Warnings =
            [
                .. context.Scope.Warnings,
                WhereIds,
                "An override has no end: note an owner and a day of review. The first override that matches wins, so it is placed first.",
            ],
        };
        yield return context.Unbound(
            RemedyKind.Override,
            $"Override {context.RuleName} for all traffic of the zone: a lower sensitivity. Every plan can do this, once.",
            context.Facts.Place) with
        {
            ApiMethod = "POST",
            ApiPath = RemedyContext.RulesPath,
            Payload = Payload(context, "true", "low", ""),
            WhySafe = ["Floods well above these clients' load are still stopped."],
            Warnings =
            [
                WhereIds,
                "It is the zone's only override without an expression and acts on every host. If it is not enough, lower it further in small steps (medium, low, eoff).",
            ],
            NotCovered = ["Clients whose load still looks like a flood at the lower sensitivity."],
        };
        yield return context.Unbound(
            RemedyKind.ClientChange,
            "Let the client spread its load: smaller bursts, fewer new connections, no retries without a pause.",
            "");
    }

    private static string Payload(RemedyContext context, string expression, string sensitivity, string before) => RemedyPayload.Rule(
        "execute",
        expression,
        RemedyPayload.Plain($"Override of HTTP DDoS rule {context.RuleId}; made {RemedyText.Day(context.Request.Now)}"),
        before,
        json => RemedyPayload.Override(json, RulesetId, context.EngineRuleId, rule => rule.WriteString("sensitivity_level", sensitivity)));

}

namespace CfLogStream.Core.Insight.Remedies;

/// <summary>Remedies for exemptions that let too much pass.</summary>
internal static class ExemptionRemedies
{
    public static IEnumerable<Remedy> Plan(RemedyContext context)
    {
        bool access = context.Facts.Control is "ip" or "iprange" or "asn" or "country";
        Remedy narrowed = context.Bound(
            RemedyKind.NarrowExemption,
            access
                ? $"Replace {context.RuleName} by a skip rule for the calls that need it, then delete it."
                : $"Narrow {context.RuleName} to the calls that need it: give it this expression in the place of its own.",
            context.Scope.Expiring) with
        {
            NextControls = [],
            NotCovered =
            [
                .. context.Scope.NotCovered,
                "Clients and endpoints that were not seen while the data was collected: they meet the skipped controls again.",
            ],
            Warnings =
            [
                .. context.Scope.Warnings,
                "Before it takes effect, look at what the skipped controls logged for the traffic that loses the exemption.",
            ],
        };
        yield return access
            ? narrowed with
            {
                Place = "Security › WAF › Custom rules › Create rule › action Skip, placed first",
                ApiMethod = "POST",
                ApiPath = RemedyContext.RulesPath,
                Payload = RemedyPayload.Rule(
                    "skip", context.Scope.Expiring, context.Description, "",
                    static json => json.WriteString("ruleset", "current")),
            }
            : narrowed with
            {
                ApiMethod = "PATCH",
                ApiPath = $"{RemedyContext.RulesPath}/{context.RuleId}",
                Warnings =
                [
                    .. narrowed.Warnings,
                    "The API replaces the whole rule: read it first and repeat its action parameters, which the logs do not show.",
                ],
            };
        yield return context.Unbound(
            RemedyKind.NarrowExemption, $"Withdraw {context.RuleName}, and make exemptions for what then proves to need one.", context.Facts.Place) with
        {
            ApiMethod = "DELETE",
            ApiPath = access ? $"{RemedyContext.AccessPath}/{context.RuleId}" : $"{RemedyContext.RulesPath}/{context.RuleId}",
            Warnings = ["Legitimate callers that rode on it are stopped until they have an exemption of their own."],
        };
    }
}

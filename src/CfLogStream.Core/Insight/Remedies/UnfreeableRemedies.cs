namespace CfLogStream.Core.Insight.Remedies;

/// <summary>What can be said where nothing at Cloudflare exempts, or nothing is known.</summary>
internal static class UnfreeableRemedies
{
    public static IEnumerable<Remedy> PlanValidation(RemedyContext context)
    {
        yield return context.Unbound(
            RemedyKind.ClientChange,
            $"Let the client send a well-formed request: {context.RuleName} is a check that nothing exempts from.",
            "") with
        {
            Warnings = ["Look at the request as it is sent: header syntax, Content-Length against the body, encoding of the path, the request line."],
        };
    }

    public static IEnumerable<Remedy> PlanUnknown(RemedyContext context)
    {
        string name = context.Facts.Control is "unknown" or ""
            ? "The log does not name the product that acted"
            : $"The control '{context.Facts.Control}' is not known to this program";
        yield return context.Unbound(
            RemedyKind.Investigate,
            $"{name}: open the ray in Security Events, which shows the service and the rule, before changing anything.",
            context.Facts.Place) with
        {
            Warnings = ["No exemption is proposed: what would exempt from it, and what else it would let pass, is not known."],
            Refused = ["A skip rule or an allow rule by guess: whether it reaches this control is not known."],
        };
    }
}

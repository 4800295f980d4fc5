using System.Globalization;
using CfLogStream.Core.Insight.Controls;
using CfLogStream.Core.Insight.Findings;

namespace CfLogStream.Core.Insight.Remedies;

/// <summary>Says what to change so that stopped API clients pass, the narrowest change that works first.</summary>
/// <remarks>
/// A pure function of its request. Everything in the request that stems from a log was written by whoever called: it reaches an expression only
/// as a literal and a payload only through the JSON writer. The first remedy carries the changes that look right for the control and do not
/// work, with their reasons.
/// </remarks>
public static class RemedyPlanner
{
    /// <summary>Returns the remedies, the narrowest first; at least one.</summary>
    public static IReadOnlyList<Remedy> Plan(RemedyRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Endpoints.Count == 0)
        {
            throw new ArgumentException("A remedy needs at least one endpoint; found none.", nameof(request));
        }

        var context = new RemedyContext(request);
        Remedy[] remedies = context.Scope.IsWithheld
            ? [Withheld(context), .. Remedies(context).Where(static remedy => remedy.Expression.Length == 0 && remedy.Kind != RemedyKind.IpAccess)]
            : [.. Remedies(context)];

        // They are about freeing calls; withdrawing an exemption is the opposite.
        IEnumerable<RefusedChange> refused = request.Pattern == MisjudgementPattern.ExemptionTooBroad ? [] : context.Facts.Refused;
        remedies[0] = remedies[0] with { Refused = [.. remedies[0].Refused, .. refused.Select(static change => change.ToString())] };
        return remedies;
    }

    private static Remedy Withheld(RemedyContext context) => context.Unbound(
        RemedyKind.Withheld,
        "Ask whose client it is for what only this client has: fixed addresses, a client certificate or a signature header. Then exempt that.",
        context.Facts.Place) with
    {
        WhySafe = ["Nothing is exempted before the client can be told from others."],
        Refused =
        [
            new RefusedChange(
                "An exemption from what the logs show",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"tried on {context.Request.Tried.Count} requests that the rule stopped, no network, fingerprint or endpoint frees this client without also freeing more than {ScopeTrial.MostAttacks:0.#%} of requests that look rightly stopped")).ToString(),
        ],
    };

    private static IEnumerable<Remedy> Remedies(RemedyContext context)
    {
        if (context.Request.Pattern == MisjudgementPattern.ExemptionTooBroad)
        {
            return ExemptionRemedies.Plan(context);
        }

        return context.Facts.Control switch
        {
            "firewallcustom" => CustomRuleRemedies.Plan(context),
            "firewallrules" => CustomRuleRemedies.PlanPrevious(context),
            "ratelimit" => RateLimitRemedies.Plan(context),
            "firewallmanaged" => ManagedRuleRemedies.Plan(context),
            "waf" => ManagedRuleRemedies.PlanPrevious(context),
            "dlp" => ManagedRuleRemedies.PlanSensitiveData(context),
            "botfight" => BotRemedies.PlanFightMode(context),
            "botmanagement" => BotRemedies.PlanManagement(context),
            "l7ddos" => DdosRemedies.Plan(context),
            "bic" => ProductRemedies.PlanBrowserIntegrity(context),
            "securitylevel" => ProductRemedies.PlanSecurityLevel(context),
            "zonelockdown" => ProductRemedies.PlanLockdown(context),
            "uablock" => ProductRemedies.PlanUserAgentBlocking(context),
            "hot" => ProductRemedies.PlanHotlink(context),
            "ip" or "iprange" or "asn" or "country" => AccessRemedies.Plan(context),
            "apishieldschemavalidation" => ApiShieldRemedies.PlanSchema(context),
            "apishieldtokenvalidation" => ApiShieldRemedies.PlanToken(context),
            "apishieldsequencemitigation" => ApiShieldRemedies.PlanSequence(context),
            "apishield" => ApiShieldRemedies.PlanGeneral(context),
            "validation" => UnfreeableRemedies.PlanValidation(context),
            _ => UnfreeableRemedies.PlanUnknown(context),
        };
    }
}

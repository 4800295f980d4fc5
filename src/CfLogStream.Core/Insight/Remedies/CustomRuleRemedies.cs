using CfLogStream.Core.Insight.Controls;

namespace CfLogStream.Core.Insight.Remedies;

/// <summary>Remedies against custom rules: plain ones, those on client certificates, and API Shield's fallthrough rules.</summary>
internal static class CustomRuleRemedies
{
    public static IEnumerable<Remedy> Plan(RemedyContext context)
    {
        string about = $"{context.Rule.Description} {context.Rule.Reference}";
        if (Speaks(about, "fallthrough"))
        {
            yield return ApiShieldRemedies.SaveEndpoints(context);
        }

        bool certificates = Speaks(about, "mtls") || Speaks(about, "client cert") || Speaks(about, "tls_client_auth");
        if (certificates)
        {
            yield return Certificate(context);
        }

        yield return context.Narrowed($"Narrow {context.RuleName}: add the condition to its expression, so that it leaves these calls alone.");
        yield return context.Skip(
            $"Skip the rest of its ruleset for these calls, by a skip rule placed before {context.RuleName}.",
            static json => json.WriteString("ruleset", "current"),
            RemedyText.IsRulesetId(context.Rule.Id) ? context.Rule.Id : "") with
        {
            NotCovered =
            [
                .. context.Scope.NotCovered,
                "Rules of custom rulesets that are executed later, and rules of the account, which run before the zone's.",
            ],
            Warnings =
            [
                .. context.Scope.Warnings,
                "It skips every later rule of the ruleset for these calls, not only this one.",
                "If the rule is deployed at the account, this has to be done there.",
            ],
        };
        yield return context.Skip(
            "Skip the rest of the phase for these calls: custom rulesets executed later too (API only, zone level only).",
            static json => json.WriteString("phase", "current"), "", "firewallcustom");
        if (context.Access() is { } allow)
        {
            yield return allow;
        }
    }

    /// <summary>Firewall rules, the deprecated ones.</summary>
    public static IEnumerable<Remedy> PlanPrevious(RemedyContext context)
    {
        yield return context.Bound(
            RemedyKind.EditRule,
            $"Narrow {context.RuleName}: add the condition to its expression. Better still, migrate it to a custom rule first.",
            $"not ({context.Scope.Lasting})") with
        {
            Warnings = [.. context.Scope.Warnings, "Firewall rules are deprecated: after the migration the rule has another id."],
        };
        if (context.Access() is { } allow)
        {
            yield return allow;
        }
    }

    private static Remedy Certificate(RemedyContext context) => context.Unbound(
        RemedyKind.ClientChange,
        $"Let the client present a valid client certificate: {context.RuleName} asks for one.",
        "SSL/TLS › Client Certificates") with
    {
        NotCovered = ["Clients that cannot hold a certificate: narrow the rule for those."],
        WhySafe = ["The rule stays as strict as it is."],
        Refused =
        [
            new RefusedChange(
                "Presenting a certificate of another authority",
                "The rule may check the issuer and revocation too; such a certificate is not accepted.").ToString(),
        ],
    };

    private static bool Speaks(string text, string word) => text.Contains(word, StringComparison.OrdinalIgnoreCase);
}

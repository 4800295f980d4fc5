using System.Text.Json;
using CfLogStream.Core.Insight.Controls;
using CfLogStream.Core.Rules;

namespace CfLogStream.Core.Insight.Remedies;

/// <summary>Remedies against products outside the Ruleset Engine that a skip rule names as products.</summary>
internal static class ProductRemedies
{
    public static IEnumerable<Remedy> PlanBrowserIntegrity(RemedyContext context)
    {
        yield return context.SkipProduct("bic");
        yield return context.Configuration(
            "Turn Browser Integrity Check off for these calls by a configuration rule.", static json => json.WriteBoolean("bic", false));
        if (context.Access() is { } allow)
        {
            yield return allow;
        }

        yield return Setting(context, "Turn Browser Integrity Check off for the zone.", "browser_check");
        yield return context.Unbound(
            RemedyKind.ClientChange, "Let the client send a user agent of its own and the usual headers.", "") with
        {
            NotCovered = ["Clients that nobody can change."],
        };
    }

    public static IEnumerable<Remedy> PlanSecurityLevel(RemedyContext context)
    {
        if (ControlCatalog.Fold(context.Rule.Action) == "drop")
        {
            yield return context.Unbound(
                RemedyKind.ClientChange,
                "Change the client's user agent: the request was dropped because the user agent holds an attack pattern, a check made before allow lists.",
                "") with
            {
                Refused =
                [
                    "Any exemption at Cloudflare (skip rule, configuration rule, IP Access rule): the check is made before all of them.",
                ],
            };
            yield break;
        }

        yield return context.SkipProduct("securityLevel");
        yield return context.Configuration(
            "Set the security level to Essentially Off for these calls by a configuration rule.",
            static json => json.WriteString("security_level", "essentially_off")) with
        {
            Warnings = [.. context.Scope.Warnings, "It also ends Under Attack mode for these calls."],
        };
        if (context.Access() is { } allow)
        {
            yield return allow;
        }
    }

    public static IEnumerable<Remedy> PlanLockdown(RemedyContext context)
    {
        if (context.Networks.Count > 0)
        {
            yield return context.Unbound(
                RemedyKind.EditRule,
                $"Add the client's addresses to {context.RuleName}: it lists who may enter.",
                context.Facts.Place) with
            {
                ApiMethod = "PUT",
                ApiPath = $"/zones/{{zone_id}}/firewall/lockdowns/{context.RuleId}",
                Payload = RemedyPayload.Write(json => WriteLockdown(json, context.Networks)),
                WhySafe = ["Only these addresses are added; all others stay out."],
                NotCovered = context.Request.Evidence.NetworksComplete ? [] : ["Addresses of the client beyond these."],
                Warnings = ["The API replaces the whole rule: repeat its URLs and the addresses that it has already."],
            };
        }

        yield return context.SkipProduct("zoneLockdown");
        yield return context.Unbound(
            RemedyKind.EditRule,
            "Make a lockdown rule with a higher priority (a lower number) for this URL that lists the client too.",
            context.Facts.Place);
    }

    public static IEnumerable<Remedy> PlanUserAgentBlocking(RemedyContext context)
    {
        yield return context.SkipProduct("uaBlock");
        yield return context.Unbound(
            RemedyKind.EditRule,
            $"Delete {context.RuleName} or narrow it to a custom rule: it blocks one exact user agent on the whole zone.",
            context.Facts.Place) with
        {
            ApiMethod = "DELETE",
            ApiPath = $"/zones/{{zone_id}}/firewall/ua_rules/{context.RuleId}",
        };
    }

    public static IEnumerable<Remedy> PlanHotlink(RemedyContext context)
    {
        yield return context.SkipProduct("hot");
        yield return context.Configuration(
            "Turn Hotlink Protection off for these calls by a configuration rule.",
            static json => json.WriteBoolean("hotlink_protection", false));
        yield return context.Unbound(
            RemedyKind.ClientChange, "Serve the images below a path that contains /hotlink-ok/, or let the client send no referrer.", "");
        yield return Setting(context, "Turn Hotlink Protection off for the zone.", "hotlink_protection");
    }

    private static Remedy Setting(RemedyContext context, string summary, string setting) =>
        context.Unbound(RemedyKind.ZoneSetting, summary, context.Facts.Place, context.Facts.Control) with
        {
            ApiMethod = "PATCH",
            ApiPath = $"/zones/{{zone_id}}/settings/{setting}",
            Payload = RemedyPayload.One("value", "off"),
            Warnings = ["It acts on every host and path of the zone."],
        };

    private static void WriteLockdown(Utf8JsonWriter json, IReadOnlyList<string> networks)
    {
        json.WriteStartObject();
        RemedyPayload.Array(json, "urls", "{urls_of_the_rule}");
        json.WriteStartArray("configurations");
        foreach (string network in networks)
        {
            json.WriteStartObject();
            json.WriteString("target", BareForm.TryAddress(network, out _) ? "ip" : "ip_range");
            json.WriteString("value", network);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}

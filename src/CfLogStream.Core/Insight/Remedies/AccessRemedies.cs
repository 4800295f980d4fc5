using System.Net;
using System.Net.Sockets;
using CfLogStream.Core.Insight.Controls;
using CfLogStream.Core.Rules;

namespace CfLogStream.Core.Insight.Remedies;

/// <summary>Remedies by and for IP Access rules.</summary>
internal static class AccessRemedies
{
    private const int MaxShown = 10;

    /// <summary>An allow rule for the client's addresses; null where none of them can be entered.</summary>
    public static Remedy? Allow(RemedyContext context, IReadOnlySet<string> covered)
    {
        if (context.Request.Rule.Control.Length > 0 && !covered.Contains(context.Facts.Control))
        {
            return null;
        }

        (string Target, string Value)[] entries = [.. context.Networks.Select(Entry).OfType<(string, string)>()];
        if (entries.Length == 0)
        {
            return null;
        }

        var notCovered = new List<string>();
        if (entries.Length > 1)
        {
            string more = string.Join(", ", entries.Skip(1).Take(MaxShown).Select(static entry => entry.Value));
            notCovered.Add($"One rule takes one address or range; repeat it for {more}{(entries.Length > MaxShown + 1 ? " and more" : "")}.");
        }

        if (entries.Length < context.Networks.Count || !context.Request.Evidence.NetworksComplete)
        {
            notCovered.Add("Addresses of the client beyond these, and ranges that IP Access rules do not take (only /16 and /24; IPv6 /32, /48, /64).");
        }

        string[] allowed = [.. covered];
        return context.Unbound(
            RemedyKind.IpAccess,
            "Allow the client's addresses by IP Access rules: the bluntest remedy, for every host and path of the zone.",
            "Security › WAF › Tools › IP Access rules",
            allowed) with
        {
            ApiMethod = "POST",
            ApiPath = RemedyContext.AccessPath,
            Payload = RemedyPayload.Access("whitelist", entries[0].Target, entries[0].Value, context.Description),
            NotCovered = notCovered,
            WhySafe = ["It is bound to addresses that the client was seen to call from."],
            Warnings =
            [
                "It takes out custom rules, rate limiting, managed rules and bot controls at once, on the whole zone.",
                "Its hits are not logged: nobody will see what passes by it. It does not expire.",
            ],
        };
    }

    /// <summary>The remedies against a block by an IP Access rule.</summary>
    public static IEnumerable<Remedy> Plan(RemedyContext context)
    {
        string control = context.Facts.Control;
        Remedy delete = context.Unbound(
            RemedyKind.IpAccess,
            control == "ip"
                ? "Delete the IP Access rule: it holds this one address."
                : "Delete the IP Access rule once a custom rule stands in its place.",
            context.Facts.Place) with
        {
            ApiMethod = "DELETE",
            ApiPath = $"{RemedyContext.AccessPath}/{context.RuleId}",
            NotCovered = control == "ip" ? [] : ["What else the rule stopped is free as well, unless a custom rule stands in its place."],
        };
        if (control == "ip")
        {
            yield return delete with { WhySafe = ["It frees one address from this block and from nothing else."] };
        }
        else
        {
            yield return Replacement(context);
            yield return delete;
        }

        if (context.Access() is { } allow)
        {
            yield return allow;
        }
    }

    // A custom rule can do what an IP Access rule cannot: leave out a path and a client.
    private static Remedy Replacement(RemedyContext context)
    {
        ClientEvidence evidence = context.Request.Evidence;
        string blocked = context.Facts.Control switch
        {
            "country" when evidence.Countries.FirstOrDefault(IsCountry) is { } country =>
                $"ip.src.country eq {RuleText.Quote(country.ToUpperInvariant())}",
            "asn" when evidence.Asns.Count > 0 => $"ip.src.asnum eq {RemedyText.Number(evidence.Asns[0])}",
            _ => RemedyText.OwnExpression,
        };
        string action = RemedyText.ApiAction(ControlCatalog.Fold(context.Rule.Action));
        string expression = $"{blocked} and not ({context.Scope.Lasting})";
        return context.Bound(
            RemedyKind.EditRule,
            "Move the IP Access rule to a custom rule that leaves these calls out, then delete it.",
            expression) with
        {
            Place = "Security › WAF › Custom rules › Create rule",
            ApiMethod = "POST",
            ApiPath = RemedyContext.RulesPath,
            Payload = RemedyPayload.Rule(
                action.Length == 0 ? "block" : action,
                expression,
                RemedyPayload.Plain($"In place of IP Access rule {context.RuleId}, without API calls of known clients"),
                before: null, parameters: null),
            Warnings =
            [
                .. context.Scope.Warnings,
                blocked == RemedyText.OwnExpression
                    ? $"Put what the IP Access rule blocks in the place of {RemedyText.OwnExpression}, for instance ip.src in {{203.0.113.0/24}}."
                    : "Check against the IP Access rule that it blocks what this expression begins with: it is taken from the stopped requests.",
                "As long as the IP Access rule exists it still blocks.",
            ],
        };
    }

    private static bool IsCountry(string code) => code.Length == 2 && code.All(char.IsAsciiLetterOrDigit);

    private static (string Target, string Value)? Entry(string network)
    {
        if (BareForm.TryAddress(network, out IPAddress address))
        {
            return (address.AddressFamily == AddressFamily.InterNetwork ? "ip" : "ip6", network);
        }

        bool taken = BareForm.TryNetwork(network, out address, out int length)
            && (address.AddressFamily == AddressFamily.InterNetwork ? length is 16 or 24 : length is 32 or 48 or 64);
        return taken ? ("ip_range", network) : null;
    }
}

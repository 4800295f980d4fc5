using System.Text;
using CfLogStream.Core.Traffic;
using CfLogStream.Core.Traffic.Clients;

namespace CfLogStream.Core.Insight.Requests;

/// <summary>Says which of a request's stored fields speak for its client class and trust, and which against.</summary>
/// <remarks>
/// Request headers are looked at when a record is classified and are not stored: where nothing stored explains a class, the explanation
/// says that a header may have. The class itself is never judged anew.
/// </remarks>
public sealed class ClientExplanation
{
    private readonly UserAgentMatcher _matcher;

    /// <param name="tables">The tables that records are classified by: they have the user's own tokens.</param>
    public ClientExplanation(ClassificationTables tables)
    {
        ArgumentNullException.ThrowIfNull(tables);
        _matcher = tables.Clients;
    }

    /// <summary>Returns sentences for people, the weightiest first. They quote log text, to be escaped where it is shown.</summary>
    public IReadOnlyList<string> Explain(ClientFacets facets)
    {
        ArgumentNullException.ThrowIfNull(facets);
        var reasons = new List<string>();
        if (facets.Class == "cf_internal")
        {
            return [$"made by Cloudflare itself (request source '{facets.RequestSource}'), no client's request"];
        }

        Prove(facets, reasons);
        ReadAgent(facets, reasons);
        ReadNetwork(facets, reasons);
        ReadBrowser(facets, reasons);
        reasons.Add(facets.Trust switch
        {
            "verified" => "verified: Cloudflare or the network proves who calls",
            "corroborated" => "corroborated: a signal beside the user agent supports it",
            "contradicted" => "contradicted: something in the request does not fit what it says it is",
            "claimed" => "claimed: nothing but its own word says so, and anyone can send it",
            _ => $"trust '{facets.Trust}'",
        });
        return reasons;
    }

    private static void Prove(ClientFacets facets, List<string> reasons)
    {
        if (Is(facets.MtlsStatus, "ok"))
        {
            reasons.Add("it showed a valid client certificate (ClientMTLSAuthStatus ok)");
        }

        if (facets.VerifiedBotCategory.Length > 0)
        {
            reasons.Add($"Cloudflare verified it as a bot of the category '{facets.VerifiedBotCategory}'");
        }
        else if (Is(facets.BotScoreSource, "Verified Bot"))
        {
            reasons.Add("Cloudflare's bot score says 'Verified Bot'");
        }

        ReadOnlySpan<byte> sender = ClientTables.Addresses.Find(IpPrefix.Parse(Encoding.UTF8.GetBytes(facets.Address)));
        if (!sender.IsEmpty)
        {
            reasons.Add($"its address is one that {Encoding.UTF8.GetString(sender)} publishes for its deliveries");
        }
    }

    private void ReadAgent(ClientFacets facets, List<string> reasons)
    {
        if (facets.UserAgent.Length == 0)
        {
            reasons.Add("no user agent was sent, or none was logged");
            return;
        }

        AgentMatch match = _matcher.Match(Encoding.UTF8.GetBytes(facets.UserAgent));
        for (MatchLevel level = 0; level < MatchLevel.Count; level++)
        {
            if (match.TryGetRank(level, out int rank))
            {
                ClientDefinition found = _matcher[rank];
                if (Encoding.UTF8.GetString(found.Name) != facets.Name)
                {
                    continue;
                }

                string own = found.FromUser ? ", a token of your configuration" : "";
                reasons.Add($"its user agent has '{Encoding.UTF8.GetString(found.Token)}'{own}");
                if (found.Asn != 0 && facets.Asn != 0)
                {
                    reasons.Add(found.Asn == facets.Asn
                        ? $"AS{facets.Asn} is the network that {facets.Name} calls from"
                        : $"AS{facets.Asn} is not the network that {facets.Name} is known to call from (AS{found.Asn})");
                }

                return;
            }
        }

        bool browser = BrowserFamily.IsBrowser(in match);
        reasons.Add(browser ? "its user agent is a browser's"
            : facets.Class is "webhook" ? "its user agent names no sender; a header of its deliveries or its address did"
            : facets.Class is "sdk" or "cli" or "mobile_app" ? $"its user agent begins with a product's name, taken as '{facets.Name}'"
            : "no known client is in its user agent");
    }

    private static void ReadNetwork(ClientFacets facets, List<string> reasons)
    {
        if (facets.Asn != 0)
        {
            NetworkKind kind = NetworkTable.KindOf(facets.Asn);
            if (kind != NetworkKind.Unlisted)
            {
                reasons.Add(kind == NetworkKind.Hosting
                    ? $"AS{facets.Asn} rents servers: seldom people"
                    : $"AS{facets.Asn} serves homes, offices and phones: seldom a vendor's servers");
            }
        }

        if (facets.IpClass.Length > 0 && !Is(facets.IpClass, "noRecord") && !Is(facets.IpClass, "unknown") && !Is(facets.IpClass, "clean"))
        {
            reasons.Add($"Cloudflare classes its address as '{facets.IpClass}'");
        }

        if (facets.Class == "webhook" && facets.Trust == "contradicted" && facets.Method is "GET" or "HEAD")
        {
            reasons.Add($"it is a {facets.Method}, and deliveries are posted");
        }

        if (Is(facets.DeviceType, "mobile") && facets.Class == "mobile_app")
        {
            reasons.Add("it comes from a mobile device");
        }
    }

    private static void ReadBrowser(ClientFacets facets, List<string> reasons)
    {
        if (!facets.Class.StartsWith("browser", StringComparison.Ordinal))
        {
            return;
        }

        if (facets.BotScore is >= 1 and <= 29)
        {
            reasons.Add($"a bot score of {facets.BotScore} ({facets.BotScoreSource}) speaks for automation");
        }

        if (facets.JsDetection.Length > 0 && facets.JsDetection is "passed" or "failed")
        {
            reasons.Add($"JavaScript detection {facets.JsDetection}");
        }

        if (Is(facets.RequestedWith, "XMLHttpRequest"))
        {
            reasons.Add("X-Requested-With says that a script asks");
        }

        if (facets.Class == "browser_claimed" && facets.Referer.Length == 0 && NetworkTable.KindOf(facets.Asn) == NetworkKind.Hosting)
        {
            reasons.Add("a browser on a rented server, without referer");
        }
    }

    private static bool Is(string value, string word) => value.Equals(word, StringComparison.OrdinalIgnoreCase);
}

using System.Text;

namespace CfLogStream.Core.Traffic.Controls;

/// <summary>The controls by their human names, for reports.</summary>
public static class ControlNames
{
    private static readonly Dictionary<string, string> s_names = new(StringComparer.Ordinal)
    {
        ["firewallcustom"] = "WAF custom rule",
        ["ratelimit"] = "Rate limiting rule",
        ["firewallmanaged"] = "WAF managed rule",
        ["waf"] = "WAF managed rule (previous version)",
        ["botfight"] = "Bot Fight Mode",
        ["botmanagement"] = "Bot Management",
        ["l7ddos"] = "HTTP DDoS protection",
        ["bic"] = "Browser Integrity Check",
        ["securitylevel"] = "Security Level",
        ["zonelockdown"] = "Zone Lockdown",
        ["uablock"] = "User Agent Blocking",
        ["hot"] = "Hotlink Protection",
        ["ip"] = "IP Access rule (address)",
        ["iprange"] = "IP Access rule (range)",
        ["asn"] = "IP Access rule (ASN)",
        ["country"] = "IP Access rule (country)",
        ["apishieldschemavalidation"] = "API Shield schema validation",
        ["apishieldtokenvalidation"] = "API Shield JWT validation",
        ["apishieldsequencemitigation"] = "API Shield sequence rule",
        ["apishield"] = "API Shield",
        ["dlp"] = "Sensitive Data Detection",
        ["validation"] = "Validation check",
        ["sanitycheck"] = "Validation check",
        ["firewallrules"] = "Firewall rule (previous version)",
        ["unknown"] = "Unnamed Cloudflare product",
        [""] = "Not logged",
    };

    /// <summary>The folded controls that have a name.</summary>
    public static IReadOnlyCollection<string> Known => s_names.Keys;

    /// <summary>Returns the human name of a folded control; one that is not known is shown as it is.</summary>
    public static string Of(string foldedControl) => s_names.GetValueOrDefault(foldedControl, foldedControl);

    /// <summary>Returns the human name of a folded control; one that is not known is shown as it is.</summary>
    public static string Of(ReadOnlySpan<byte> foldedControl) => Of(Encoding.UTF8.GetString(foldedControl));
}

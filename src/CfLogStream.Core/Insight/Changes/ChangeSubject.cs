namespace CfLogStream.Core.Insight.Changes;

/// <summary>What a change was made to.</summary>
/// <param name="Thing">The first word of the change's kind: <c>rule</c>, <c>ruleset</c>, <c>setting</c> …</param>
/// <param name="Control">The folded control; empty when the words alone do not tell.</param>
internal readonly record struct ChangeSubject(string Thing, string Control)
{
    // The first that occurs wins. Words are those of API paths, products and resource types, with '_' between them.
    private static readonly (string Words, ChangeSubject Subject)[] s_subjects =
    [
        ("rate_limit", new("rate_limit", "ratelimit")),
        ("ratelimit", new("rate_limit", "ratelimit")),
        ("lockdown", new("lockdown", "zonelockdown")),
        ("ua_rule", new("ua_rule", "uablock")),
        ("user_agent_block", new("ua_rule", "uablock")),
        ("access_rule", new("access_rule", "")),
        ("schema_validation", new("api_shield", "apishieldschemavalidation")),
        ("user_schema", new("api_shield", "apishieldschemavalidation")),
        ("token_validation", new("api_shield", "apishieldtokenvalidation")),
        ("api_gateway", new("api_shield", "apishield")),
        ("api_shield", new("api_shield", "apishield")),
        ("apishield", new("api_shield", "apishield")),
        ("bot_fight", new("bot_settings", "botfight")),
        ("bot_management", new("bot_settings", "botmanagement")),
        ("botmanagement", new("bot_settings", "botmanagement")),
        ("super_bot", new("bot_settings", "botmanagement")),
        ("sbfm", new("bot_settings", "botmanagement")),
        ("ddos", new("ddos_override", "l7ddos")),
        ("configuration_rule", new("configuration_rule", "")),
        ("config_rule", new("configuration_rule", "")),
        ("page_rule", new("page_rule", "")),
        ("pagerule", new("page_rule", "")),
        ("firewall_waf", new("waf_rule", "waf")),
        ("waf_package", new("waf_rule", "waf")),
        ("waf_group", new("waf_rule", "waf")),
        ("waf_rule", new("waf_rule", "waf")),
        ("custom_rule", new("rule", "firewallcustom")),
        ("managed_rule", new("rule", "firewallmanaged")),
        ("ruleset_rule", new("rule", "")),
        ("rulesets_rule", new("rule", "")),
        ("ruleset", new("ruleset", "")),
        ("firewall_rule", new("rule", "firewallrules")),
        ("firewall_filter", new("rule", "firewallrules")),
        ("rules_list", new("list", "")),
        ("ip_list", new("list", "")),
        ("firewall", new("firewall", "")),
    ];

    // Cloudflare's names of the phases in which rulesets run.
    private static readonly Dictionary<string, ChangeSubject> s_phases = new(StringComparer.Ordinal)
    {
        ["http_request_firewall_custom"] = new("rule", "firewallcustom"),
        ["http_ratelimit"] = new("rate_limit", "ratelimit"),
        ["http_request_firewall_managed"] = new("rule", "firewallmanaged"),
        ["http_request_sbfm"] = new("bot_settings", "botmanagement"),
        ["ddos_l7"] = new("ddos_override", "l7ddos"),
        ["http_config_settings"] = new("configuration_rule", ""),
        ["http_request_api_gateway_early"] = new("api_shield", "apishield"),
        ["http_request_api_gateway_late"] = new("api_shield", "apishield"),
    };

    private static readonly Dictionary<string, string> s_settings = new(StringComparer.Ordinal)
    {
        ["security_level"] = "securitylevel",
        ["under_attack"] = "securitylevel",
        ["challenge_ttl"] = "securitylevel",
        ["browser_check"] = "bic",
        ["browser_integrity_check"] = "bic",
        ["bic"] = "bic",
        ["hotlink_protection"] = "hot",
        ["bot_fight_mode"] = "botfight",
        ["fight_mode"] = "botfight",
        ["ai_bots_protection"] = "botmanagement",
        ["waf"] = "waf",
        ["advanced_ddos"] = "l7ddos",
        ["schema_validation"] = "apishieldschemavalidation",
        ["token_validation"] = "apishieldtokenvalidation",
        ["tls_client_auth"] = "",
    };

    /// <summary>Finds what the words of an audit record are about; false when it is nothing that stops or frees requests.</summary>
    /// <param name="words">Words in lower case with '_' between them and around all.</param>
    public static bool TryFind(string words, out ChangeSubject subject)
    {
        // Products with rules of their own that are not about requests for websites.
        if (!words.Contains("magic", StringComparison.Ordinal) && !words.Contains("_zero_trust", StringComparison.Ordinal))
        {
            foreach ((string wanted, ChangeSubject found) in s_subjects)
            {
                if (words.Contains("_" + wanted, StringComparison.Ordinal))
                {
                    subject = found;
                    return true;
                }
            }
        }

        subject = default;
        return false;
    }

    /// <summary>Finds what a phase is about.</summary>
    public static bool TryFindPhase(string phase, out ChangeSubject subject) => s_phases.TryGetValue(phase, out subject);

    /// <summary>Finds the control of a zone setting; false when the setting stops nothing.</summary>
    public static bool TryFindSetting(string setting, out ChangeSubject subject)
    {
        bool isKnown = s_settings.TryGetValue(setting, out string? control);
        if (!isKnown && setting.StartsWith("sbfm_", StringComparison.Ordinal))
        {
            (isKnown, control) = (true, "botmanagement");
        }

        subject = new("setting", control ?? "");
        return isKnown;
    }

    /// <summary>Puts texts in lower case with '_' for every run of other characters, between them and around all.</summary>
    public static string WordsOf(params ReadOnlySpan<string> texts)
    {
        var words = new System.Text.StringBuilder("_");
        foreach (string text in texts)
        {
            foreach (char letter in text)
            {
                if (char.IsAsciiLetterOrDigit(letter))
                {
                    words.Append(char.ToLowerInvariant(letter));
                }
                else if (words[^1] != '_')
                {
                    words.Append('_');
                }
            }

            if (words[^1] != '_')
            {
                words.Append('_');
            }
        }

        return words.ToString();
    }
}

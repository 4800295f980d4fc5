using CfLogStream.Core.Traffic.Controls;

namespace CfLogStream.Core.Insight.Controls;

/// <summary>The rows of <see cref="ControlCatalog"/>.</summary>
internal static class ControlTable
{
    private const string CustomPhase = "http_request_firewall_custom";
    private const string RateLimitPhase = "http_ratelimit";
    private const string ManagedPhase = "http_request_firewall_managed";
    private const string SuperBotFightPhase = "http_request_sbfm";
    private const string ApiShieldPhase = "http_request_api_gateway_late";

    private const string Skip = "A custom rule with action skip";
    private const string PhaseSkip = "A skip rule that names phases only";

    private static readonly RefusedChange s_noApiShieldSkip = new(
        Skip,
        $"API Shield runs in {ApiShieldPhase}, and a skip rule can skip only {RateLimitPhase}, {SuperBotFightPhase} and {ManagedPhase}.");

    private static readonly RefusedChange s_noIpAccessSkip = new(
        Skip, "IP Access rules are not among the products that a skip rule can skip.");

    /// <summary>Those with an order first, in it, then the others.</summary>
    public static IReadOnlyList<ControlFacts> All { get; } =
    [
        new()
        {
            Control = "validation",
            Name = ControlNames.Of("validation"),
            Placement = ControlPlacement.BeforeAll,
            Order = 1,
            Exempting = ["Nothing at Cloudflare: the client has to send a well-formed request."],
            Refused =
            [
                new(Skip, "Validation checks run before all rules, and they cannot be disabled."),
                new("An IP Access rule with action allow", "Validation checks run before allow lists."),
                new("Turning a setting off", "Cloudflare offers no setting that disables validation checks."),
            ],
            Note = "Logged as validation, and as sanitycheck with action drop.",
        },
        new()
        {
            Control = "l7ddos",
            Name = ControlNames.Of("l7ddos"),
            Placement = ControlPlacement.RequestPhase,
            Order = 10,
            Phase = "ddos_l7",
            Place = "Security › DDoS › HTTP DDoS attack protection › Deploy a DDoS override",
            Exempting =
            [
                "An override with an expression, sensitivity eoff or action log for one rule (Enterprise with Advanced DDoS Protection).",
                "The one override without an expression: a lower sensitivity of one rule, for all traffic of the zone (every other plan).",
            ],
            Refused =
            [
                new(Skip, "ddos_l7 comes before custom rules and is not a phase that a skip rule can skip."),
                new("An account-level override while the zone has its own", "The account's overrides are then not evaluated."),
                new("An override with an expression without Advanced DDoS Protection", "Other plans have one override, and it applies to all traffic."),
                new("An IP Access rule with action allow", "No documentation says that it exempts from HTTP DDoS protection."),
            ],
            Note = "The ruleset is always on; the first override that matches wins.",
        },
        new()
        {
            Control = "firewallcustom",
            Name = ControlNames.Of("firewallcustom"),
            Placement = ControlPlacement.RequestPhase,
            Order = 20,
            Phase = CustomPhase,
            Place = "Security › WAF › Custom rules",
            Exempting =
            [
                "The rule's own expression, narrowed.",
                "A skip rule with ruleset current, placed before it in the same ruleset.",
                "A skip rule with phase current (API only, zone level): covers custom rulesets executed later too.",
                "An IP Access rule with action allow: the bluntest, and it leaves no events.",
            ],
            Refused =
            [
                new("A skip rule placed after it", "A skip acts only on what comes after it."),
                new("A zone-level skip for an account-level rule", "The account's rulesets run before the zone's: change it at the account."),
            ],
            Note = "Rules on client certificates, API Shield fallthrough, bot scores and attack scores are custom rules too.",
        },
        new()
        {
            Control = "ratelimit",
            Name = ControlNames.Of("ratelimit"),
            Placement = ControlPlacement.RequestPhase,
            Order = 30,
            Phase = RateLimitPhase,
            Place = "Security › WAF › Rate limiting rules",
            SkipPhase = RateLimitPhase,
            SkipProduct = "rateLimit",
            Exempting =
            [
                "The rule's expression without these clients, or its threshold above their bursts.",
                "Characteristics that give each client a counter of its own.",
                $"A skip rule with phases [\"{RateLimitPhase}\"]; for the previous version products [\"rateLimit\"].",
                "An IP Access rule with action allow.",
            ],
            Refused =
            [
                new("Changing only the counting expression", "It decides what is counted; whom the rule acts on is decided by the rule's expression."),
            ],
            Note = "Counters are kept per data center, and exempting a client lowers no counter that it shares with others.",
        },
        new()
        {
            Control = "apishieldschemavalidation",
            Name = ControlNames.Of("apishieldschemavalidation"),
            Placement = ControlPlacement.RequestPhase,
            Order = 40,
            Phase = ApiShieldPhase,
            Place = "Security › API Shield › Schema validation",
            Exempting =
            [
                "The operation's mitigation action: log or none.",
                "A corrected schema.",
                "The zone's override of the mitigation action: none, for all operations.",
            ],
            Refused = [s_noApiShieldSkip],
        },
        new()
        {
            Control = "apishieldtokenvalidation",
            Name = ControlNames.Of("apishieldtokenvalidation"),
            Placement = ControlPlacement.RequestPhase,
            Order = 40,
            Phase = ApiShieldPhase,
            Place = "Security › API Shield › API rules (JWT validation)",
            Exempting =
            [
                "The rule's selector without this operation or host.",
                "The rule's expression, extended: the action fires when it is false.",
                "The rule's action: log.",
            ],
            Refused =
            [
                s_noApiShieldSkip,
                new("Narrowing the expression with and", "The expression is inverted: the action fires when it is false, so and stops more."),
                new("A challenge as action", "Token validation rules know only log and block."),
            ],
        },
        new()
        {
            Control = "apishieldsequencemitigation",
            Name = ControlNames.Of("apishieldsequencemitigation"),
            Placement = ControlPlacement.RequestPhase,
            Order = 40,
            Phase = ApiShieldPhase,
            Place = "Security › API Shield › Sequence rules",
            Exempting = ["The sequence rule, changed or disabled."],
            Refused =
            [
                s_noApiShieldSkip,
                new("Judging it by one request", "It looks at the last 10 requests of a session within 10 minutes, which one record does not show."),
            ],
        },
        new()
        {
            Control = "apishield",
            Name = ControlNames.Of("apishield"),
            Placement = ControlPlacement.RequestPhase,
            Order = 40,
            Phase = ApiShieldPhase,
            Place = "Security › API Shield",
            Exempting = ["The API Shield setting that fired."],
            Refused = [s_noApiShieldSkip],
            Note = "A general name of older API Shield products; the event's rule says which one.",
        },
        new()
        {
            Control = "firewallmanaged",
            Name = ControlNames.Of("firewallmanaged"),
            Placement = ControlPlacement.RequestPhase,
            Order = 50,
            Phase = ManagedPhase,
            Place = "Security › WAF › Managed rules",
            SkipPhase = ManagedPhase,
            Exempting =
            [
                "An exception for this one rule, placed before the execute rule of its ruleset.",
                "An override of this one rule: action log, or disabled, for all traffic.",
                "An exception for the ruleset.",
                $"A skip rule with phases [\"{ManagedPhase}\"]: no managed rule at all.",
                "An IP Access rule with action allow for an address, range or ASN.",
            ],
            Refused =
            [
                new("An exception after the execute rule", "Rules are evaluated in order: by then the ruleset has acted."),
                new("A zone-level exception for a ruleset deployed at the account", "Exceptions act only at their own level."),
                new("An IP Access rule with action allow for a country", "It does not exempt from managed rules."),
            ],
        },
        new()
        {
            Control = "botmanagement",
            Name = ControlNames.Of("botmanagement"),
            Placement = ControlPlacement.RequestPhase,
            Order = 60,
            Phase = SuperBotFightPhase,
            Place = "Security › Bots › Configure",
            SkipPhase = SuperBotFightPhase,
            Exempting =
            [
                $"A skip rule with phases [\"{SuperBotFightPhase}\"].",
                "An IP Access rule with action allow.",
                "The bot settings per class of bot, for the whole zone.",
            ],
            Refused =
            [
                new("Editing its rules through the Rulesets API", "That is no longer supported; use the bot settings."),
            ],
            Note = $"Skipping {SuperBotFightPhase} skips the blocking of AI bots too.",
        },
        new()
        {
            Control = "dlp",
            Name = ControlNames.Of("dlp"),
            Placement = ControlPlacement.Response,
            Order = 90,
            Phase = "http_response_firewall_managed",
            CanTerminate = false,
            Place = "Security › WAF › Managed rules › Sensitive Data Detection",
            Exempting = ["Nothing to exempt from: it only logs."],
            Refused = [new("Any exemption", "Sensitive Data Detection only logs; another control stopped the request.")],
        },
        new()
        {
            Control = "zonelockdown",
            Name = ControlNames.Of("zonelockdown"),
            Placement = ControlPlacement.OutsideEngine,
            Place = "Security › WAF › Tools › Zone Lockdown",
            SkipProduct = "zoneLockdown",
            Exempting =
            [
                "The client's address or range, added to the lockdown rule.",
                "A skip rule with products [\"zoneLockdown\"].",
                "A lockdown rule with a higher priority (a lower number).",
            ],
            Refused =
            [
                new(PhaseSkip, "Zone Lockdown is no phase; it is skipped as a product."),
                new("An IP Access rule with action allow", "No documentation says that it exempts from Zone Lockdown."),
            ],
        },
        new()
        {
            Control = "uablock",
            Name = ControlNames.Of("uablock"),
            Placement = ControlPlacement.OutsideEngine,
            Place = "Security › WAF › Tools › User Agent Blocking",
            SkipProduct = "uaBlock",
            Exempting =
            [
                "A skip rule with products [\"uaBlock\"].",
                "The rule, edited or deleted: it matches the exact user agent on the whole zone.",
                "An address allowed by Zone Lockdown.",
            ],
            Refused = [new(PhaseSkip, "User Agent Blocking is no phase; it is skipped as a product.")],
            Note = "Runs after Zone Lockdown.",
        },
        new()
        {
            Control = "bic",
            Name = ControlNames.Of("bic"),
            Placement = ControlPlacement.OutsideEngine,
            Place = "Security › Settings › Browser Integrity Check",
            SkipProduct = "bic",
            Exempting =
            [
                "A skip rule with products [\"bic\"].",
                "A configuration rule that turns it off for these requests.",
                "An IP Access rule with action allow.",
                "The zone's setting, off.",
            ],
            Refused = [new(PhaseSkip, "Browser Integrity Check is no phase; it is skipped as a product.")],
        },
        new()
        {
            Control = "securitylevel",
            Name = ControlNames.Of("securitylevel"),
            Placement = ControlPlacement.OutsideEngine,
            Place = "Security › Settings › Security Level",
            SkipProduct = "securityLevel",
            Exempting =
            [
                "A skip rule with products [\"securityLevel\"].",
                "A configuration rule that sets the level for these requests.",
                "An IP Access rule with action allow.",
            ],
            Refused =
            [
                new(PhaseSkip, "Security Level is no phase; it is skipped as a product."),
                new("A rule on cf.threat_score", "The threat score is always 0 now."),
            ],
            Note = "Events with action drop are checks of the user agent made before allow lists: nothing exempts from those.",
        },
        new()
        {
            Control = "hot",
            Name = ControlNames.Of("hot"),
            Placement = ControlPlacement.OutsideEngine,
            Place = "Scrape Shield › Hotlink Protection",
            SkipProduct = "hot",
            Exempting =
            [
                "A skip rule with products [\"hot\"].",
                "A configuration rule that turns it off for these requests.",
                "A path that contains /hotlink-ok/.",
            ],
            Refused = [new(PhaseSkip, "Hotlink Protection is no phase; it is skipped as a product.")],
        },
        new()
        {
            Control = "botfight",
            Name = ControlNames.Of("botfight"),
            Placement = ControlPlacement.OutsideEngine,
            Place = "Security › Bots › Bot Fight Mode",
            Exempting =
            [
                "An IP Access rule that matches the request.",
                "Bot Fight Mode, off.",
                "Super Bot Fight Mode or Bot Management instead: those can be skipped.",
            ],
            Refused =
            [
                new(Skip, "Bot Fight Mode does not run in the Ruleset Engine, and custom rules cannot skip it."),
                new("A page rule or configuration rule", "Bot Fight Mode is on or off for the whole zone."),
            ],
        },
        .. IpAccess(),
        new()
        {
            Control = "waf",
            Name = ControlNames.Of("waf"),
            Placement = ControlPlacement.OutsideEngine,
            Place = "Security › WAF › Managed rules (previous version)",
            SkipProduct = "waf",
            Exempting =
            [
                "The old setting of this one rule, group or package.",
                "A skip rule with products [\"waf\"].",
            ],
            Refused = [new("An exception of the new managed rulesets", "It acts on the new engine only.")],
        },
        new()
        {
            Control = "firewallrules",
            Name = ControlNames.Of("firewallrules"),
            Placement = ControlPlacement.OutsideEngine,
            Place = "Security › WAF › Firewall rules (previous version)",
            Exempting = ["The rule, edited.", "The rule, migrated to a custom rule.", "An IP Access rule with action allow."],
            Refused =
            [
                new(Skip, "Firewall rules are not among the products that a skip rule can skip."),
            ],
            Note = "Deprecated: Cloudflare converts firewall rules to custom rules.",
        },
    ];

    private static IEnumerable<ControlFacts> IpAccess()
    {
        foreach (string control in new[] { "ip", "iprange", "asn", "country" })
        {
            yield return new ControlFacts
            {
                Control = control,
                Name = ControlNames.Of(control),
                Placement = ControlPlacement.OutsideEngine,
                Place = "Security › WAF › Tools › IP Access rules",
                Exempting =
                [
                    "An IP Access rule with action allow for the client's address or range: allow comes before block.",
                    "The rule, edited or deleted.",
                    "The rule moved to a custom rule with an IP list, where it can be narrowed.",
                ],
                Refused = [s_noIpAccessSkip],
                Note = "Allow hits of IP Access rules are not logged.",
            };
        }
    }
}

using CfLogStream.Generator.Randomness;
using CfLogStream.Generator.Scenarios.HeldOut;
using CfLogStream.Generator.Simulation;
using CfLogStream.Generator.World;

namespace CfLogStream.Generator.Scenarios;

/// <summary>Chooses, by the seed, what exactly goes wrong in a scenario and what is done about it.</summary>
internal sealed class IncidentPlanner
{
    /// <summary>The scenarios with their descriptions.</summary>
    public static readonly ScenarioInfo[] Scenarios =
    [
        new("quiet", "Everyday traffic: attacks are stopped, nobody else is."),
        new("custom-rule-hits-api", "A custom rule written for browsers challenges or blocks every other client of an API host."),
        new("bot-fight-webhooks", "Bot Fight Mode is turned on and challenges webhook deliveries and other services."),
        new("rate-limit-webhook-burst", "A rate limit is too low for the bursts of a webhook provider."),
        new("managed-rule-json-body", "A managed rule goes from log to block and takes ordinary JSON bodies for an attack."),
        new("geo-rule-partner", "A rule that blocks countries hits a partner who calls from one of them."),
        new("bic-default-ua", "Browser Integrity Check is turned on and blocks clients with a library's default user agent or none."),
        new("skip-too-broad", "A skip rule for an API host is too broad: scanners get in."),
        new("clean-fix", "An incident, then a narrow change: success returns and abuse is still filtered."),
        new("fix-breaks-filtering", "An incident, then a change that helps but switches off the filtering as well."),
        new("attack-blocked", "A flood and credential stuffing are rightly stopped; nobody else is."),
        new("preflight-blocked", "A rule on methods, tokens or headers stops preflights, so the real calls never come.", HeldOut: true),
        new("client-update-fingerprint", "An app's new release looks like a bot to an old rule; the old release does not.", HeldOut: true),
        new("bot-management-sdk", "Bot Management blocks definitely automated traffic, and a partner's library is that.", HeldOut: true),
        new("ddos-takes-batch-job", "HTTP DDoS protection takes a batch job's burst for a flood.", HeldOut: true),
        new("schema-validation-new-field", "API Shield refuses bodies with a field that its schema does not have.", HeldOut: true),
        new("asn-rule-cloud-partner", "A rule on a cloud's network stops scanners and a partner who lives there.", HeldOut: true),
        new("ip-block-shared-egress", "An IP Access rule hits a partner behind the same gateway as an attacker.", HeldOut: true),
        new("ua-block-old-sdk", "User Agent Blocking of a library's version hits a partner who still has it.", HeldOut: true),
        new("under-attack-mode", "Under Attack mode is on for a zone: people solve it, programs do not.", HeldOut: true),
        new("mixed-surface-challenge", "A custom rule challenges a host with pages and an API.", HeldOut: true),
        new("managed-release-query", "A managed rule goes from log to block and takes a search's query for an attack.", HeldOut: true),
        new("rightly-blocked-new-scanner", "A new rule stops a new scanner and nobody else.", HeldOut: true),
        new("rate-limit-stops-abuse", "A new rate limit ends stuffing or scraping and hits nobody else.", HeldOut: true),
    ];

    private readonly WorldModel _world;
    private readonly Rng _rng;
    private readonly Misjudgements _misjudgements;
    private readonly Variety _variety;
    private readonly Stage _stage;
    private readonly long _onset;

    public IncidentPlanner(WorldModel world, Variety variety)
    {
        _world = world;
        _variety = variety;
        _rng = new Rng(world.Seed, 0x1C1D);
        double usual = _rng.Between(0.4, 0.55);
        _onset = world.StartMs + (long)(world.DurationMs * (variety.Wide ? variety.OnsetFraction : usual));
        _stage = new Stage(world, _rng, _onset, variety);
        _misjudgements = new Misjudgements(_stage);
    }

    /// <summary>Returns the scenario's incident; null when nothing goes wrong.</summary>
    public Incident? Plan(string scenario) => new WideWorld(_world, _variety, _onset).Settle(Of(scenario));

    /// <summary>Returns all changes of configuration, in no order, and completes the incident's parameters.</summary>
    public ConfigurationChange[] Changes(ref Incident? incident)
    {
        ConfigurationChange[] changes = new NoiseChanges(_world, _variety, _onset)
            .Around([.. BackgroundChanges.Create(_world), .. incident?.Changes ?? []], incident);
        if (incident is not null && _variety.Wide)
        {
            incident = incident with { Parameters = Merged(incident.Parameters) };
        }

        return changes;
    }

    private Dictionary<string, string> Merged(IReadOnlyDictionary<string, string> parameters)
    {
        var all = new Dictionary<string, string>(parameters);
        foreach ((string name, string value) in _variety.Chosen)
        {
            all.TryAdd(name, value);
        }

        return all;
    }

    private Incident? Of(string scenario) => scenario switch
    {
        "quiet" => null,
        "custom-rule-hits-api" => _misjudgements.CustomRule(),
        "bot-fight-webhooks" => _misjudgements.BotFight(),
        "rate-limit-webhook-burst" => _misjudgements.RateLimit(),
        "managed-rule-json-body" => _misjudgements.ManagedRule(),
        "geo-rule-partner" => _misjudgements.GeoRule(),
        "bic-default-ua" => _misjudgements.BrowserIntegrity(),
        "skip-too-broad" => SkipTooBroad(),
        "clean-fix" => new Fixes(_stage).Narrow(AnyMisjudgement(6)),
        "fix-breaks-filtering" => new Fixes(_stage).Broad(AnyMisjudgement(2)),
        "attack-blocked" => AttackBlocked(),
        "preflight-blocked" => new Challenges(_stage).Preflight(),
        "client-update-fingerprint" => new ClientChanges(_stage).Update(),
        "bot-management-sdk" => new Challenges(_stage).AutomatedTraffic(),
        "ddos-takes-batch-job" => new ClientChanges(_stage).BatchJob(),
        "schema-validation-new-field" => new ContentRules(_stage).SchemaValidation(),
        "asn-rule-cloud-partner" => new AddressRules(_stage).NetworkRule(),
        "ip-block-shared-egress" => new AddressRules(_stage).AddressRule(),
        "ua-block-old-sdk" => new AddressRules(_stage).UserAgentRule(),
        "under-attack-mode" => new Challenges(_stage).UnderAttack(),
        "mixed-surface-challenge" => new Challenges(_stage).MixedSurface(),
        "managed-release-query" => new ContentRules(_stage).ManagedQuery(),
        "rightly-blocked-new-scanner" => new RightlyStopped(_stage).NewScanner(),
        "rate-limit-stops-abuse" => new RightlyStopped(_stage).Abuse(),
        _ => throw new ArgumentException(ScenarioCatalog.Unknown(scenario), nameof(scenario)),
    };

    private Incident AnyMisjudgement(int kinds) => _rng.Below(kinds) switch
    {
        0 => _misjudgements.CustomRule(),
        1 => _misjudgements.ManagedRule(),
        2 => _misjudgements.RateLimit(),
        3 => _misjudgements.GeoRule(),
        4 => _misjudgements.BrowserIntegrity(),
        _ => _misjudgements.BotFight(),
    };

    private Incident SkipTooBroad()
    {
        bool shop = _rng.Chance(0.5);
        Endpoint endpoint = _world.Catalog.Group(shop ? "shop-api-read" : "ledger-sync").Endpoints[0];
        Host host = endpoint.Host;
        Actor attacker = _world.Actor(_variety.Among("sqlmap runs", ["sqlmap runs", "scanners in disguise", "nuclei runs"]));
        attacker.Share *= _world.Lines < 20_000 ? 5 : 3;
        Rule rule = Rule.Create(Control.Custom, ControlAction.Skip, BackgroundRules.Identifier(_rng.Next()),
            _variety.Describe(_rng.Pick((string[])["Temp: let partners through", "Skip WAF for API", "INC-2291 unblock API"])));
        string expression = $"(http.host eq \"{host.Name}\")";
        return new Incident
        {
            Pattern = "skip_too_broad",
            Phase = ControlPhase.Custom,
            Rule = rule,
            Matches = _ => false,
            OnsetMs = _onset,
            SkipRule = rule,
            SkipFromMs = _onset,
            SkipsEverything = true,
            Exempt = request => request.Endpoint.Host == host,
            Scope = "host",
            Culprit = attacker,
            Endpoint = endpoint,
            ExpectedLostShare = 0,
            Parameters = new Dictionary<string,
                string>
            { ["expression"] = expression, ["skips"] = "all remaining custom rules, rate limits, managed rules, bot rules" },
            Changes = [Audit.RuleCreated(rule, host.ZoneName, expression, _onset - 3000, "cause")],
        };
    }

    private Incident AttackBlocked()
    {
        Actor flood = _world.Actor("botnet flood");
        Actor stuffing = _world.Actor("credential stuffing");
        long end = _onset + (long)(_world.DurationMs * _rng.Between(0.12, 0.25));
        double usual = _rng.Between(0.6, 1.4);
        double share = _variety.Between(usual, 0.1, 2, "flood_share");
        flood.Surge = (_onset, end, share / flood.Share);
        stuffing.Surge = (_onset + 60_000, end + 60_000, 8);
        return new Incident
        {
            Pattern = "attack_rightly_blocked",
            Phase = ControlPhase.Access,
            Rule = _world.Rules.Ddos[0],
            Matches = _ => false,
            OnsetMs = _onset,
            Scope = "zone",
            Culprit = flood,
            Endpoint = _world.Catalog.Group("shop-pages").Endpoints[0],
            ExpectedLostShare = 0.985,
            Parameters = new Dictionary<string, string>
            {
                ["attack_ends"] = DateTimeOffset.FromUnixTimeMilliseconds(end).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'",
                    System.Globalization.CultureInfo.InvariantCulture),
            },
        };
    }
}

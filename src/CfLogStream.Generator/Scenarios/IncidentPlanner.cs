using CfLogStream.Generator.Randomness;
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
    ];

    private readonly WorldModel _world;
    private readonly Rng _rng;
    private readonly Misjudgements _misjudgements;
    private readonly long _onset;

    public IncidentPlanner(WorldModel world)
    {
        _world = world;
        _rng = new Rng(world.Seed, 0x1C1D);
        _onset = world.StartMs + (long)(world.DurationMs * _rng.Between(0.4, 0.55));
        _misjudgements = new Misjudgements(world, _rng, _onset);
    }

    /// <summary>Returns the scenario's incident; null when nothing goes wrong.</summary>
    public Incident? Plan(string scenario) => scenario switch
    {
        "quiet" => null,
        "custom-rule-hits-api" => _misjudgements.CustomRule(),
        "bot-fight-webhooks" => _misjudgements.BotFight(),
        "rate-limit-webhook-burst" => _misjudgements.RateLimit(),
        "managed-rule-json-body" => _misjudgements.ManagedRule(),
        "geo-rule-partner" => _misjudgements.GeoRule(),
        "bic-default-ua" => _misjudgements.BrowserIntegrity(),
        "skip-too-broad" => SkipTooBroad(),
        "clean-fix" => new Fixes(_world, _rng).Narrow(AnyMisjudgement(6)),
        "fix-breaks-filtering" => new Fixes(_world, _rng).Broad(AnyMisjudgement(2)),
        "attack-blocked" => AttackBlocked(),
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
        Actor attacker = _world.Actor("sqlmap runs");
        attacker.Share *= _world.Lines < 20_000 ? 5 : 3;
        Rule rule = Rule.Create(Control.Custom, ControlAction.Skip, BackgroundRules.Identifier(_rng.Next()),
            _rng.Pick((string[])["Temp: let partners through", "Skip WAF for API", "INC-2291 unblock API"]));
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
        double share = _rng.Between(0.6, 1.4);
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

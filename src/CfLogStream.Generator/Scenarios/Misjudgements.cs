using CfLogStream.Generator.Randomness;
using CfLogStream.Generator.Simulation;
using CfLogStream.Generator.Simulation.Actors;
using CfLogStream.Generator.World;

namespace CfLogStream.Generator.Scenarios;

/// <summary>The ways in which a control takes legitimate API clients for something else.</summary>
internal sealed class Misjudgements(Stage stage)
{
    private static readonly string[] s_anyProgram =
    [
        "northwind-erp", "kiwi-logistics", "parcelio", "orbit-crm", "sol-marketplace", "headless-storefront", "legacy-pos",
        "till-firmware", "tallybooks", "bank-importer", "acme-books-agent", "old-desktop-client", "vehicle-gateways", "dispatch-partner",
        "shop app", "fleet app",
    ];

    private static readonly string[] s_anyCloudProgram =
    [
        "stripe", "shopify", "twilio", "sendgrid", "paypal", "github", "northwind-erp", "kiwi-logistics", "orbit-crm",
        "headless-storefront", "tallybooks", "acme-books-agent",
    ];

    private static readonly (string Actor, string Template)[] s_anyBody =
    [
        ("bank-importer", "/v1/entries/import"), ("bank-importer", "/v1/notes"), ("northwind-erp", "/v1/orders"),
        ("headless-storefront", "/graphql"), ("kiwi-logistics", "/v2/shipments"), ("sol-marketplace", "/v1/orders"),
        ("legacy-pos", "/v1/orders"), ("vehicle-gateways", "/v1/batch"), ("vehicle-gateways", "/v1/devices/{id}/readings"),
        ("acme-books-agent", "/com.ledgerly.v1.SyncService/Push"), ("shop app", "/m/v3/cart"), ("shop app", "/m/v3/events"),
        ("stripe", "/webhooks/stripe"), ("github", "/hooks/github"),
    ];

    private static readonly (string Actor, string Country)[] s_anyCountry =
    [
        ("sol-marketplace", "br"), ("dispatch-partner", "in"), ("old-desktop-client", "gb"), ("parcelio", "de"), ("till-firmware", "de"),
        ("bank-importer", "de"), ("tallybooks", "us"), ("kiwi-logistics", "us"),
    ];

    private static readonly string[] s_blockedCountries = ["SG", "KP", "RU", "IR", "VN", "PK", "NG", "UA", "TR", "ID", "BD"];

    private WorldModel World => stage.World;

    private Rng Rng => stage.Rng;

    private Variety Variety => stage.Variety;

    public Incident CustomRule()
    {
        bool shop = Rng.Chance(0.6);
        Actor culprit = One(shop ? ["northwind-erp", "kiwi-logistics", "parcelio"] : ["tallybooks", "bank-importer"], s_anyProgram);
        culprit.Share *= 2;
        IReadOnlyList<Endpoint> endpoints = Stage.EndpointsOf(culprit).Endpoints;
        Endpoint endpoint = endpoints[Variety.Number(0, 0, endpoints.Count - 1, "endpoint")];
        Host host = endpoint.Host;
        ControlAction usual = Rng.Below(10) switch
        {
            < 6 => ControlAction.ManagedChallenge,
            < 8 => ControlAction.JsChallenge,
            _ => ControlAction.Block
        };
        ControlAction action = Variety.Action(usual, ControlAction.Block, ControlAction.ManagedChallenge, ControlAction.JsChallenge,
            ControlAction.Challenge);
        Rule rule = Rule.Create(Control.Custom, action, stage.NewId(), Variety.Describe(
            Rng.Pick((string[])["Only browsers (SEC-412)", "Challenge non-browser clients", "Stop scripts: no Mozilla in user agent"])));

        // 0 for the whole host, 1 for a part of its paths, 2 for a method.
        int scope = Variety.Pick("rule_scope", 0, [0, 0, 1, 2]);
        bool byDetection = Variety.Chance(0.3, "by_detection");
        string prefix = Prefix(endpoint.Template);
        string where = scope switch
        {
            1 => $" and starts_with(http.request.uri.path, \"{prefix}\")",
            2 => $" and http.request.method eq \"{endpoint.Method}\"",
            _ => "",
        };
        string condition = byDetection ? "not cf.bot_management.js_detection.passed" : "not http.user_agent contains \"Mozilla\"";
        string expression = $"(http.host eq \"{host.Name}\"{where} and {condition})";
        bool InScope(Request request) => request.Endpoint.Host == host && scope switch
        {
            1 => request.Endpoint.Template.StartsWith(prefix, StringComparison.Ordinal),
            2 => request.Endpoint.Method == endpoint.Method && request.OtherMethod == 0,
            _ => true,
        };
        double weight = scope switch
        {
            1 => endpoints.Where(other => Prefix(other.Template) == prefix).Sum(other => Stage.Weight(culprit, other)),
            2 => endpoints.Where(other => other.Method == endpoint.Method).Sum(other => Stage.Weight(culprit, other)),
            _ => 1,
        };
        return new Incident
        {
            Pattern = "browser_rule_on_api",
            Phase = ControlPhase.Custom,
            Rule = rule,
            Matches = byDetection ? request => InScope(request) && request.Client.Class is not ("browser_nav" or "browser_xhr")
                : request => InScope(request) && request.UserAgent.Span.IndexOf("Mozilla"u8) < 0,
            LogsBefore = Variety.Chance(0.25, "logged_before"),
            OnsetMs = stage.Onset,
            Scope = "host",
            Culprit = culprit,
            Endpoint = endpoint,
            StoppedOfCulprit = weight,
            Parameters = Expression(expression),
            Changes = [Audit.RuleCreated(rule, host.ZoneName, expression, stage.Before(), "cause")],
        };
    }

    public Incident BotFight()
    {
        Actor culprit = One(["stripe", "shopify", "twilio", "sendgrid"], s_anyCloudProgram);
        culprit.Share *= World.Lines < 5000 ? 10 : 5;
        Endpoint endpoint = Stage.EndpointsOf(culprit).Endpoints[0];
        string zone = endpoint.Host.ZoneName;

        // Bot Fight Mode belongs to plans without Bot Management: such a zone logs no scores.
        World.ZonesWithoutScores.Add(zone);
        Rule rule = Rule.Create(Control.BotFight, ControlAction.ManagedChallenge, "bot_fight_mode", "Bot Fight Mode");
        return new Incident
        {
            Pattern = "bot_fight_hits_webhooks",
            Phase = ControlPhase.Bots,
            Rule = rule,
            Matches = request => request.Endpoint.Host.ZoneName == zone && request.Network.Kind == NetworkKind.Hosting
                && request.Client.Class is "webhook" or "sdk" or "cli" or "scanner" && request.Network.Asn is not (24940 or 27715),
            OnsetMs = stage.Onset,
            Scope = "zone",
            Culprit = culprit,
            Endpoint = endpoint,
            Parameters = new Dictionary<string, string> { ["setting"] = "bot_fight_mode" },
            Changes = [Audit.Setting("bot_fight_mode", zone, "off", "on", stage.Before(), "cause")],
        };
    }

    public Incident RateLimit()
    {
        var culprit = (WebhookActor)One(["stripe", "shopify", "sendgrid"], ["stripe", "shopify", "sendgrid", "paypal", "twilio", "github"]);
        culprit.Share *= World.Lines < 5000 ? 8 : 4;
        culprit.BurstShare = Variety.Between(0.4, 0.15, 0.6, "burst_share");
        culprit.LargestBurst = World.Lines < 20_000 ? 16 : 44;
        Endpoint endpoint = culprit.Endpoints.Endpoints[0];
        Host host = endpoint.Host;
        int limit = Rng.Range(4, 9);
        long mitigation = Rng.Pick((long[])[10_000, 60_000, 60_000, 120_000]);
        int period = 10;
        ControlAction action = ControlAction.Block;
        if (Variety.Wide)
        {
            // Bursts of which a dozen fits in, and a limit between a fifth and all of the smallest.
            double lines = Variety.Share(World, 0, 0.25) * World.Lines;
            culprit.LargestBurst = Math.Clamp(Variety.Pick("largest_burst", 0, [8, 16, 30, 60, 100]), 6, Math.Max(6, (int)(lines / 12)));
            limit = Math.Max(2, Variety.Number(0, 20, 100, "limit_percent_of_smallest_burst") * culprit.LargestBurst / 200);
            period = Variety.Pick("period_seconds", 0, [10, 10, 60, 120]);
            mitigation = Variety.Pick("mitigation_timeout_seconds", 0, [0, 10, 60, 120, 300, 600]) * 1000L;
            action = Variety.Action(ControlAction.Block, ControlAction.ManagedChallenge, ControlAction.JsChallenge);
        }

        Rule rule = Rule.Create(Control.RateLimit, action, stage.NewId(),
            Variety.Describe($"Hooks: {limit} requests per {period} s and IP"), status: action == ControlAction.Block ? 429 : 403);
        string prefix = host.Name.StartsWith("hooks.", StringComparison.Ordinal) ? "/" : Prefix(endpoint.Template);
        string path = prefix == "/" ? "" : $" and starts_with(http.request.uri.path, \"{prefix}\")";
        string expression = $"(http.host eq \"{host.Name}\"{path} and http.request.method eq \"POST\")";
        return new Incident
        {
            Pattern = "rate_limit_below_burst",
            Phase = ControlPhase.RateLimit,
            Rule = rule,
            Matches = request => request.Endpoint.Host == host && request.Endpoint.Method == "POST"
                && request.Endpoint.Template.StartsWith(prefix, StringComparison.Ordinal),
            OnsetMs = stage.Onset,
            Counter = new RateCounter(limit, period * 1000L, mitigation),
            Scope = "host",
            Culprit = culprit,
            Endpoint = endpoint,
            ExpectedLostShare = 0.75,
            StoppedOfCulprit = 0.25,
            Parameters = new Dictionary<string, string>
            {
                ["expression"] = expression,
                ["requests_per_period"] = Stage.Text(limit),
                ["period_seconds"] = Stage.Text(period),
                ["mitigation_timeout_seconds"] = Stage.Text((int)(mitigation / 1000)),
            },
            Changes = [Audit.RuleUpdated(rule, host.ZoneName, expression + $" # 200 per {period} s", expression + $" # {limit} per {period} s",
                true, stage.Before(), "cause")],
        };
    }

    public Incident ManagedRule()
    {
        (string actor, string template) = Rng.Pick(Variety.Wide ? s_anyBody : s_anyBody[..4]);
        Actor culprit = One([actor]);
        culprit.Share *= 2.5;
        Endpoint endpoint = Stage.EndpointOf(culprit, "POST", template);
        int percent = Variety.Number(Rng.Range(25, 70), 5, 100, "matching_bodies_percent");
        (string id, string description) = Rng.Pick(((string, string)[])
        [
            ("3e1b9c70d5a84f26b7e0c81d94f25a63", "SQLi - Comment - Body"),
                ("c84d0a6f19e345b2a07d5e8c3b61f942", "XSS, HTML Injection - JavaScript Events - Body"),
            ("91f7b2e5c03d48a6bd154e97a8206cf3", "Command Injection - Nested Strings - Body"),
        ]);
        bool attacksToo = Variety.Chance(0.6, "stops_attacks_too");
        Rule rule = Rule.Create(Control.Managed, Variety.Action(ControlAction.Block, ControlAction.ManagedChallenge), id, description);
        return new Incident
        {
            Pattern = "managed_rule_on_json_body",
            Phase = ControlPhase.Managed,
            Rule = rule,
            Matches = request =>
                (request.Endpoint == endpoint && request.Payload == Payload.None && Mix.Below(Mix.Of(request.Id, 13), 100) < percent)
                || (attacksToo && request.Endpoint.Host == endpoint.Host && request.Payload == Payload.SqlInjection && request.Id % 3 == 0),
            LogsBefore = true,
            OnsetMs = stage.Onset,
            Scope = "endpoint",
            Culprit = culprit,
            Endpoint = endpoint,
            ExpectedLostShare = percent / 100.0,
            StoppedOfCulprit = percent / 100.0 * Stage.Weight(culprit, endpoint),
            Parameters = new Dictionary<string, string>
            {
                ["matching_bodies_percent"] = Stage.Text(percent),
                ["changed_by"] = "managed ruleset release",
            },
        };
    }

    public Incident GeoRule()
    {
        (string actor, string country) = Rng.Pick(Variety.Wide ? s_anyCountry : s_anyCountry[..3]);
        Actor culprit = One([actor]);
        culprit.Share *= 2.5;
        Host host = Stage.EndpointsOf(culprit).Endpoints[0].Host;
        ControlAction action = Variety.Action(ControlAction.Block, ControlAction.ManagedChallenge, ControlAction.JsChallenge);
        bool access = Variety.Chance(0.3, "ip_access_rule");
        string id = stage.NewId();
        string usual = Rng.Pick((string[])["Geo: countries we do not ship to", "Block high-risk countries (SEC-77)"]);
        Rule rule = access ? Rule.Create(Control.CountryAccess, action, id, "")
            : Rule.Create(Control.Custom, action, id, Variety.Describe(usual));
        int others = access ? 0 : Variety.Number(2, 0, s_blockedCountries.Length, "other_countries");
        string[] countries = [country.ToUpperInvariant(), .. s_blockedCountries[..others]];
        string list = string.Join(' ', countries.Select(code => $"\"{code}\""));
        string expression = access ? $"country {countries[0]}" : $"(http.host eq \"{host.Name}\" and ip.geoip.country in {{{list}}})";
        HashSet<string> blocked = [.. countries.Select(code => code.ToLowerInvariant())];
        return new Incident
        {
            Pattern = "geo_rule_hits_partner",
            Phase = access ? ControlPhase.Address : ControlPhase.Custom,
            Rule = rule,
            Matches = access
                ? request => request.Endpoint.Host.ZoneName == host.ZoneName && request.Network.CountryText == country
                : request => request.Endpoint.Host == host && blocked.Contains(request.Network.CountryText),
            SparesVerifiedBots = !access,
            LogsBefore = !access && Variety.Chance(0.2, "logged_before"),
            OnsetMs = stage.Onset,
            Scope = access ? "zone" : "host",
            Culprit = culprit,
            Endpoint = Stage.EndpointsOf(culprit).Endpoints[0],
            Parameters = new Dictionary<string, string> { ["expression"] = expression, ["country"] = country },
            Changes = [access ? Audit.AccessRule(rule, host.ZoneName, "country", countries[0], stage.Before(), "cause")
                : Audit.RuleCreated(rule, host.ZoneName, expression, stage.Before(), "cause")],
        };
    }

    public Incident BrowserIntegrity()
    {
        Actor culprit = One(["legacy-pos", "till-firmware", "old-desktop-client"]);
        culprit.Share *= 3;
        Endpoint endpoint = Stage.EndpointsOf(culprit).Endpoints[0];
        string zone = endpoint.Host.ZoneName;
        Rule rule = Rule.Create(Control.BrowserIntegrity, ControlAction.Block, "bic", "Browser Integrity Check");
        return new Incident
        {
            Pattern = "browser_integrity_hits_default_user_agent",
            Phase = ControlPhase.Access,
            Rule = rule,
            Matches = request => request.Endpoint.Host.ZoneName == zone && LooksOdd(request.UserAgent.Span),
            OnsetMs = stage.Onset,
            Scope = "zone",
            Culprit = culprit,
            Endpoint = endpoint,
            Parameters = new Dictionary<string, string> { ["setting"] = "browser_check" },
            Changes = [Audit.Setting("browser_check", zone, "off", "on", stage.Before(), "cause")],
        };
    }

    private static bool LooksOdd(ReadOnlySpan<byte> userAgent) =>
        userAgent.Length == 0 || userAgent.StartsWith("Python-urllib/"u8) || userAgent.StartsWith("Java/1."u8)
            || userAgent.StartsWith("sqlmap/"u8);

    private static Dictionary<string, string> Expression(string expression) => new() { ["expression"] = expression };

    // "/v1/orders/{id}" begins with "/v1/orders", "/v1/{id}" with "/v1/".
    private static string Prefix(string template)
    {
        int second = template.IndexOf('/', 1);
        int third = second < 0 ? -1 : template.IndexOf('/', second + 1);
        string prefix = third < 0 ? template : template[..third];
        int placeholder = prefix.IndexOf('{', StringComparison.Ordinal);
        return placeholder < 0 ? prefix : prefix[..placeholder];
    }

    private Actor One(string[] usual, string[]? any = null) => World.Actor(Rng.Pick(Variety.Wide && any is not null ? any : usual));
}

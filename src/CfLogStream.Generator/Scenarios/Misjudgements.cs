using System.Globalization;
using CfLogStream.Generator.Randomness;
using CfLogStream.Generator.Simulation;
using CfLogStream.Generator.Simulation.Actors;
using CfLogStream.Generator.World;

namespace CfLogStream.Generator.Scenarios;

/// <summary>The ways in which a control takes legitimate API clients for something else.</summary>
internal sealed class Misjudgements(Stage stage)
{
    private readonly WorldModel world = stage.World;
    private readonly Rng rng = stage.Rng;
    private readonly long onset = stage.Onset;

    public Incident CustomRule()
    {
        bool shop = rng.Chance(0.6);
        ServiceActor culprit = Service(shop ? ["northwind-erp", "kiwi-logistics", "parcelio"] : ["tallybooks", "bank-importer"]);
        culprit.Share *= 2;
        Host host = world.Catalog.Host(shop ? "api.shop.example" : "api.ledgerly.example");
        ControlAction action = rng.Below(10) switch
        {
            < 6 =>
            ControlAction.ManagedChallenge,
            < 8 => ControlAction.JsChallenge,
            _ => ControlAction.Block
        };
        Rule rule = Rule.Create(Control.Custom, action, NewId(),
            rng.Pick((string[])["Only browsers (SEC-412)", "Challenge non-browser clients", "Stop scripts: no Mozilla in user agent"]));
        string expression = $"(http.host eq \"{host.Name}\" and not http.user_agent contains \"Mozilla\")";
        return new Incident
        {
            Pattern = "browser_rule_on_api",
            Phase = ControlPhase.Custom,
            Rule = rule,
            Matches = request => request.Endpoint.Host == host && request.UserAgent.Span.IndexOf("Mozilla"u8) < 0,
            OnsetMs = onset,
            Scope = "host",
            Culprit = culprit,
            Endpoint = culprit.Endpoints.Endpoints[0],
            Parameters = Expression(expression),
            Changes = [Audit.RuleCreated(rule, host.ZoneName, expression, Before(), "cause")],
        };
    }

    public Incident BotFight()
    {
        const string Zone = "shop.example";
        var culprit = (WebhookActor)world.Actor(rng.Pick((string[])["stripe", "shopify", "twilio", "sendgrid"]));
        culprit.Share *= world.Lines < 5000 ? 10 : 5;

        // Bot Fight Mode belongs to plans without Bot Management: such a zone logs no scores.
        world.ZonesWithoutScores.Add(Zone);
        Rule rule = Rule.Create(Control.BotFight, ControlAction.ManagedChallenge, "bot_fight_mode", "Bot Fight Mode");
        return new Incident
        {
            Pattern = "bot_fight_hits_webhooks",
            Phase = ControlPhase.Bots,
            Rule = rule,
            Matches = request => request.Endpoint.Host.ZoneName == Zone && request.Network.Kind == NetworkKind.Hosting
                && request.Client.Class is "webhook" or "sdk" or "cli" or "scanner" && request.Network.Asn is not (24940 or 27715),
            OnsetMs = onset,
            Scope = "zone",
            Culprit = culprit,
            Endpoint = culprit.Endpoints.Endpoints[0],
            Parameters = new Dictionary<string, string> { ["setting"] = "bot_fight_mode" },
            Changes = [Audit.Setting("bot_fight_mode", Zone, "off", "on", Before(), "cause")],
        };
    }

    public Incident RateLimit()
    {
        var culprit = (WebhookActor)world.Actor(rng.Pick((string[])["stripe", "shopify", "sendgrid"]));
        culprit.Share *= world.Lines < 5000 ? 8 : 4;
        culprit.BurstShare = 0.4;
        culprit.LargestBurst = world.Lines < 20_000 ? 16 : 44;
        Host host = world.Catalog.Host("hooks.shop.example");
        int limit = rng.Range(4, 9);
        long mitigation = rng.Pick((long[])[10_000, 60_000, 60_000, 120_000]);
        Rule rule = Rule.Create(Control.RateLimit, ControlAction.Block, NewId(), $"Hooks: {limit} requests per 10 s and IP", status: 429);
        string expression = $"(http.host eq \"{host.Name}\" and http.request.method eq \"POST\")";
        return new Incident
        {
            Pattern = "rate_limit_below_burst",
            Phase = ControlPhase.RateLimit,
            Rule = rule,
            Matches = request => request.Endpoint.Host == host && request.Endpoint.Method == "POST",
            OnsetMs = onset,
            Counter = new RateCounter(limit, 10_000, mitigation),
            Scope = "host",
            Culprit = culprit,
            Endpoint = culprit.Endpoints.Endpoints[0],
            ExpectedLostShare = 0.75,
            Parameters = new Dictionary<string, string>
            {
                ["expression"] = expression,
                ["requests_per_period"] = limit.ToString(CultureInfo.InvariantCulture),
                ["period_seconds"] = "10",
                ["mitigation_timeout_seconds"] = (mitigation / 1000).ToString(CultureInfo.InvariantCulture),
            },
            Changes = [Audit.RuleUpdated(rule, host.ZoneName, expression + " # 200 per 10 s", expression + $" # {limit} per 10 s", true,
                Before(), "cause")],
        };
    }

    public Incident ManagedRule()
    {
        (string actor, string template) = rng.Pick(((string, string)[])
        [
            ("bank-importer", "/v1/entries/import"), ("bank-importer", "/v1/notes"), ("northwind-erp", "/v1/orders"),
                ("headless-storefront", "/graphql"),
        ]);
        ServiceActor culprit = Service([actor]);
        culprit.Share *= 2.5;
        Endpoint endpoint = culprit.Endpoints.Endpoints.First(candidate => candidate.Template == template && candidate.Method == "POST");
        int percent = rng.Range(25, 70);
        (string id, string description) = rng.Pick(((string, string)[])
        [
            ("3e1b9c70d5a84f26b7e0c81d94f25a63", "SQLi - Comment - Body"),
                ("c84d0a6f19e345b2a07d5e8c3b61f942", "XSS, HTML Injection - JavaScript Events - Body"),
            ("91f7b2e5c03d48a6bd154e97a8206cf3", "Command Injection - Nested Strings - Body"),
        ]);
        Rule rule = Rule.Create(Control.Managed, ControlAction.Block, id, description);
        return new Incident
        {
            Pattern = "managed_rule_on_json_body",
            Phase = ControlPhase.Managed,
            Rule = rule,
            Matches = request =>
                request.Endpoint == endpoint && request.Payload == Payload.None && Mix.Below(Mix.Of(request.Id, 13), 100) < percent,
            LogsBefore = true,
            OnsetMs = onset,
            Scope = "endpoint",
            Culprit = culprit,
            Endpoint = endpoint,
            ExpectedLostShare = percent / 100.0,
            Parameters = new Dictionary<string,
                string>
            {
                ["matching_bodies_percent"] = percent.ToString(CultureInfo.InvariantCulture),
                ["changed_by"] = "managed ruleset release"
            },
        };
    }

    public Incident GeoRule()
    {
        (string actor,
            string country) = rng.Pick(((string, string)[])[("sol-marketplace", "br"), ("dispatch-partner", "in"),
            ("old-desktop-client", "gb")]);
        ServiceActor culprit = Service([actor]);
        culprit.Share *= 2.5;
        Host host = culprit.Endpoints.Endpoints[0].Host;
        Rule rule = Rule.Create(Control.Custom, ControlAction.Block, NewId(),
            rng.Pick((string[])["Geo: countries we do not ship to", "Block high-risk countries (SEC-77)"]));
        string expression = $"(http.host eq \"{host.Name}\" and ip.geoip.country in {{\"{country.ToUpperInvariant()}\" \"SG\" \"KP\"}})";
        return new Incident
        {
            Pattern = "geo_rule_hits_partner",
            Phase = ControlPhase.Custom,
            Rule = rule,
            Matches = request =>
                request.Endpoint.Host == host && (request.Network.CountryText == country || request.Network.CountryText == "sg"),
            OnsetMs = onset,
            Scope = "host",
            Culprit = culprit,
            Endpoint = culprit.Endpoints.Endpoints[0],
            Parameters = new Dictionary<string, string> { ["expression"] = expression, ["country"] = country },
            Changes = [Audit.RuleCreated(rule, host.ZoneName, expression, Before(), "cause")],
        };
    }

    public Incident BrowserIntegrity()
    {
        ServiceActor culprit = Service(["legacy-pos", "till-firmware", "old-desktop-client"]);
        culprit.Share *= 3;
        Endpoint endpoint = culprit.Endpoints.Endpoints[0];
        string zone = endpoint.Host.ZoneName;
        Rule rule = Rule.Create(Control.BrowserIntegrity, ControlAction.Block, "bic", "Browser Integrity Check");
        return new Incident
        {
            Pattern = "browser_integrity_hits_default_user_agent",
            Phase = ControlPhase.Access,
            Rule = rule,
            Matches = request => request.Endpoint.Host.ZoneName == zone && LooksOdd(request.UserAgent.Span),
            OnsetMs = onset,
            Scope = "zone",
            Culprit = culprit,
            Endpoint = endpoint,
            Parameters = new Dictionary<string, string> { ["setting"] = "browser_check" },
            Changes = [Audit.Setting("browser_check", zone, "off", "on", Before(), "cause")],
        };
    }

    private static bool LooksOdd(ReadOnlySpan<byte> userAgent) =>
        userAgent.Length == 0 || userAgent.StartsWith("Python-urllib/"u8) || userAgent.StartsWith("Java/1."u8)
            || userAgent.StartsWith("sqlmap/"u8);

    private static Dictionary<string, string> Expression(string expression) => new() { ["expression"] = expression };

    private ServiceActor Service(string[] names) => (ServiceActor)world.Actor(rng.Pick(names));

    private string NewId() => BackgroundRules.Identifier(rng.Next());

    // Cloudflare applies a change within seconds.
    private long Before() => onset - 1500 - rng.Below(6000);
}

using CfLogStream.Generator.Simulation;
using CfLogStream.Generator.Simulation.Actors;
using CfLogStream.Generator.World;

namespace CfLogStream.Generator.Scenarios.HeldOut;

/// <summary>Challenges and demands that people meet and programs cannot.</summary>
internal sealed class Challenges(Stage stage)
{
    private static readonly (string Page, string Xhr, string Name, string Client, string UserAgent, uint Asn)[] s_mixed =
    [
        ("www.shop.example", "shop-xhr", "stock-sync", "axios", "axios/1.7.9", 16509),
        ("www.shop.example", "shop-xhr", "review-importer", "python_requests", "python-requests/2.31.0", 8075),
        ("app.ledgerly.example", "app-xhr", "session-bridge", "okhttp", "okhttp/4.12.0", 24940),
        ("www.fleet.example", "fleet-wp", "news-mirror", "guzzle", "GuzzleHttp/7", 16276),
        ("status.shop.example", "status-api", "status-board", "go_http_client", "Go-http-client/2.0", 396982),
    ];

    private WorldModel World => stage.World;

    /// <summary>Under Attack mode is turned on for a zone because of an attack: people solve it, programs do not.</summary>
    public Incident UnderAttack()
    {
        Actor culprit = World.Actor(stage.Rng.Pick((string[])["northwind-erp", "kiwi-logistics", "parcelio", "shop app", "stripe",
            "tallybooks", "bank-importer", "vehicle-gateways", "dispatch-partner", "fleet app"]));
        culprit.Share *= 2;
        Endpoint endpoint = Stage.EndpointsOf(culprit).Endpoints[0];
        string zone = endpoint.Host.ZoneName;
        Actor attacker = World.Actor(zone == "shop.example" ? "botnet flood" : "nuclei runs");
        long begins = stage.Onset - 60_000 - (World.DurationMs / 40);
        attacker.Surge = (begins, begins + (World.DurationMs / 6), zone == "shop.example" ? 400 : 6);
        ControlAction action = stage.Variety.Action(ControlAction.ManagedChallenge, ControlAction.JsChallenge);
        Rule rule = Rule.Create(Control.SecurityLevel, action, "iuam", "I'm Under Attack mode");
        return new Incident
        {
            Pattern = "unsolvable_challenge",
            Phase = ControlPhase.Address,
            Rule = rule,
            Matches = request => request.Endpoint.Host.ZoneName == zone,
            PeopleSolve = 0.95,
            OnsetMs = stage.Onset,
            Scope = "zone",
            Culprit = culprit,
            Endpoint = endpoint,
            Parameters = new Dictionary<string, string> { ["setting"] = "security_level", ["value"] = "under_attack" },
            Changes = [Audit.Setting("security_level", zone, "medium", "under_attack", stage.Before(), "cause")],
        };
    }

    /// <summary>A custom rule challenges a host that serves pages and an API.</summary>
    public Incident MixedSurface()
    {
        (string page, string xhr, string name, string client, string userAgent, uint asn) = stage.Rng.Pick(s_mixed);
        Host host = World.Catalog.Host(page);
        ServiceActor culprit = Guests.Service(World, name, client, userAgent, xhr, asn, stage.Rng.Range(2, 5), 0.03);
        Guests.Tabs(World, "open tabs of " + page, page, xhr, 0.015);
        ControlAction action = stage.Variety.Action(ControlAction.ManagedChallenge, ControlAction.JsChallenge, ControlAction.Challenge);
        Rule rule = Rule.Create(Control.Custom, action, stage.NewId(),
            stage.Variety.Describe("Challenge everyone on the site for now (SEC-733)"));
        string expression = $"(http.host eq \"{page}\" and not cf.client.bot)";
        return new Incident
        {
            Pattern = "unsolvable_challenge",
            Phase = ControlPhase.Custom,
            Rule = rule,
            Matches = request => request.Endpoint.Host == host,
            PeopleSolve = 0.96,
            OnsetMs = stage.Onset,
            Scope = "host",
            Culprit = culprit,
            Endpoint = culprit.Endpoints.Endpoints[0],
            Parameters = new Dictionary<string, string> { ["expression"] = expression },
            Changes = [Audit.RuleCreated(rule, host.ZoneName, expression, stage.Before(), "cause")],
        };
    }

    /// <summary>A rule that wants a token or knows the methods stops preflights, which have neither.</summary>
    public Incident Preflight()
    {
        VisitorActor culprit = stage.Rng.Below(3) switch
        {
            0 => (VisitorActor)World.Actor("users of app.ledgerly.example"),
            1 => Guests.CrossOriginVisitors(World, "shoppers with wish lists", "shop-pages", "shop-assets", "shop-api-mobile", 0.05),
            _ => Guests.CrossOriginVisitors(World, "dispatchers of www.fleet.example", "fleet-pages", "fleet-assets", "fleet-partner",
                0.05),
        };
        culprit.Share *= 1.5;
        Endpoint endpoint = culprit.Xhr.Endpoints[0];
        Host host = endpoint.Host;
        string prefix = endpoint.Template[..(endpoint.Template.IndexOf('/', 1) + 1)];
        int kind = stage.Rng.Below(3);
        bool token = kind == 2;
        string expression = kind switch
        {
            0 => $"(http.host eq \"{host.Name}\" and starts_with(http.request.uri.path, \"{prefix}\") and not http.request.method in {{\"GET\" \"POST\" \"PUT\" \"PATCH\" \"DELETE\"}})",
            1 => $"(http.host eq \"{host.Name}\" and starts_with(http.request.uri.path, \"{prefix}\") and len(http.request.headers[\"authorization\"]) eq 0)",
            _ => $"(is_jwt_valid(\"{stage.NewId()[..8]}\"))",
        };
        ControlAction action = token ? ControlAction.Block : stage.Variety.Action(ControlAction.Block, ControlAction.ManagedChallenge);
        Rule rule = token
            ? Rule.Create(Control.TokenValidation, action, stage.NewId(), stage.Variety.Describe("Valid token required"))
            : Rule.Create(Control.Custom, action, stage.NewId(),
                stage.Variety.Describe(kind == 0 ? "API: only known methods" : "API: no call without authorization"));
        bool Known(Request request) => request.Endpoint.Host == host
            && request.Endpoint.Template.StartsWith(prefix, StringComparison.Ordinal);
        return new Incident
        {
            Pattern = "preflight_blocked",
            Phase = token ? ControlPhase.ApiShield : ControlPhase.Custom,
            Rule = rule,
            Matches = kind == 0 ? request => Known(request) && request.OtherMethod != 0
                : request => Known(request) && (request.Preflight || request.Actor is ScannerActor),
            OnsetMs = stage.Onset,
            Scope = "host",
            Culprit = culprit,
            CulpritClient = World.Client("browser_xhr", culprit.Clients[0].Name),
            CulpritMethod = "OPTIONS",
            StoppedOfCulprit = 0.08,
            Endpoint = endpoint,
            Parameters = new Dictionary<string, string> { ["expression"] = expression, ["methods"] = "OPTIONS" },
            Changes = [Audit.RuleCreated(rule, host.ZoneName, expression, stage.Before(), "cause")],
        };
    }

    /// <summary>Definitely automated traffic is blocked: a partner's library is that, and wanted.</summary>
    public Incident AutomatedTraffic()
    {
        Actor culprit = World.Actor(stage.Rng.Pick((string[])["northwind-erp", "kiwi-logistics", "orbit-crm", "parcelio",
            "headless-storefront", "tallybooks", "acme-books-agent", "bank-importer"]));
        culprit.Share *= 2;
        culprit.Bots = (1, 1, System.Text.Encoding.ASCII.GetBytes("Heuristics"));
        Endpoint endpoint = Stage.EndpointsOf(culprit).Endpoints[0];
        string zone = endpoint.Host.ZoneName;
        ControlAction action = stage.Variety.Action(ControlAction.Block, ControlAction.ManagedChallenge);
        Rule rule = Rule.Create(Control.BotManagement, action, "874a3e315c344b2281ad4f00046aab2c", "Definitely automated");
        return new Incident
        {
            Pattern = "bot_threshold",
            Phase = ControlPhase.Bots,
            Rule = rule,
            Matches = request => request.Endpoint.Host.ZoneName == zone && request.BotScore == 1 && request.Secure
                && request.Actor is not MonitorActor,
            NeedsScores = true,
            OnsetMs = stage.Onset,
            Scope = "zone",
            Culprit = culprit,
            Endpoint = endpoint,
            Parameters = new Dictionary<string, string>
            {
                ["setting"] = "sbfm_definitely_automated",
                ["value"] = action.Name,
                ["bot_score"] = "1",
            },
            Changes = [Audit.Setting("sbfm_definitely_automated", zone, "allow", action == ControlAction.Block ? "block"
                : "managed_challenge", stage.Before(), "cause")],
        };
    }
}

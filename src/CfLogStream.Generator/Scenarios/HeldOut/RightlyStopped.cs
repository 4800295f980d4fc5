using CfLogStream.Generator.Simulation;
using CfLogStream.Generator.Simulation.Actors;
using CfLogStream.Generator.World;

namespace CfLogStream.Generator.Scenarios.HeldOut;

/// <summary>New rules that stop attackers and nobody else: there is nothing to find.</summary>
internal sealed class RightlyStopped(Stage stage)
{
    private WorldModel World => stage.World;

    /// <summary>A scanner comes; some time later a new rule stops it.</summary>
    public Incident NewScanner()
    {
        Host host = World.Catalog.Host(stage.Rng.Pick((string[])["api.shop.example", "api.ledgerly.example", "www.shop.example",
            "telemetry.fleet.example"]));
        bool disguised = stage.Rng.Chance(0.6);
        string agent = disguised
            ? "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/117.0.0.0 Safari/537.36"
            : "Mozilla/5.0 zgrab/0.x";
        ScannerActor scanner = Guests.Scanner(World, "new scanner", disguised ? "browser_claimed" : "scanner", disguised ? "chrome" : "zgrab",
            agent, [host], [200019, 45102], stage.Rng.Range(6, 40), 0.004);
        long begins = stage.Onset - (World.DurationMs / 12);
        scanner.Surge = (begins, World.EndMs, stage.Variety.Number(16, 6, 60, "scanner_surge"));
        bool network = stage.Rng.Chance(0.4);
        ControlAction action = stage.Variety.Action(ControlAction.Block, ControlAction.ManagedChallenge, ControlAction.JsChallenge);
        string expression = network ? $"(http.host eq \"{host.Name}\" and ip.geoip.asnum in {{200019 45102}})"
            : $"(http.host eq \"{host.Name}\" and cf.bot_management.ja4 eq \"{System.Text.Encoding.ASCII.GetString(scanner.Fingerprints[0].Ja4)}\")";
        Rule rule = Rule.Create(Control.Custom, action, stage.NewId(), stage.Variety.Describe("Stop the scanner of this morning"));
        return new Incident
        {
            Pattern = "none_rightly_blocked",
            Phase = ControlPhase.Custom,
            Rule = rule,
            Matches = request => request.Endpoint.Host == host && (request.Actor == scanner
                || (network && request.Actor.Attack && request.Network.Asn is 200019 or 45102)),
            OnsetMs = stage.Onset,
            Scope = "host",
            Culprit = scanner,
            Endpoint = host.ProbeGet,
            Parameters = new Dictionary<string, string> { ["expression"] = expression },
            Changes = [Audit.RuleCreated(rule, host.ZoneName, expression, stage.Before(), "cause")],
        };
    }

    /// <summary>A new rate limit for clients with a low bot score ends stuffing or scraping.</summary>
    public Incident Abuse()
    {
        bool login = stage.Rng.Chance(0.5);
        Actor culprit = World.Actor(login ? "credential stuffing" : "price scrapers");
        culprit.Surge = (stage.Onset - (World.DurationMs / 10), World.EndMs, stage.Variety.Number(3, 2, 8, "abuse_surge"));
        Endpoint endpoint = login ? World.Catalog.Group("shop-login").Endpoints[0]
            : World.Catalog.Group("shop-pages").Endpoints.First(page => page.Template == "/p/{id}");
        int limit = stage.Variety.Number(4, 2, login ? 5 : 7, "requests_per_period");
        int period = login ? 60 : 10;
        int mitigation = stage.Variety.Pick("mitigation_timeout_seconds", 60, [10, 60, 120, 300, 600]);
        ControlAction action = stage.Variety.Action(ControlAction.Block, ControlAction.ManagedChallenge);
        Rule rule = Rule.Create(Control.RateLimit, action, stage.NewId(),
            stage.Variety.Describe(login ? "Login: bots" : "Products: bots"), status: action == ControlAction.Block ? 429 : 403);
        string path = login ? "http.request.uri.path eq \"/login\"" : "starts_with(http.request.uri.path, \"/p/\")";
        string expression = $"(http.host eq \"www.shop.example\" and {path} and cf.bot_management.score lt 30)";
        return new Incident
        {
            Pattern = "none_rightly_blocked",
            Phase = ControlPhase.RateLimit,
            Rule = rule,
            Matches = request => request.Endpoint == endpoint && request.VerifiedBot.Length == 0 && request.BotScore < 30 && request.Secure,
            Counter = new RateCounter(limit, period * 1000L, mitigation * 1000L),
            NeedsScores = true,
            OnsetMs = stage.Onset,
            Scope = "endpoint",
            Culprit = culprit,
            Endpoint = endpoint,
            ExpectedLostShare = 0.5,
            Parameters = new Dictionary<string, string>
            {
                ["expression"] = expression,
                ["requests_per_period"] = Stage.Text(limit),
                ["period_seconds"] = Stage.Text(period),
                ["mitigation_timeout_seconds"] = Stage.Text(mitigation),
            },
            Changes = [Audit.RuleCreated(rule, "shop.example", expression, stage.Before(), "cause")],
        };
    }
}

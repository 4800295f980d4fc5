using CfLogStream.Generator.Simulation;
using CfLogStream.Generator.Simulation.Actors;
using CfLogStream.Generator.World;

namespace CfLogStream.Generator.Scenarios.HeldOut;

/// <summary>No rule changes: the client does, and an old rule takes it for something else.</summary>
internal sealed class ClientChanges(Stage stage)
{
    private static readonly (string Name, string Client, string UserAgent, string Endpoints, uint Asn)[] s_jobs =
    [
        ("nightly ledger export", "apache_httpclient", "Apache-HttpClient/5.3.1 (Java/17.0.13)", "ledger-sync", 14618),
        ("nightly import", "go_http_client", "Go-http-client/2.0", "ledger-import", 24940),
        ("inventory upload", "python_requests", "python-requests/2.32.3", "shop-api-write", 16509),
        ("catalogue mirror", "axios", "axios/1.7.9", "shop-api-read", 396982),
        ("position archive", "restsharp", "RestSharp/112.1.0.0", "fleet-partner", 8075),
    ];

    private WorldModel World => stage.World;

    /// <summary>A new release of an app has another fingerprint, and a bot score below the threshold of an old rule.</summary>
    public Incident Update()
    {
        bool shop = stage.Rng.Chance(0.5);
        var culprit = (AppActor)World.Actor(shop ? "shop app" : "fleet app");
        World.ZonesWithoutScores.Remove("fleet.example");
        culprit.Share *= 1.5;
        Endpoint endpoint = culprit.Endpoints.Endpoints[0];
        Host host = endpoint.Host;
        string prefix = shop ? "/m/v3/" : "/m/v1/";
        int percent = stage.Variety.Number(stage.Rng.Range(40, 80), 15, 100, "callers_with_release_percent");
        int ramp = stage.Variety.Number(15, 2, 60, "release_ramp_percent");
        string agent = shop ? "ShopApp/6.0.0 (example.shop.app; build:60012; iOS 18.6.0) Alamofire/5.10.2" : "Dart/3.9 (dart:io)";
        int score = stage.Variety.Number(30, 20, 30, "bot_score_threshold");
        culprit.Update = new ClientUpdate
        {
            Fingerprint = new Fingerprint(agent, shop ? "alamofire-6" : "dart-39", shop ? "HTTP/2" : "HTTP/1.1", "mobile"),
            Client = culprit.Client,
            FromMs = stage.Onset,
            RampMs = (World.EndMs - stage.Onset) * ramp / 100,
            Percent = percent,
            Bots = (2, score - 2),
        };
        Guests.Harvester(World, "clones of the app", "okhttp", "okhttp/4.9.3", shop ? "shop-api-mobile" : "fleet-app", [200019, 16276],
            0.012);
        ControlAction action = stage.Variety.Action(ControlAction.Block, ControlAction.ManagedChallenge, ControlAction.JsChallenge);
        Rule rule = Rule.Create(Control.Custom, action, stage.NewId(), stage.Variety.Describe("App API: no bots (SEC-204)"));
        return new Incident
        {
            Pattern = "fingerprint_change",
            Phase = ControlPhase.Custom,
            Rule = rule,
            Matches = request => request.Endpoint.Host == host && request.BotScore < score && request.Secure
                && request.Endpoint.Template.StartsWith(prefix, StringComparison.Ordinal),
            RuleFromMs = World.StartMs,
            NeedsScores = true,
            OnsetMs = stage.Onset,
            Scope = "host",
            Culprit = culprit,
            Endpoint = endpoint,
            ExpectedLostShare = percent / 100.0,
            StoppedOfCulprit = percent / 100.0 * 0.25,
            Parameters = new Dictionary<string, string>
            {
                ["expression"] = $"(http.host eq \"{host.Name}\" and starts_with(http.request.uri.path, \"{prefix}\") and cf.bot_management.score lt {score})",
                ["user_agent"] = agent,
                ["ja4"] = System.Text.Encoding.ASCII.GetString(culprit.Update.Fingerprint.Ja4),
                ["release_percent"] = Stage.Text(percent),
            },
        };
    }

    /// <summary>A batch job gets more connections, and HTTP DDoS protection takes its burst for a flood.</summary>
    public Incident BatchJob()
    {
        (string name, string client, string userAgent, string endpoints, uint asn) = stage.Rng.Pick(s_jobs);
        double share = stage.Variety.Share(World, 0.06, 0.4);
        int runs = stage.Variety.Number(24, 12, 40, "runs");
        int calls = Math.Max(12, (int)(share * World.Lines / runs));
        int fast = Math.Max(2, Math.Min(60, 4000 / calls));
        int limit = Math.Max(6, calls * 6 / 10);

        // Before: at most a third of the limit in ten seconds.
        int slow = Math.Max(fast * 4, 10_000 * 3 / limit);
        int mitigation = stage.Variety.Pick("mitigation_timeout_seconds", 60, [30, 60, 120, 300, 600]);
        BatchActor culprit = World.Admit(new BatchActor
        {
            Name = name,
            Client = World.Client("sdk", client),
            Networks = NetworkCatalog.Of(asn),
            Fingerprints = [new Fingerprint(userAgent, "batch-" + name, "HTTP/1.1")],
            Share = share,
            Callers = stage.Rng.Range(1, 4),
            Bots = (1, 22, System.Text.Encoding.ASCII.GetBytes("Machine Learning")),
            ApiKey = true,
            Endpoints = World.Catalog.Group(endpoints),
            Calls = calls,
            PeriodMs = World.DurationMs / runs,
            SpacingMs = (slow, fast),
            FastFromMs = stage.Onset,
        });
        Endpoint endpoint = culprit.Endpoints.Endpoints[0];
        string zone = endpoint.Host.ZoneName;
        ControlAction action = stage.Variety.Action(ControlAction.Block, ControlAction.ManagedChallenge, ControlAction.ConnectionClose);
        (string id, string description) = stage.Rng.Pick(((string, string)[])
        [
            ("b8c1d0e57a3f4962ae14c7d90f26b583", "HTTP requests with unusual HTTP headers or URI path (signature #41)"),
            ("2d6f9a31c5e84b70913fa8e6c0d7b245", "Adaptive DDoS Protection for origins' errors"),
            ("c94e7b16d20a4f8d85b3e1f76a09c2d8", "HTTP requests from clients with a sudden rise of requests"),
        ]);
        ulong together = Randomness.Mix.Of(World.Seed, "flood");
        return new Incident
        {
            Pattern = "load_taken_for_flood",
            Phase = ControlPhase.Ddos,
            Rule = Rule.Create(Control.Ddos, action, id, description),
            Matches = request => request.Actor == culprit,
            Counter = new RateCounter(limit, 10_000, mitigation * 1000L),
            CountedWith = _ => together,
            SparesVerifiedBots = false,
            OnsetMs = stage.Onset,
            Scope = "zone",
            Culprit = culprit,
            Endpoint = endpoint,
            ExpectedLostShare = 0.4,
            Parameters = new Dictionary<string, string>
            {
                ["zone"] = zone,
                ["calls_per_run"] = Stage.Text(calls),
                ["spacing_ms"] = Stage.Text(fast),
                ["spacing_ms_before"] = Stage.Text(slow),
                ["requests_per_ten_seconds"] = Stage.Text(limit),
                ["mitigation_timeout_seconds"] = Stage.Text(mitigation),
            },
        };
    }
}

using CfLogStream.Generator.Simulation;
using CfLogStream.Generator.Simulation.Actors;

namespace CfLogStream.Generator.World;

/// <summary>Programs that are meant to call: partners' services, webhook providers and monitors.</summary>
internal static class ServiceActors
{
    private static readonly byte[] s_heuristics = "Heuristics"u8.ToArray();
    private static readonly byte[] s_learned = "Machine Learning"u8.ToArray();

    public static void Add(WorldModel world, List<Actor> actors)
    {
        actors.Add(Service(world, "northwind-erp", "sdk", "python_requests", 0.030, ["shop-api-read", "shop-api-write"], [16509], 4,
            [Tool("python-requests/2.32.3", "python-requests")]));
        actors.Add(Service(world, "parcelio", "sdk", "guzzle", 0.020, ["shop-api-read"], [24940], 3,
            [Tool("GuzzleHttp/7", "guzzle", "HTTP/1.1")]));
        actors.Add(Service(world, "kiwi-logistics", "sdk", "go_http_client", 0.022, ["shop-api-write", "shop-api-read"], [8075], 5,
            [Tool("Go-http-client/2.0", "go")]));
        actors.Add(Service(world, "orbit-crm", "sdk", "axios", 0.014, ["shop-api-read", "shop-api-token"], [396982], 3,
            [Tool("axios/1.7.9", "node", "HTTP/1.1")]));
        actors.Add(Service(world, "sol-marketplace", "sdk", "okhttp", 0.018, ["shop-api-read", "shop-api-write"], [27715], 3,
            [Tool("okhttp/4.12.0", "okhttp-jvm")]));
        actors.Add(Service(world, "headless-storefront", "sdk", "node", 0.012, ["shop-api-graphql"], [16509], 4,
            [Tool("node", "undici", "HTTP/1.1")]));
        actors.Add(Service(world, "legacy-pos", "sdk", "python_urllib", 0.014, ["shop-api-write"], [701], 6,
            [Tool("Python-urllib/3.9", "urllib", "HTTP/1.1", "TLSv1.2")]));
        actors.Add(Service(world, "till-firmware", "no_ua", "", 0.010, ["shop-api-write"], [3320], 8,
            [Tool("", "dotnet", "HTTP/1.1", "TLSv1.2")]));
        actors.Add(Service(world, "tallybooks", "sdk", "apache_httpclient", 0.026, ["ledger-sync"], [14618], 4,
            [Tool("Apache-HttpClient/5.3.1 (Java/17.0.13)", "java")]));
        actors.Add(Service(world, "bank-importer", "sdk", "openapi_generator", 0.018, ["ledger-import"], [24940], 3,
            [Tool("OpenAPI-Generator/1.0.0/go", "go-openapi", "HTTP/1.1")]));
        actors.Add(Service(world, "acme-books-agent", "sdk", "acme_agent", 0.012, ["ledger-sync", "ledger-import"], [8075], 3,
            [Tool("acme-agent/2.3.1", "acme")]));
        actors.Add(Service(world, "old-desktop-client", "sdk", "java", 0.009, ["ledger-sync"], [2856], 9,
            [Tool("Java/1.8.0_372", "java8", "HTTP/1.1", "TLSv1.2")]));
        actors.Add(Service(world, "vehicle-gateways", "sdk", "cpprestsdk", 0.050, ["fleet-devices"], [21928, 3209], 60,
            [Tool("cpprestsdk/2.10.18", "cpprest", "HTTP/1.1", "TLSv1.2")]));
        actors.Add(Service(world, "dispatch-partner", "sdk", "restsharp", 0.012, ["fleet-partner"], [55836], 3,
            [Tool("RestSharp/112.1.0.0", "restsharp", "HTTP/1.1")]));

        actors.Add(Provider(world, "stripe", 0.022, "hooks-stripe", "stripe-signature", [16509], 6,
            "Stripe/1.0 (+https://stripe.com/docs/webhooks)"));
        actors.Add(Provider(world, "shopify", 0.020, "hooks-shopify", "x-shopify-hmac-sha256", [62679, 396982], 5, "Shopify-Captain-Hook"));
        actors.Add(Provider(world, "paypal", 0.008, "hooks-paypal", "paypal-transmission-sig", [17012], 3, "PayPal/AUHR-1.0-1"));
        actors.Add(Provider(world, "twilio", 0.008, "hooks-twilio", "x-twilio-signature", [14618], 4, "TwilioProxy/1.1"));
        actors.Add(Provider(world, "sendgrid", 0.010, "hooks-sendgrid", "x-twilio-email-event-webhook-signature", [11377], 3,
            "SendGrid Event API"));
        actors.Add(Provider(world, "github", 0.007, "ledger-hooks", "x-hub-signature-256", [36459], 4, "GitHub-Hookshot/7c3a9b1"));

        AddMonitors(world, actors);
    }

    private static Fingerprint Tool(string userAgent, string family, string protocol = "HTTP/2", string tls = "TLSv1.3") =>
        new(userAgent, family, protocol, "desktop", tls);

    private static ServiceActor Service(WorldModel world, string name, string clientClass, string client, double share,
        string[] endpoints, uint[] asns, int callers, Fingerprint[] fingerprints) => new()
        {
            Name = name,
            Client = world.Client(clientClass, client),
            Networks = NetworkCatalog.Of(asns),
            Fingerprints = fingerprints,
            Share = share,
            Callers = callers,
            Bots = (1, 24, (callers & 1) == 0 ? s_heuristics : s_learned),
            ApiKey = true,
            ClientCertificate = name == "bank-importer",
            Endpoints = world.Catalog.Join(endpoints),
        };

    private static WebhookActor Provider(WorldModel world, string name, double share, string endpoints, string signature, uint[] asns,
        int callers, string userAgent) => new()
        {
            Name = name,
            Client = world.Client("webhook", name),
            Networks = NetworkCatalog.Of(asns),
            Fingerprints = [Tool(userAgent, "webhook-" + name, "HTTP/1.1")],
            Share = share,
            Callers = callers,
            Rhythm = Rhythm.People,
            Bots = (1, 9, s_heuristics),
            Endpoints = world.Catalog.Group(endpoints),
            SignatureHeader = System.Text.Encoding.ASCII.GetBytes(signature),
        };

    private static void AddMonitors(WorldModel world, List<Actor> actors)
    {
        Endpoint[] targets =
        [
            world.Catalog.Group("shop-health").Endpoints[0], world.Catalog.Group("ledger-health").Endpoints[0],
            world.Catalog.Group("status-pages").Endpoints[0], world.Catalog.Group("shop-pages").Endpoints[0],
        ];
        actors.Add(Monitor(world, "uptimerobot", targets, 0.008, [46475],
            "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)"));
        actors.Add(Monitor(world, "better stack", targets[..3], 0.006, [24940],
            "Better Uptime Bot Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/108.0.0.0 Safari/537.36"));
        actors.Add(Monitor(world, "pingdom", [targets[3], world.Catalog.Group("www-pages").Endpoints[0]], 0.004, [63949],
            "Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)"));
    }

    private static MonitorActor Monitor(WorldModel world, string name, Endpoint[] targets, double share, uint[] asns, string userAgent) =>
        new()
        {
            Name = name,
            Client = world.Client("monitoring", name.Replace(" ", "_", StringComparison.Ordinal)),
            Networks = NetworkCatalog.Of(asns),
            Fingerprints = [Tool(userAgent, "monitor-" + name, "HTTP/1.1")],
            Share = share,
            Callers = 8,
            Bots = (1, 1, s_heuristics),
            IpClass = "monitoringService"u8.ToArray(),
            Targets = targets,
        };
}

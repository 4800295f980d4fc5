using CfLogStream.Generator.Simulation;
using CfLogStream.Generator.Simulation.Actors;

namespace CfLogStream.Generator.World;

/// <summary>Those who are to be stopped.</summary>
internal static class AttackActors
{
    private static readonly byte[] s_heuristics = "Heuristics"u8.ToArray();
    private static readonly byte[] s_learned = "Machine Learning"u8.ToArray();

    public static void Add(WorldModel world, List<Actor> actors)
    {
        Host[] hosts = [.. world.Catalog.Hosts];
        EndpointGroup apis = world.Catalog.Join("shop-api-read", "shop-api-write", "ledger-sync", "ledger-import");
        actors.Add(Scanner(world, "nuclei runs", "nuclei", hosts, apis, 0.018, 40, [14061, 20473, 51167],
            ["Nuclei - Open-source project (github.com/projectdiscovery/nuclei)"]));
        actors.Add(Scanner(world, "sqlmap runs", "sqlmap",
            [.. hosts.Where(host => host.Name.StartsWith("api.", StringComparison.Ordinal))], apis, 0.012, 12, [16276, 9009],
            ["sqlmap/1.8.4#stable (https://sqlmap.org)"]));
        actors.Add(Scanner(world, "zgrab sweeps", "zgrab", hosts, apis, 0.006, 60, [14061, 63949, 132203], ["Mozilla/5.0 zgrab/0.x"]));
        actors.Add(Scanner(world, "scanners in disguise", "chrome", hosts, apis, 0.014, 50, [200019, 9009, 45102],
            ["Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36"],
            "browser_claimed"));
        actors.Add(new ScraperActor
        {
            Name = "price scrapers",
            Client = world.Client("browser_claimed", "browser"),
            Networks = NetworkCatalog.Of(16276, 51167, 20473),
            Fingerprints = [.. Fingerprints.Browsers.Take(6).Select(browser =>
                new Fingerprint(System.Text.Encoding.UTF8.GetString(browser.UserAgent), "curl-impersonate",
                    clientName: browser.ClientName))],
            Share = 0.03,
            Callers = 24,
            Attack = true,
            LinesPerDraw = 62,
            Bots = (2, 18, s_learned),
            Endpoints = world.Catalog.Group("shop-pages"),
        });
        actors.Add(new StuffingActor
        {
            Name = "credential stuffing",
            Client = world.Client("sdk", "python_requests"),
            Networks = NetworkCatalog.Of(9009, 200019, 14061, 28573, 24560),
            Fingerprints = [new Fingerprint("python-requests/2.28.1", "python-requests-old", "HTTP/1.1")],
            Share = 0.02,
            Callers = world.Population(0.02, 12),
            Attack = true,
            Rhythm = Rhythm.Waves,
            LinesPerDraw = 15,
            Bots = (1, 12, s_heuristics),
            Login = world.Catalog.Group("shop-login").Endpoints[0],
        });
        actors.Add(new FloodActor
        {
            Name = "botnet flood",
            Client = world.Client("browser_claimed", "browser"),
            Networks = NetworkCatalog.People,
            Fingerprints = [new Fingerprint("Mozilla/5.0 (Windows NT 6.1; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/79.0.3945.88 Safari/537.36", "mirai", "HTTP/1.1", tls: "TLSv1.2", clientName: "chrome")],
            Share = 0.0005,
            Callers = 20_000,
            Attack = true,
            LinesPerDraw = 2,
            Bots = (1, 3, s_heuristics),
            IpClass = "badHost"u8.ToArray(),
            Target = world.Catalog.Group("shop-pages").Endpoints[0],
        });
    }

    // In a small run the scanners' runs are short, so that there is some abuse at any time.
    private static int RunLength(WorldModel world) => (int)Math.Clamp(world.Lines / 4000, 4, 30);

    private static ScannerActor Scanner(WorldModel world, string name, string client, Host[] hosts, EndpointGroup apis, double share,
        int callers, uint[] asns, string[] userAgents, string clientClass = "scanner") => new()
        {
            Name = name,
            Client = world.Client(clientClass, client),
            Networks = NetworkCatalog.Of(asns),
            Fingerprints = [.. userAgents.Select(userAgent => new Fingerprint(userAgent, "scanner-" + name, "HTTP/1.1", tls: "TLSv1.2"))],
            Share = share,
            Callers = callers,
            Attack = true,
            LinesPerDraw = 1.85 * RunLength(world),
            RunLength = RunLength(world),
            Bots = (1, 4, s_heuristics),
            IpClass = "scan"u8.ToArray(),
            Targets = hosts,
            Apis = apis,
        };
}

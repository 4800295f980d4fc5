using System.Text;
using CfLogStream.Generator.Simulation;
using CfLogStream.Generator.Simulation.Actors;
using CfLogStream.Generator.World;

namespace CfLogStream.Generator.Scenarios.HeldOut;

/// <summary>Callers that exist in one scenario only.</summary>
internal static class Guests
{
    private static readonly byte[] s_heuristics = Encoding.ASCII.GetBytes("Heuristics");
    private static readonly byte[] s_learned = Encoding.ASCII.GetBytes("Machine Learning");

    /// <summary>A partner's service.</summary>
    public static ServiceActor Service(WorldModel world, string name, string client, string userAgent, string endpoints, uint asn,
        int callers, double share, string clientClass = "sdk") => world.Admit(new ServiceActor
        {
            Name = name,
            Client = world.Client(clientClass, client),
            Networks = NetworkCatalog.Of(asn),
            Fingerprints = [new Fingerprint(userAgent, client + "-" + name, "HTTP/1.1")],
            Share = share,
            Callers = callers,
            Bots = (2, 24, s_learned),
            ApiKey = true,
            Endpoints = world.Catalog.Group(endpoints),
        });

    /// <summary>A scanner of the API hosts and others.</summary>
    public static ScannerActor Scanner(WorldModel world, string name, string clientClass, string client, string userAgent,
        IReadOnlyList<Host> hosts, uint[] asns, int callers, double share, Actor? gateway = null)
    {
        int run = (int)Math.Clamp(world.Lines / 4000, 4, 30);
        return world.Admit(new ScannerActor
        {
            Name = name,
            Client = world.Client(clientClass, client),
            Networks = NetworkCatalog.Of(asns),
            Fingerprints = [new Fingerprint(userAgent, "scanner-" + name, "HTTP/1.1", tls: "TLSv1.2")],
            Share = share,
            Callers = callers,
            Attack = true,
            LinesPerDraw = 1.85 * run,
            RunLength = run,
            Bots = (1, 4, s_heuristics),
            IpClass = Encoding.ASCII.GetBytes("scan"),
            Targets = [.. hosts],
            Apis = world.Catalog.Join("shop-api-read", "shop-api-write", "ledger-sync", "ledger-import"),
            Gateway = gateway,
        });
    }

    /// <summary>Bots that harvest an API with the user agent of a library.</summary>
    public static ScraperActor Harvester(WorldModel world, string name, string client, string userAgent, string endpoints, uint[] asns,
        double share) => world.Admit(new ScraperActor
        {
            Name = name,
            Client = world.Client("sdk", client),
            Networks = NetworkCatalog.Of(asns),
            Fingerprints = [new Fingerprint(userAgent, "harvester-" + client, "HTTP/1.1", tls: "TLSv1.2")],
            Share = share,
            Callers = 18,
            Attack = true,
            LinesPerDraw = 55,
            Bots = (2, 18, s_heuristics),
            Endpoints = world.Catalog.Group(endpoints),
        });

    /// <summary>Open tabs of a page whose scripts keep asking.</summary>
    public static TabActor Tabs(WorldModel world, string name, string page, string xhr, double share) => world.Admit(new TabActor
    {
        Name = name,
        Client = world.Client("browser_xhr", "browser"),
        Networks = NetworkCatalog.People,
        Fingerprints = Fingerprints.Browsers,
        Share = share,
        Callers = world.Population(share, 20),
        Bots = (62, 99, s_learned),
        Page = world.Catalog.Host(page),
        Xhr = world.Catalog.Group(xhr),
    });

    /// <summary>People whose pages call an API of another host.</summary>
    public static VisitorActor CrossOriginVisitors(WorldModel world, string name, string pages, string assets, string xhr, double share) =>
        world.Admit(new VisitorActor
        {
            Name = name,
            Client = world.Client("browser_nav", "browser"),
            Networks = NetworkCatalog.People,
            Fingerprints = Fingerprints.Browsers,
            Share = share,
            Callers = world.Population(share, 30),
            LinesPerDraw = 9,
            Bots = (62, 99, s_learned),
            Pages = world.Catalog.Group(pages),
            Assets = world.Catalog.Group(assets),
            Xhr = world.Catalog.Group(xhr),
            CrossOrigin = true,
        });
}

using CfLogStream.Generator.Simulation;
using CfLogStream.Generator.Simulation.Actors;

namespace CfLogStream.Generator.World;

/// <summary>People: visitors with browsers and users of mobile apps.</summary>
internal static class PeopleActors
{
    private static readonly byte[] s_learned = "Machine Learning"u8.ToArray();

    public static void Add(WorldModel world, List<Actor> actors)
    {
        Visitors(world, actors, "visitors of www.shop.example", 0.21, "shop-pages", "shop-assets", "shop-xhr", false, Rhythm.People);
        Visitors(world, actors, "users of app.ledgerly.example", 0.10, "app-pages", "app-assets", "ledger-xhr", true, Rhythm.Office);
        Visitors(world, actors, "sessions of app.ledgerly.example", 0.045, "app-pages", "app-assets", "app-xhr", false, Rhythm.Office);
        Visitors(world, actors, "visitors of www.ledgerly.example", 0.035, "www-pages", "www-assets", "app-xhr", false, Rhythm.Office);
        Visitors(world, actors, "visitors of www.fleet.example", 0.02, "fleet-pages", "fleet-assets", "fleet-wp", false, Rhythm.People);
        Visitors(world, actors, "visitors of status.shop.example", 0.01, "status-pages", "shop-assets", "status-api", false, Rhythm.Flat);
        actors.Add(App(world, "shop app", world.Client("mobile_app", "shopapp"), 0.075, "shop-api-mobile", Fingerprints.ShopApp));
        actors.Add(App(world, "fleet app", world.Client("mobile_app", "dart"), 0.035, "fleet-app", Fingerprints.FleetApp));
        actors.Add(Logins(world));
    }

    private static void Visitors(WorldModel world, List<Actor> actors, string name, double share, string pages, string assets, string xhr,
        bool crossOrigin, Rhythm rhythm) =>
        actors.Add(new VisitorActor
        {
            Name = name,
            Client = world.Client("browser_nav", "browser"),
            Networks = NetworkCatalog.People,
            Fingerprints = Fingerprints.Browsers,
            Share = share,
            Callers = world.Population(share, 30),
            Rhythm = rhythm,
            LinesPerDraw = 9,
            Bots = (62, 99, s_learned),
            Pages = world.Catalog.Group(pages),
            Assets = world.Catalog.Group(assets),
            Xhr = world.Catalog.Group(xhr),
            CrossOrigin = crossOrigin,
        });

    private static AppActor App(WorldModel world, string name, ClientIdentity client, double share, string endpoints,
        Fingerprint[] fingerprints) => new()
        {
            Name = name,
            Client = client,
            Networks = NetworkCatalog.Phones,
            Fingerprints = fingerprints,
            Share = share,
            Callers = world.Population(share, 25),
            Rhythm = Rhythm.People,
            LinesPerDraw = 5.5,
            Bots = (31, 86, s_learned),
            ApiKey = true,
            Endpoints = world.Catalog.Group(endpoints),
        };

    /// <summary>People who log in: at the endpoint that stuffing attacks.</summary>
    private static SimpleActor Logins(WorldModel world) => new()
    {
        Name = "logins of www.shop.example",
        Client = world.Client("browser_nav", "browser"),
        Networks = NetworkCatalog.People,
        Fingerprints = Fingerprints.Browsers,
        Share = 0.008,
        Callers = world.Population(0.008, 2),
        Rhythm = Rhythm.People,
        Bots = (62, 99, s_learned),
        Endpoints = world.Catalog.Group("shop-login"),
    };
}

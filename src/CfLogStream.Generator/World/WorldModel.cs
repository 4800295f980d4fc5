using CfLogStream.Generator.Simulation;
using CfLogStream.Generator.Simulation.Actors;

namespace CfLogStream.Generator.World;

/// <summary>Everything that exists in one run: endpoints, rules, clients and actors with their shares.</summary>
internal sealed class WorldModel
{
    private const double MaxCallers = 2_000_000;

    private readonly List<ClientIdentity> _clients = [];

    /// <param name="busyness">How many times as many callers there are as usual.</param>
    public WorldModel(ulong seed, long startMs, long durationMs, double lines, double busyness = 1)
    {
        Busyness = busyness;
        Seed = seed;
        StartMs = startMs;
        DurationMs = durationMs;
        LinesPerMs = lines / durationMs;
        Lines = lines;
        Catalog = new EndpointCatalog(seed);
        Rules = new BackgroundRules(seed);
        Troubles = new OriginTroubles(seed, startMs, durationMs);
        WorkerClient = Client("cf_internal", "edge_worker_fetch");
        WorkerEndpoint = Catalog.Endpoints.First(endpoint =>
            endpoint.Host.Name == "api.ledgerly.example" && endpoint.Template == "/healthz");
        var actors = new List<Actor>();
        PeopleActors.Add(this, actors);
        ServiceActors.Add(this, actors);
        BotActors.Add(this, actors);
        AttackActors.Add(this, actors);
        Filler = new FillerActor
        {
            Name = "visitors of www.shop.example (last lines)",
            Client = Client("browser_nav", "browser"),
            Networks = NetworkCatalog.People,
            Fingerprints = Fingerprints.Browsers,
            Share = 0,
            Callers = 50,
            Bots = (60, 99, "Machine Learning"u8.ToArray()),
            Endpoint = Catalog.Endpoints.First(endpoint => endpoint.Kind == EndpointKind.Asset && endpoint.Host.Name == "www.shop.example"),
        };
        actors.Add(Filler);
        Actors = [.. actors];
        for (int i = 0; i < Actors.Length; i++)
        {
            Actors[i].Join(this, i);
        }
    }

    public ulong Seed { get; }

    public long StartMs { get; }

    public long DurationMs { get; }

    public long EndMs => StartMs + DurationMs;

    /// <summary>All lines of the run, roughly when it is sized by bytes.</summary>
    public double Lines { get; }

    public double LinesPerMs { get; }

    /// <summary>How many times as many callers there are as usual; at least 1.</summary>
    public double Busyness { get; }

    public EndpointCatalog Catalog { get; }

    public BackgroundRules Rules { get; }

    public OriginTroubles Troubles { get; }

    public Actor[] Actors { get; private set; }

    public FillerActor Filler { get; }

    public ClientIdentity WorkerClient { get; }

    public Endpoint WorkerEndpoint { get; }

    public IReadOnlyList<ClientIdentity> Clients => _clients;

    /// <summary>Adds someone who exists in this run only.</summary>
    public T Admit<T>(T actor)
        where T : Actor
    {
        Actors = [.. Actors, actor];
        actor.Join(this, Actors.Length - 1);
        return actor;
    }

    /// <summary>Returns the client of this class and name.</summary>
    public ClientIdentity Client(string clientClass, string name)
    {
        ClientIdentity? known = _clients.Find(client => client.Class == clientClass && client.Name == name);
        if (known is null)
        {
            known = new ClientIdentity { Index = _clients.Count, Class = clientClass, Name = name };
            _clients.Add(known);
        }

        return known;
    }

    /// <summary>Zones that have neither bot scores nor attack scores.</summary>
    public HashSet<string> ZonesWithoutScores { get; } = ["fleet.example"];

    /// <summary>Whether values that no documentation names occur.</summary>
    public bool UnknownValues { get; init; }

    /// <summary>Whether the job leaves the TLS fingerprints empty.</summary>
    public bool LacksFingerprints { get; set; }

    public bool LacksBotManagement(Host host) => ZonesWithoutScores.Contains(host.ZoneName);

    public Actor Actor(string name) => Actors.First(actor => actor.Name == name);

    /// <summary>How many callers there are where there are usually so many.</summary>
    public int Callers(int usually) => (int)Math.Min(usually * Busyness, Math.Max(usually, MaxCallers));

    /// <summary>How many callers a population of people usually has in a run of this size.</summary>
    public int Population(double share, int linesPerCaller) => (int)Math.Clamp(Lines * share / linesPerCaller, 20, 400_000);
}

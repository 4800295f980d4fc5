using CfLogStream.Generator.World;

namespace CfLogStream.Generator.Simulation;

/// <summary>How an actor's load varies over time.</summary>
internal enum Rhythm
{
    /// <summary>Day and night of people.</summary>
    People,

    /// <summary>Working hours.</summary>
    Office,

    /// <summary>The same at any time.</summary>
    Flat,

    /// <summary>Quiet with waves.</summary>
    Waves,
}

/// <summary>Someone who calls: a population of callers that behave alike.</summary>
internal abstract class Actor
{
    public int Index { get; private set; }

    public required string Name { get; init; }

    public required ClientIdentity Client { get; init; }

    /// <summary>The client by program, in the order of <see cref="Fingerprints"/>.</summary>
    public ClientIdentity[] Clients { get; private set; } = [];

    public required Network[] Networks { get; init; }

    public required Fingerprint[] Fingerprints { get; init; }

    /// <summary>Whether this is abuse: to be stopped.</summary>
    public bool Attack { get; init; }

    /// <summary>Share of the load, before rhythm; all shares add up to about one.</summary>
    public required double Share { get; set; }

    /// <summary>How many callers there are: as given, and more from <see cref="Join"/> on when the world is busy.</summary>
    public required int Callers { get; set; }

    /// <summary>Whether a busier world has more of these callers.</summary>
    public virtual bool GrowsWithTraffic => true;

    public Rhythm Rhythm { get; init; } = Rhythm.Flat;

    /// <summary>Lines that one draw leads to, on average.</summary>
    public virtual double LinesPerDraw { get; init; } = 1;

    /// <summary>From when and until when the load is multiplied by how much.</summary>
    public (long From, long To, double Factor) Surge { get; set; } = (long.MaxValue, long.MaxValue, 1);

    /// <summary>Bot score: from, to and source where Bot Management computes it.</summary>
    public (int Low, int High, byte[] Source) Bots { get; set; } = (2, 29, "Machine Learning"u8.ToArray());

    /// <summary>Whether its requests carry an API key, whose id is logged as a request header.</summary>
    public bool ApiKey { get; init; }

    /// <summary>Whether it has a client certificate.</summary>
    public bool ClientCertificate { get; init; }

    public byte[] BotTag { get; init; } = [];

    /// <summary>A release that changes what the callers' program shows of itself; null when there is none.</summary>
    public ClientUpdate? Update { get; set; }

    /// <summary>Whose addresses the callers use, when they sit behind the same gateway; null when they have their own.</summary>
    public Actor? Gateway { get; init; }

    /// <summary>What callers do when they are stopped.</summary>
    public RetryHabit Habit { get; set; }

    public byte[] IpClass { get; init; } = "noRecord"u8.ToArray();

    public byte[] VerifiedBot { get; init; } = [];

    /// <summary>Whether the actor keeps its own timetable instead of being drawn by its share.</summary>
    public virtual bool Scheduled => false;

    /// <summary>Gives every program its client: of the actor's class, with the program's name where it has one of its own.</summary>
    public virtual void Join(WorldModel world, int index)
    {
        Index = index;
        Callers = GrowsWithTraffic ? world.Callers(Callers) : Callers;
        Clients = ClientsOf(world, Client);
    }

    /// <summary>Enters the first acts of a scheduled actor.</summary>
    public virtual void Start(TrafficSimulation simulation)
    {
    }

    /// <summary>Draws a new act at <paramref name="ms"/>; false when the actor stays silent.</summary>
    public abstract bool Draw(TrafficSimulation simulation, long ms);

    /// <summary>Does what was scheduled.</summary>
    public virtual void Continue(TrafficSimulation simulation, in Act act)
    {
    }

    /// <summary>Returns the client of each program, of the class of <paramref name="client"/>.</summary>
    protected ClientIdentity[] ClientsOf(WorldModel world, ClientIdentity client) =>
        [.. Fingerprints.Select(program => program.ClientName.Length == 0 ? client : world.Client(client.Class, program.ClientName))];
}

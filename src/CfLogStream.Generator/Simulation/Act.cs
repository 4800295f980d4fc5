using CfLogStream.Generator.World;

namespace CfLogStream.Generator.Simulation;

/// <summary>Something that an actor will do at a known time.</summary>
internal struct Act
{
    public long Ms;
    public Actor Actor;
    public int Caller;

    /// <summary>What to do, in the actor's own numbers.</summary>
    public int Kind;

    /// <summary>Which ids the path carries.</summary>
    public ulong Id;
    public Endpoint? Endpoint;

    /// <summary>How often this call was tried before.</summary>
    public int Attempt;

    /// <summary>Calls that follow this one.</summary>
    public int Remaining;
}

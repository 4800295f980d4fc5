namespace CfLogStream.Generator.World;

/// <summary>A client class and name of the truth.</summary>
internal sealed class ClientIdentity
{
    public required int Index { get; init; }

    public required string Class { get; init; }

    public required string Name { get; init; }

    /// <summary>Whether such a client can solve a challenge.</summary>
    public bool Browser => Class is "browser_nav" or "browser_xhr" or "browser_claimed";
}

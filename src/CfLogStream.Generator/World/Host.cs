namespace CfLogStream.Generator.World;

/// <summary>A host of a zone.</summary>
internal sealed class Host
{
    public required int Index { get; init; }

    public required string Name { get; init; }

    public required string ZoneName { get; init; }

    public required byte[] NameUtf8 { get; init; }

    public required byte[] ZoneUtf8 { get; init; }

    /// <summary>Addresses of the origin's servers.</summary>
    public required byte[][] Origins { get; init; }

    /// <summary>The Worker that answers for this host; empty when there is none.</summary>
    public byte[] Worker { get; init; } = [];

    /// <summary>Where unknown paths go: the truth's endpoint for probes, by GET and POST.</summary>
    public Endpoint ProbeGet { get; set; } = null!;

    public Endpoint ProbePost { get; set; } = null!;
}

using System.Text;

namespace CfLogStream.Generator.World;

/// <summary>What kind of callers live in a network.</summary>
internal enum NetworkKind
{
    /// <summary>Homes and offices.</summary>
    Eyeball,

    /// <summary>Mobile carriers.</summary>
    Mobile,

    /// <summary>Data centres and clouds.</summary>
    Hosting,
}

/// <summary>An autonomous system with made-up address blocks.</summary>
internal sealed class Network
{
    private string? _countryText;

    public required uint Asn { get; init; }

    public required byte[] Description { get; init; }

    public required byte[] Country { get; init; }

    public required NetworkKind Kind { get; init; }

    /// <summary>First two octets of the IPv4 blocks.</summary>
    public required (byte First, byte Second)[] Blocks { get; init; }

    /// <summary>First two groups of the IPv6 block; empty when callers have IPv4 only.</summary>
    public required byte[] Block6 { get; init; }

    public required City[] Cities { get; init; }

    public string CountryText => _countryText ??= Encoding.ASCII.GetString(Country);
}

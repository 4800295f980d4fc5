using System.Text;

namespace CfLogStream.Generator.World;

/// <summary>What an endpoint serves.</summary>
internal enum EndpointKind
{
    Page,
    Asset,
    Api,
}

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

/// <summary>An endpoint: host, method and path template, and how its origin answers.</summary>
internal sealed class Endpoint
{
    public required int Index { get; init; }

    public required Host Host { get; init; }

    public required string Method { get; init; }

    public required byte[] MethodUtf8 { get; init; }

    public required PathPattern Path { get; init; }

    /// <summary>The path template of the truth.</summary>
    public required string Template { get; init; }

    /// <summary>The query; null when there is none.</summary>
    public PathPattern? Query { get; init; }

    public required EndpointKind Kind { get; init; }

    public byte[] ContentType { get; init; } = Encoding.ASCII.GetBytes("application/json");

    /// <summary>Typical bytes of an answer.</summary>
    public int BodyBytes { get; init; } = 900;

    /// <summary>Typical milliseconds of the origin.</summary>
    public int OriginMs { get; init; } = 60;

    /// <summary>Whether the edge may answer from its cache.</summary>
    public bool Cached { get; init; }

    /// <summary>How many different ids are seen.</summary>
    public int Ids { get; init; } = 1;

    /// <summary>Share of answers 404.</summary>
    public double NotFound { get; init; }

    public string Surface => Kind switch { EndpointKind.Page => "page", EndpointKind.Asset => "asset", _ => "api" };
}

/// <summary>Endpoints that an actor chooses among, by weight.</summary>
internal sealed class EndpointGroup
{
    private readonly Endpoint[] _endpoints;
    private readonly int[] _ends;

    public EndpointGroup(IReadOnlyList<(Endpoint Endpoint, int Weight)> members)
    {
        _endpoints = [.. members.Select(member => member.Endpoint)];
        _ends = new int[_endpoints.Length];
        int sum = 0;
        for (int i = 0; i < _ends.Length; i++)
        {
            sum += members[i].Weight;
            _ends[i] = sum;
        }
    }

    public IReadOnlyList<Endpoint> Endpoints => _endpoints;

    public Endpoint Pick(Randomness.Rng rng)
    {
        int at = rng.Below(_ends[^1]);
        int index = 0;
        while (_ends[index] <= at)
        {
            index++;
        }

        return _endpoints[index];
    }
}

using System.Text;

namespace CfLogStream.Generator.World;

/// <summary>What an endpoint serves.</summary>
internal enum EndpointKind
{
    Page,
    Asset,
    Api,
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

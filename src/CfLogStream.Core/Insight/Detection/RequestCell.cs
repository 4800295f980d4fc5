using CfLogStream.Core.Insight.Findings;

namespace CfLogStream.Core.Insight.Detection;

/// <summary>Requests of one client on one endpoint over the span of a diagnosis.</summary>
public sealed record RequestCell
{
    public required EndpointIdentity Endpoint { get; init; }

    public required ClientIdentity Client { get; init; }

    /// <summary>Requests, good answers (2xx and 3xx) and caller-minutes in time.</summary>
    public required LoadSeries Load { get; init; }

    /// <summary>Error answers made by the edge, stopped requests among them.</summary>
    public long EdgeErrors { get; init; }

    /// <summary>Error answers of the origin.</summary>
    public long OriginErrors { get; init; }

    /// <summary>5xx answers.</summary>
    public long ServerErrors { get; init; }

    public long Lost { get; init; }
}

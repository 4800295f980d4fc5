using CfLogStream.Core.Insight.Findings;

namespace CfLogStream.Core.Insight.Detection;

/// <summary>All requests of an endpoint over the span of a diagnosis.</summary>
/// <param name="Good">Answered 2xx or 3xx.</param>
/// <param name="EdgeErrors">Error answers made by the edge, stopped requests among them.</param>
/// <param name="ServerErrors">5xx answers, whoever made them.</param>
/// <param name="Named">Requests by clients that say who they are.</param>
public sealed record EndpointTotals(
    EndpointIdentity Endpoint, long Requests, long Good, long Lost, long EdgeErrors, long OriginErrors, long ServerErrors, long Named);

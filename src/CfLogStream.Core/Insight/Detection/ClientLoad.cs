namespace CfLogStream.Core.Insight.Detection;

/// <summary>All requests of one client on one host over the span of a diagnosis, whatever the endpoint and trust.</summary>
/// <param name="Trust">The trust of most of its requests.</param>
/// <param name="ClientErrors">4xx answers that were not made by a control.</param>
/// <param name="Endpoints">Distinct endpoints (method and template).</param>
public sealed record ClientLoad(
    string Zone, string Host, string Class, string Name, string Trust, LoadSeries Load, long Lost, long ClientErrors, long Endpoints);

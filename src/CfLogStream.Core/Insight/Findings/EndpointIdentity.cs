namespace CfLogStream.Core.Insight.Findings;

/// <summary>An endpoint: zone, host, method and path template, with what it is for.</summary>
/// <param name="Path">The path template, for instance <c>/v1/users/{id}</c>.</param>
/// <param name="Surface">api, page, asset, mixed or unknown.</param>
public sealed record EndpointIdentity(string Zone, string Host, string Method, string Path, string Surface);

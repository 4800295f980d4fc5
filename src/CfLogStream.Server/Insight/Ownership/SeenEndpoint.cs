using CfLogStream.Core.Insight.Findings;

namespace CfLogStream.Server.Insight.Ownership;

/// <summary>An endpoint with its requests.</summary>
public sealed record SeenEndpoint(EndpointIdentity Endpoint, long Requests, long Lost);

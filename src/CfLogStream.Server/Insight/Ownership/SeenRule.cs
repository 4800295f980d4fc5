using CfLogStream.Core.Insight.Findings;

namespace CfLogStream.Server.Insight.Ownership;

/// <summary>A rule that acted, with what it acted on.</summary>
/// <param name="Count">How often it acted.</param>
/// <param name="Lost">Requests that were lost by it.</param>
/// <param name="Endpoint">The endpoint that it acted on.</param>
public sealed record SeenRule(RuleIdentity Rule, EndpointIdentity Endpoint, long Count, long Lost);

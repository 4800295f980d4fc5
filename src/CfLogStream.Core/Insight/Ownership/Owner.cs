namespace CfLogStream.Core.Insight.Ownership;

/// <summary>Who owns a rule, an endpoint or an exemption, from the user's <c>owners.yaml</c>.</summary>
/// <param name="Name">The team or person.</param>
/// <param name="Contact">How to reach them; empty when not given.</param>
/// <param name="Why">Why the rule or exemption exists; empty when not given.</param>
/// <param name="ReviewBy">The day it must be looked at again; null when not given.</param>
/// <param name="Matched">Which entry said so, for instance <c>owners.yaml line 12: path /v1/orders</c>.</param>
public sealed record Owner(string Name, string Contact, string Why, DateOnly? ReviewBy, string Matched);

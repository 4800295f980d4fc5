namespace CfLogStream.Core.Insight.Findings;

/// <summary>One endpoint and client that a finding is about.</summary>
public sealed record FindingCell(EndpointIdentity Endpoint, ClientIdentity Client, LossEstimate Loss, LegitimacyEstimate Legitimacy);

namespace CfLogStream.Core.Insight.Findings;

/// <summary>A kind of client: class, name and how well both are supported.</summary>
/// <param name="Trust">verified, corroborated, claimed or contradicted.</param>
public sealed record ClientIdentity(string Class, string Name, string Trust);

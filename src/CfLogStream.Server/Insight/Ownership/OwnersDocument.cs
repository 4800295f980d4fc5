namespace CfLogStream.Server.Insight.Ownership;

/// <summary>Who owns what: the file <c>owners.yaml</c>.</summary>
public sealed record OwnersDocument
{
    /// <summary>Teams with how they are reached; entries that name one need no contact of their own.</summary>
    /// <value>none.</value>
    public IReadOnlyList<TeamSection> Teams { get; init; } = [];

    /// <summary>What is owned. The most specific entry counts: a rule before an exemption, a path, a host and a zone.</summary>
    /// <value>none.</value>
    public IReadOnlyList<OwnerSection> Owners { get; init; } = [];
}

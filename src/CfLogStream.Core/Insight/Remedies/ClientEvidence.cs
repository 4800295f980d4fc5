namespace CfLogStream.Core.Insight.Remedies;

/// <summary>What the stopped clients of a finding look like: properties by which an exemption can be bound. Values are log text.</summary>
public sealed record ClientEvidence
{
    /// <summary>Addresses or prefixes seen, the most frequent first, at most 50.</summary>
    public IReadOnlyList<string> Networks { get; init; } = [];

    /// <summary>Whether <see cref="Networks"/> is all of them.</summary>
    public bool NetworksComplete { get; init; }

    /// <summary>Whether others, who look rightly stopped, call from the same networks.</summary>
    public bool NetworksShared { get; init; }

    /// <summary>How many networks were left out: what calls from there with the client's name does not look like the client.</summary>
    public int NetworksDoubted { get; init; }

    /// <summary>The systems (ASNs) of the networks that were left out.</summary>
    public IReadOnlyList<uint> AsnsDoubted { get; init; } = [];

    public IReadOnlyList<uint> Asns { get; init; } = [];

    public IReadOnlyList<string> Countries { get; init; } = [];

    /// <summary>User agents, the most frequent first; they prove nothing.</summary>
    public IReadOnlyList<string> UserAgents { get; init; } = [];

    /// <summary>JA4 fingerprints, the most frequent first.</summary>
    public IReadOnlyList<string> Ja4 { get; init; } = [];

    /// <summary>Whether all presented a client certificate that Cloudflare accepted.</summary>
    public bool MutualTls { get; init; }

    /// <summary>The webhook sender's signature header, for instance <c>stripe-signature</c>; empty when it has none.</summary>
    public string SignatureHeader { get; init; } = "";

    /// <summary>Cloudflare's verified-bot category; empty when not verified.</summary>
    public string VerifiedBotCategory { get; init; } = "";
}

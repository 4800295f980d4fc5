namespace CfLogStream.Core.Traffic.Clients;

/// <summary>All that the class, name and trust of a client follow from: records with equal facts have the same.</summary>
/// <remarks>
/// Exact, not hashed: the user agent by the serial of its reading, everything else as numbers and flags. What does not matter for a user
/// agent is left out, so that its requests share their facts: the network itself where its kind is all that counts, and for all but
/// browsers what only browsers are judged by. Of internal requests only the source counts.
/// </remarks>
internal struct ClientFacts : IEquatable<ClientFacts>
{
    /// <summary><see cref="AgentReading.Serial"/>; 0 for an internal request and an empty slot.</summary>
    public ulong Agent;

    /// <summary><see cref="HeaderEvidence.Webhooks"/>.</summary>
    public ulong Webhooks;
    public ClientMarks Marks;

    /// <summary>The range of published addresses that the client's is in, plus one; 0 for none.</summary>
    public ushort Sender;
    public IpClass IpClass;

    /// <summary>For an internal request the number of its source; else 0.</summary>
    public byte InternalSource;

    /// <summary>A hash for caches.</summary>
    public readonly ulong Hash => QuickHash.Spread(QuickHash.Fold(Agent ^ (Webhooks * 31), Rest));

    private readonly ulong Rest => (ulong)Marks | ((ulong)Sender << 32) | ((ulong)IpClass << 48) | ((ulong)InternalSource << 56);

    // Without a branch per field: nearly every comparison is of equals.
    public readonly bool Equals(ClientFacts other) =>
        ((Agent ^ other.Agent) | (Webhooks ^ other.Webhooks) | (Rest ^ other.Rest)) == 0;

    public override readonly bool Equals(object? obj) => obj is ClientFacts other && Equals(other);

    public override readonly int GetHashCode() => (int)Hash;
}

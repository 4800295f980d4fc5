namespace CfLogStream.Core.Traffic.Clients;

/// <summary>Who calls; the name is valid until the classifier's next record.</summary>
internal ref struct ClientVerdict
{
    public ClientClass Class;
    public ReadOnlySpan<byte> Name;

    /// <summary>The stable hash of the name.</summary>
    public ulong NameHash;
    public Trust Trust;

    /// <summary>Hash of class, name and trust.</summary>
    public ulong ClientHash;
}

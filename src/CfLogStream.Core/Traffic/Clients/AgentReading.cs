namespace CfLogStream.Core.Traffic.Clients;

/// <summary>All that the client classes need of one user agent, worked out once and kept in <see cref="UserAgentCache"/>.</summary>
internal struct AgentReading
{
    public AgentMatch Match;

    /// <summary>A number that no other user agent's reading ever has, by which caches refer to it.</summary>
    public ulong Serial;

    /// <summary>The reading stands in the slot for user agents that are not remembered.</summary>
    public bool IsShared;

    /// <summary>The network of the webhook sender that it names; 0 when it names none or the network is not known.</summary>
    public uint SenderAsn;

    /// <summary>The network of the monitor, crawler or the like that it names; 0 when it names none or the network is not known.</summary>
    public uint NamedAsn;

    /// <summary>The length of the name of the product word (<c>Word/1</c>); 0 when the user agent has another shape.</summary>
    public byte ProductLength;

    /// <summary>The length of the name that the application gives itself.</summary>
    public byte ApplicationLength;

    /// <summary>The length of the name that the crawler gives itself; 0 when it has no manners of a crawler.</summary>
    public byte CrawlerLength;

    /// <summary>The stable hashes of the three names.</summary>
    public ulong ProductHash;
    public ulong ApplicationHash;
    public ulong CrawlerHash;
}

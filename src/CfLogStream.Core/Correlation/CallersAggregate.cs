namespace CfLogStream.Core.Correlation;

/// <summary>The counters of one row of <c>callers_1h</c>.</summary>
internal struct CallersAggregate
{
    /// <summary>The host's number in the hour's admission.</summary>
    public int Host;

    /// <summary>The number of the client; -1 for the row of those past the cap.</summary>
    public int Client;
    public int Network;
    public int Country;
    public uint Asn;
    public ulong Caller;
    public ulong Version;
    public ulong Written;
    public ulong Requests;
    public ulong Good;
    public ulong Lost;

    /// <summary>One bit per minute of the hour.</summary>
    public ulong Minutes;
    public CallerSet Endpoints;
    public long FirstSeenNs;
    public long LastSeenNs;
    public long LastGoodNs;
    public long LastLostNs;
}

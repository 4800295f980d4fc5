using CfLogStream.Core.Traffic;

namespace CfLogStream.Core.Correlation;

/// <summary>A row of <c>callers_1h</c>: hour × zone × host × caller, on API surfaces (and unknown ones): who used to succeed, who fell silent.</summary>
public struct CallersRow
{
    /// <summary>The hour's key; chunk as for minutes.</summary>
    public RowKey Key;
    public Utf8Text Zone;
    public Utf8Text Host;

    /// <summary>The stable key of the caller; 0 collects those past the cap.</summary>
    public ulong Caller;
    public ClientKey Client;
    public Utf8Text Network;
    public Utf8Text Country;
    public uint Asn;
    public ulong Requests;

    /// <summary>Requests that passed and were answered 2xx or 3xx.</summary>
    public ulong Good;
    public ulong Lost;

    /// <summary>Distinct endpoints (method and template), exact up to 64.</summary>
    public ushort Endpoints;

    /// <summary>Distinct minutes in which the caller was seen: the unit of statistics.</summary>
    public ushort Minutes;
    public long FirstSeenNs;
    public long LastSeenNs;

    /// <summary>Event time of the last good answer; 0 when there was none.</summary>
    public long LastGoodNs;

    /// <summary>Event time of the last loss; 0 when there was none.</summary>
    public long LastLostNs;
}

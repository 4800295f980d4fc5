using CfLogStream.Core.Logpush;

namespace CfLogStream.Core.Traffic;

/// <summary>The fixed-size part of a classified record: all that ordering, joining and counting need.</summary>
/// <remarks>
/// Lives in arrays (<see cref="TrafficBatch"/>), never on the heap by itself. Hashes are 64-bit, seedless and the same in every process
/// (XxHash64 over the UTF-8 texts, see <see cref="StableHash"/>), because they reach rows and decide sampling.
/// </remarks>
public struct TrafficHead
{
    /// <summary>Event time in nanoseconds since 1970-01-01 UTC.</summary>
    public long TimeNs;

    /// <summary>The RayID's value, or a hash of its text (see <see cref="RecordFlags.HexRay"/>).</summary>
    public ulong Ray;

    /// <summary>The parent's RayID as <see cref="Ray"/>; 0 when there is none.</summary>
    public ulong ParentRay;

    /// <summary>Hash of zone, host, method and template.</summary>
    public ulong EndpointHash;

    /// <summary>Hash of client class, client name and trust.</summary>
    public ulong ClientHash;

    /// <summary>The stable key of the caller.</summary>
    public ulong CallerHash;

    /// <summary>Bytes the client sent.</summary>
    public long RequestBytes;

    /// <summary>Bytes the edge answered.</summary>
    public long ResponseBytes;

    /// <summary>Time to first byte at the edge in milliseconds (else end minus start); -1 when not logged.</summary>
    public int LatencyMs;

    /// <summary>Duration of the origin's answer in milliseconds; -1 when not logged.</summary>
    public int OriginMs;

    /// <summary>The client's autonomous system number; 0 when not logged.</summary>
    public uint Asn;

    /// <summary>Where the texts stand in the batch's bytes.</summary>
    public int DataStart;

    /// <summary>Length of the texts with their slot table.</summary>
    public int DataLength;

    /// <summary>For a security event its MatchIndex; -1 when not logged.</summary>
    public int MatchIndex;

    public ushort EdgeStatus;

    /// <summary>The origin's answer; 0 when there was none.</summary>
    public ushort OriginStatus;

    /// <summary>How many security events the http record announces (the length of its arrays); -1 when the job does not log them.</summary>
    public short AnnouncedEvents;

    public RecordFlags Flags;
    public Dataset Dataset;

    /// <summary>The outcome as this record alone tells it.</summary>
    public Outcome Outcome;
    public Surface Surface;
    public Trust Trust;

    /// <summary>1 to 99; 0 when not computed.</summary>
    public byte BotScore;

    /// <summary>1 to 99, low is malicious; 0 when not scored (Cloudflare's 0 and 100).</summary>
    public byte WafScore;
    public byte WafSqliScore;
    public byte WafXssScore;
    public byte WafRceScore;

    /// <summary>Security entries in the texts: the http record's arrays, or the one of a security event.</summary>
    public byte EntryCount;

    /// <summary>Name and value pairs in the texts: <c>extra_fields</c>, and request headers as <c>header:name</c>.</summary>
    public byte ExtraCount;
}

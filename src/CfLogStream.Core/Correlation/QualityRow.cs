using CfLogStream.Core.Logpush;

namespace CfLogStream.Core.Correlation;

/// <summary>A row of <c>quality_1m</c>: what became of the records of one window and dataset.</summary>
/// <remarks>Balance: received = counted + duplicate + dead-lettered (+ in flight while the log is being read).
/// Records without a usable time are in the window 1970-01-01 00:00.</remarks>
public struct QualityRow
{
    public RowKey Key;
    public Dataset Dataset;
    public ulong Received;
    public ulong Counted;
    public ulong Duplicates;
    public ulong DeadLettered;

    /// <summary>Counted records that came after their window closed.</summary>
    public ulong Late;

    /// <summary>Counted records whose time was too far in the future to move the watermark.</summary>
    public ulong Future;

    /// <summary>http_requests: announced security events that did not come. firewall_events: events whose request did not come.</summary>
    public ulong Unmatched;

    /// <summary>http_requests: Worker subrequests, attributed to their parent and counted nowhere else.</summary>
    public ulong Subrequests;

    /// <summary>http_requests: made by Cloudflare itself, in no denominator.</summary>
    public ulong Internal;

    /// <summary>Joins resolved early because too many were waiting.</summary>
    public ulong Forced;
}

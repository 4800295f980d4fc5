using System.Runtime.CompilerServices;

namespace CfLogStream.Core.Correlation;

/// <summary>
/// The counters of one row of <c>requests_1m</c>. 32 bits suffice for a minute: one thread would need 70 million records a second.
/// </summary>
internal struct RequestsAggregate
{
    public int Endpoint;
    public int Client;
    public ulong Version;
    public ulong Written;
    public CallerSet Callers;
    public ulong RequestBytes;
    public ulong ResponseBytes;
    public uint Requests;
    public uint EventOnly;
    public uint Lost;
    public uint EdgeErrors;
    public uint OriginErrors;
    public uint Preflights;
    public OutcomeCounts Outcomes;
    public StatusCounts Statuses;
    public LatencyCounts Latency;

    /// <summary>By <see cref="Traffic.Outcome"/>.</summary>
    [InlineArray(8)]
    internal struct OutcomeCounts
    {
        private uint _first;
    }

    /// <summary>Other, then 1xx to 5xx.</summary>
    [InlineArray(6)]
    internal struct StatusCounts
    {
        private uint _first;
    }

    /// <summary>By bucket of <see cref="LatencyBuckets"/>.</summary>
    [InlineArray(16)]
    internal struct LatencyCounts
    {
        private uint _first;
    }
}

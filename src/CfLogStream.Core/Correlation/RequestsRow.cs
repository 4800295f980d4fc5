namespace CfLogStream.Core.Correlation;

/// <summary>A row of <c>requests_1m</c>: window × endpoint × client.</summary>
/// <remarks>Invariants: <see cref="Requests"/> is the sum of the eight outcomes and of the six status classes;
/// <see cref="Lost"/> ≤ <see cref="Requests"/>; <see cref="Latency"/> sums to the requests whose latency was logged.</remarks>
public struct RequestsRow
{
    public RowKey Key;
    public EndpointKey Endpoint;
    public ClientKey Client;

    /// <summary>All requests: joined, without events, and those known only by their security events.</summary>
    public ulong Requests;

    /// <summary>Of <see cref="Requests"/>, those known only by security events (the http record is missing).</summary>
    public ulong EventOnly;
    public ulong Passed;
    public ulong Exempted;
    public ulong Logged;
    public ulong Challenged;
    public ulong ChallengeSolved;
    public ulong RateLimited;
    public ulong Blocked;
    public ulong Dropped;
    public ulong Lost;

    /// <summary>Error answers (4xx, 5xx) made by Cloudflare: no origin status.</summary>
    public ulong EdgeErrors;

    /// <summary>Error answers (4xx, 5xx) passed on from the origin.</summary>
    public ulong OriginErrors;
    public ulong Preflights;
    public ulong Status1xx;
    public ulong Status2xx;
    public ulong Status3xx;
    public ulong Status4xx;
    public ulong Status5xx;

    /// <summary>Requests whose status is 0 or not logged.</summary>
    public ulong StatusOther;
    public ulong RequestBytes;
    public ulong ResponseBytes;

    /// <summary>Counts per bucket of <see cref="LatencyBuckets"/>; shared with the aggregate, valid during the call.</summary>
    public ReadOnlyMemory<ulong> Latency;

    /// <summary>Distinct caller hashes, at most <see cref="CorrelationOptions.CallersPerRow"/>; ascending; valid during the call.</summary>
    public ReadOnlyMemory<ulong> Callers;
}

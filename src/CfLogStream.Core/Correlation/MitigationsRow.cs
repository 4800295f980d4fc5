namespace CfLogStream.Core.Correlation;

/// <summary>A row of <c>mitigations_1m</c>: window × endpoint × client × control × rule × action.</summary>
/// <remarks>One request with several matched rules adds to several rows, but is lost in at most one: that of the terminating event.</remarks>
public struct MitigationsRow
{
    public RowKey Key;
    public EndpointKey Endpoint;
    public ClientKey Client;
    public Utf8Text Control;
    public Utf8Text RuleId;
    public Utf8Text Action;

    /// <summary>Matches of the rule.</summary>
    public ulong Count;

    /// <summary>Requests that this rule ended.</summary>
    public ulong Lost;

    /// <summary>Earliest and latest event time of a match, nanoseconds since 1970-01-01 UTC.</summary>
    public long FirstSeenNs;
    public long LastSeenNs;

    /// <summary>Counts of bot scores: not computed, 1, 2–29, 30–59, 60–99 (5 buckets).</summary>
    public ReadOnlyMemory<ulong> BotScores;

    /// <summary>Counts of WAF attack scores: not scored, 1–20, 21–50, 51–80, 81–99 (5 buckets).</summary>
    public ReadOnlyMemory<ulong> WafScores;

    /// <summary>Distinct caller hashes, ascending; valid during the call.</summary>
    public ReadOnlyMemory<ulong> Callers;

    /// <summary>Up to three RayIDs, those with the smallest hashes.</summary>
    public ReadOnlyMemory<Utf8Text> ExampleRays;
}

namespace CfLogStream.Core.Logpush;

/// <summary>What the keys of a record say about its dataset.</summary>
/// <remarks>
/// Nothing in a record names its dataset and two datasets may come mixed, so the keys decide, and only the keys: not their values and
/// not their order. When several datasets are indicated the first of this list wins: a key with the time of <c>http_requests</c>, of
/// <c>firewall_events</c>, an id or time of <c>audit_logs_v2</c>, When with another audit key for <c>audit_logs</c>; then, for records
/// that lack their time, a key that only <c>http_requests</c> has, one that only <c>firewall_events</c> has or Action, Source or the
/// like with a RayID, and audit keys with ActionType.
/// </remarks>
[Flags]
internal enum DatasetEvidence : ushort
{
    None = 0,

    /// <summary>EdgeStartTimestamp, EdgeEndTimestamp.</summary>
    HttpTime = 1,

    /// <summary>A key that only http_requests has.</summary>
    HttpKey = 2,

    /// <summary>Datetime.</summary>
    FirewallTime = 4,

    /// <summary>A key that only firewall_events has.</summary>
    FirewallKey = 8,

    /// <summary>A key of firewall_events with a name that others may use too: Action, Source, RuleID, Ref, Description.</summary>
    FirewallHint = 16,

    /// <summary>RayID.</summary>
    Ray = 32,

    /// <summary>When.</summary>
    AuditTime = 64,

    /// <summary>A key of both audit datasets or of audit_logs.</summary>
    AuditKey = 128,

    /// <summary>ActionType.</summary>
    AuditAction = 256,

    /// <summary>ActionTimestamp, AuditLogID.</summary>
    AuditV2 = 512,

    /// <summary>A key that only audit_logs_v2 has, of a name that others may use too.</summary>
    AuditV2Hint = 1024,
}

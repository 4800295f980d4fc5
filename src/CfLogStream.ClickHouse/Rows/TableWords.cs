using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic;

namespace CfLogStream.ClickHouse.Rows;

/// <summary>The words that enumerations have in the tables.</summary>
public static class TableWords
{
    /// <summary>What became of a request.</summary>
    public static ReadOnlySpan<byte> Of(Outcome outcome) => outcome switch
    {
        Outcome.Passed => "passed"u8,
        Outcome.Exempted => "exempted"u8,
        Outcome.Logged => "logged"u8,
        Outcome.Challenged => "challenged"u8,
        Outcome.ChallengeSolved => "challenge_solved"u8,
        Outcome.RateLimited => "rate_limited"u8,
        Outcome.Blocked => "blocked"u8,
        Outcome.Dropped => "dropped"u8,
        _ => "unknown"u8,
    };

    /// <summary>What an endpoint is for.</summary>
    public static ReadOnlySpan<byte> Of(Surface surface) => surface switch
    {
        Surface.Api => "api"u8,
        Surface.Page => "page"u8,
        Surface.Asset => "asset"u8,
        Surface.Mixed => "mixed"u8,
        _ => "unknown"u8,
    };

    /// <summary>How well the client class is supported.</summary>
    public static ReadOnlySpan<byte> Of(Trust trust) => trust switch
    {
        Trust.Claimed => "claimed"u8,
        Trust.Corroborated => "corroborated"u8,
        Trust.Verified => "verified"u8,
        Trust.Contradicted => "contradicted"u8,
        _ => "unknown"u8,
    };

    /// <summary>The dataset of a record.</summary>
    public static ReadOnlySpan<byte> Of(Dataset dataset) => dataset switch
    {
        Dataset.HttpRequests => "http_requests"u8,
        Dataset.FirewallEvents => "firewall_events"u8,
        Dataset.AuditLogs => "audit_logs"u8,
        Dataset.AuditLogsV2 => "audit_logs_v2"u8,
        _ => "unknown"u8,
    };

    /// <summary>Why a message of the log is a dead letter: it is no slice.</summary>
    public static ReadOnlySpan<byte> BadSlice => "bad_slice"u8;

    /// <summary>Why a line is no record.</summary>
    public static ReadOnlySpan<byte> Of(ReadStatus status) => status switch
    {
        ReadStatus.Record => "record"u8,
        ReadStatus.Blank => "blank"u8,
        ReadStatus.Validation => "validation"u8,
        ReadStatus.OwnershipChallenge => "ownership_challenge"u8,
        ReadStatus.EmptyObject => "empty_object"u8,
        ReadStatus.CutLine => "cut_line"u8,
        ReadStatus.BadJson => "bad_json"u8,
        ReadStatus.BadUtf8 => "bad_utf8"u8,
        ReadStatus.ControlCharacter => "control_character"u8,
        ReadStatus.LineTooLong => "line_too_long"u8,
        ReadStatus.TooDeep => "too_deep"u8,
        ReadStatus.UnknownDataset => "unknown_dataset"u8,
        ReadStatus.NoRayId => "no_ray_id"u8,
        ReadStatus.NoTime => "no_time"u8,
        _ => "unknown"u8,
    };
}

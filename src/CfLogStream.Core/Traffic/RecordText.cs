namespace CfLogStream.Core.Traffic;

/// <summary>The text slots of a <see cref="TrafficRecord"/>, in their fixed order.</summary>
/// <remarks>Slots before <see cref="DimensionCount"/> are always present; the others only when <see cref="RecordFlags.Detailed"/> is set.
/// Secrets in paths, queries, referers and header values are masked before a text is stored here.</remarks>
public enum RecordText
{
    Ray,
    Zone,
    Host,
    Method,

    /// <summary>The path template, for instance <c>/v1/users/{id}</c>.</summary>
    Template,
    ClientClass,
    ClientName,

    /// <summary>The caller's network: ASN text with /32 or /64 prefix, for <c>callers_1h</c>.</summary>
    Network,

    /// <summary>Country code as logged, upper case.</summary>
    Country,

    /// <summary>Slots that every record carries; not a slot.</summary>
    DimensionCount,

    Path = DimensionCount,
    Query,
    Scheme,
    Protocol,
    UserAgent,
    Referer,
    XRequestedWith,
    ClientIp,
    ClientAsnDescription,
    ClientIpClass,
    ClientRegion,
    ClientDeviceType,
    ClientRequestSource,
    MtlsStatus,
    MtlsFingerprint,
    TlsProtocol,
    Ja3,
    Ja4,
    BotScoreSource,
    BotTags,
    BotDetectionIds,
    BotDetectionTags,
    VerifiedBotCategory,
    JsDetection,
    LeakedCredentials,
    ContentType,
    CacheStatus,
    Colo,
    EdgePathing,
    OriginIp,
    WorkerScript,
    WorkerStatus,
    OperationId,
    ParentRay,
    OriginatorRay,
    Kind,
    Metadata,

    /// <summary>Slots of a detailed record; not a slot.</summary>
    Count,
}

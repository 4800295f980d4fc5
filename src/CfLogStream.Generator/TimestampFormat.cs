namespace CfLogStream.Generator;

/// <summary>How a Logpush job writes times (its <c>timestamp_format</c>).</summary>
public enum TimestampFormat
{
    /// <summary>Nanoseconds since 1970 as an integer, always whole milliseconds: the API's default.</summary>
    UnixNano,

    /// <summary>Seconds since 1970 as an integer.</summary>
    Unix,

    /// <summary><c>2026-08-06T12:00:00Z</c>: the dashboard's default.</summary>
    Rfc3339,

    /// <summary><c>2026-08-06T12:00:00.123Z</c>.</summary>
    Rfc3339Ms,

    /// <summary><c>2026-08-06T12:00:00.123000000Z</c>.</summary>
    Rfc3339Ns,
}

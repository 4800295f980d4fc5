namespace CfLogStream.Core.Correlation;

/// <summary>
/// What decides how records are joined, windowed and bounded. All of it is part of the pure function: other values, other rows.
/// </summary>
public sealed record CorrelationOptions
{
    /// <summary>How far the watermark stays behind the newest event time.</summary>
    /// <value>10 minutes.</value>
    /// <remarks>
    /// Longer keeps more windows open; shorter sends more records to late chunks. Logpush lag was seen up to about 7 minutes.
    /// </remarks>
    public TimeSpan AllowedLateness { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long after its event time a request waits for its security events (and they for it), measured on the watermark.
    /// </summary>
    /// <value>5 minutes.</value>
    public TimeSpan JoinHorizon { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether a request that announces security events waits for them.</summary>
    /// <value>true.</value>
    /// <remarks>
    /// Without a job for firewall_events they never come, and every blocked request would be counted a quarter of an hour late: set it to false
    /// then. What a request announces is counted either way; events that come after it add nothing, and are counted as unmatched.
    /// </remarks>
    public bool AwaitEvents { get; init; } = true;

    /// <summary>Event times further than this after the batch was received do not move the watermark.</summary>
    /// <value>10 minutes.</value>
    public TimeSpan FutureBound { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Requests and events that may wait for their join; beyond it the oldest are resolved early and counted as forced.</summary>
    /// <value>500,000.</value>
    public int MaxWaiting { get; init; } = 500_000;

    /// <summary>
    /// Templates that are not known and may have rows of their own per window and host; later ones fold into <c>{other}</c>.
    /// </summary>
    /// <value>1,000.</value>
    public int TemplatesPerWindowHost { get; init; } = 1_000;

    /// <summary>Hosts that may have rows of their own per window and zone; later ones fold into <c>{other}</c>.</summary>
    /// <value>1,000.</value>
    public int HostsPerWindowZone { get; init; } = 1_000;

    /// <summary>
    /// Clients (class, name, trust) that may have rows of their own per window and host; later ones fold into the name <c>{other}</c>
    /// of their class.
    /// </summary>
    /// <value>1,000.</value>
    /// <remarks>Client names come from user agents, so a sender can make up any number of them.</remarks>
    public int ClientsPerWindowHost { get; init; } = 1_000;

    /// <summary>One of so many passed requests is kept in <c>requests</c>, by hash of its ray.</summary>
    /// <value>100; 0 keeps none.</value>
    public int SampleOneOf { get; init; } = 100;

    /// <summary>
    /// Lost requests kept whole per window, host and rule; the ones with the smallest ray hashes stay and share the weight.
    /// </summary>
    /// <value>100.</value>
    public int LostPerWindowHostRule { get; init; } = 100;

    /// <summary>Distinct callers remembered per row; beyond it the row's count stops and says so.</summary>
    /// <value>65,536.</value>
    public int CallersPerRow { get; init; } = 65_536;

    /// <summary>Callers that may have rows of their own per hour and host; later ones share the caller 0.</summary>
    /// <value>100,000.</value>
    public int CallersPerHourHost { get; init; } = 100_000;
}

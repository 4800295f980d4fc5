namespace CfLogStream.Core.Traffic.Clients;

/// <summary>What one record tells about its client. A security event leaves most of it empty; nothing here is an outcome.</summary>
internal ref struct ClientSignals
{
    /// <summary>Whether the user agent was logged at all: only then does an empty one mean that none was sent.</summary>
    public bool HasUserAgent;
    public ReadOnlySpan<byte> UserAgent;

    /// <summary>As logged.</summary>
    public ReadOnlySpan<byte> Method;

    /// <summary>0 when not logged.</summary>
    public uint Asn;
    public IpPrefix Address;
    public ReadOnlySpan<byte> IpClass;
    public ReadOnlySpan<byte> DeviceType;
    public ReadOnlySpan<byte> RequestSource;
    public ReadOnlySpan<byte> XRequestedWith;
    public ReadOnlySpan<byte> BotScoreSource;

    /// <summary>1 to 99; 0 when not computed.</summary>
    public int BotScore;

    /// <summary>The array as logged.</summary>
    public ReadOnlySpan<byte> BotTags;

    /// <summary>
    /// Whether the job logs the category: only then does an empty one mean that Cloudflare did not verify the client.
    /// </summary>
    public bool HasVerifiedBotCategory;
    public ReadOnlySpan<byte> VerifiedBotCategory;
    public ReadOnlySpan<byte> JsDetection;
    public ReadOnlySpan<byte> MtlsStatus;
    public ReadOnlySpan<byte> Ja4;

    /// <summary>WorkerSubrequest is set or there is a parent ray.</summary>
    public bool IsSubrequest;
    public bool HasReferer;

    /// <summary>The referer's host belongs to the same site as the requested one.</summary>
    public bool SameSiteReferer;
    public Surface Surface;
    public HeaderEvidence Headers;
}

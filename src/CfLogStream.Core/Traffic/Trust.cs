namespace CfLogStream.Core.Traffic;

/// <summary>How well the client class is supported by signals beyond what the client says of itself.</summary>
public enum Trust : byte
{
    /// <summary>A user agent or a header only.</summary>
    Claimed = 0,

    /// <summary>Two independent signals agree.</summary>
    Corroborated,

    /// <summary>Cloudflare or the network proves it.</summary>
    Verified,

    /// <summary>Signals disagree.</summary>
    Contradicted,
}

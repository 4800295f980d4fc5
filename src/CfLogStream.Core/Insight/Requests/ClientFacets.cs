namespace CfLogStream.Core.Insight.Requests;

/// <summary>The stored fields of one request from which its client's class, name and trust can be explained. Values are log text.</summary>
public sealed record ClientFacets
{
    public required string Class { get; init; }

    public required string Name { get; init; }

    /// <summary>verified, corroborated, claimed or contradicted.</summary>
    public required string Trust { get; init; }

    public string UserAgent { get; init; } = "";

    /// <summary>The address without prefix length; empty when not logged.</summary>
    public string Address { get; init; } = "";

    /// <summary>0 when not logged.</summary>
    public uint Asn { get; init; }

    public string Method { get; init; } = "";

    public string Referer { get; init; } = "";

    public string RequestedWith { get; init; } = "";

    public string VerifiedBotCategory { get; init; } = "";

    /// <summary>1 to 99; 0 when not computed.</summary>
    public int BotScore { get; init; }

    public string BotScoreSource { get; init; } = "";

    public string JsDetection { get; init; } = "";

    public string MtlsStatus { get; init; } = "";

    public string IpClass { get; init; } = "";

    public string DeviceType { get; init; } = "";

    public string RequestSource { get; init; } = "";

    public string Ja4 { get; init; } = "";
}

namespace CfLogStream.Core.Insight.Requests;

/// <summary>Who made the answer that the client got.</summary>
public enum AnsweredBy
{
    /// <summary>The log does not say.</summary>
    Unknown,

    /// <summary>Cloudflare.</summary>
    Edge,

    /// <summary>The origin; Cloudflare passed it on.</summary>
    Origin,
}

namespace CfLogStream.Core.Insight.Findings;

/// <summary>Why a control took a client for something else.</summary>
public enum MisjudgementPattern
{
    /// <summary>None of the others, or not decided.</summary>
    Unknown,

    /// <summary>A rule written for browsers acts on every client that is none.</summary>
    BrowserRule,

    /// <summary>A challenge for a client that cannot solve it.</summary>
    UnsolvableChallenge,

    /// <summary>A rate limit below the bursts of a legitimate client.</summary>
    RateLimitBelowBurst,

    /// <summary>A rule on countries or networks hits a partner.</summary>
    GeoOrNetworkRule,

    /// <summary>A bot control or bot-score threshold takes an API client for an unwanted bot.</summary>
    BotThreshold,

    /// <summary>A managed rule takes an ordinary body or query for an attack.</summary>
    ManagedRuleOnContent,

    /// <summary>A client changed its fingerprint or user agent with an update.</summary>
    FingerprintChange,

    /// <summary>The CORS preflight is stopped, so that the real request never comes.</summary>
    PreflightBlocked,

    /// <summary>Browser Integrity Check or a user-agent rule refuses a library's default user agent, or none.</summary>
    UserAgentRule,

    /// <summary>HTTP DDoS protection takes legitimate load for a flood.</summary>
    LoadTakenForFlood,

    /// <summary>API Shield refuses calls that its schema or token rules do not know.</summary>
    SchemaOrToken,

    /// <summary>An address-based list refuses an address a legitimate client uses now.</summary>
    AddressRule,

    /// <summary>An exemption covers more than it is there for.</summary>
    ExemptionTooBroad,
}

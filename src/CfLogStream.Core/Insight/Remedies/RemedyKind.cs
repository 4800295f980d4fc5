namespace CfLogStream.Core.Insight.Remedies;

/// <summary>What is changed in Cloudflare.</summary>
public enum RemedyKind
{
    /// <summary>The rule's own expression is narrowed.</summary>
    EditRule,

    /// <summary>A custom rule with action <c>skip</c>.</summary>
    SkipRule,

    /// <summary>A managed-rule exception, placed before the <c>execute</c> rule.</summary>
    ManagedException,

    /// <summary>A rate limiting rule's expression, threshold or characteristics.</summary>
    RateLimit,

    /// <summary>A configuration rule.</summary>
    ConfigurationRule,

    /// <summary>An IP Access rule.</summary>
    IpAccess,

    /// <summary>An API Shield operation or setting.</summary>
    ApiShield,

    /// <summary>An override of a managed ruleset, DDoS included.</summary>
    Override,

    /// <summary>A setting of the zone.</summary>
    ZoneSetting,

    /// <summary>A change of the client: nothing at Cloudflare exempts it.</summary>
    ClientChange,

    /// <summary>An exemption is withdrawn or narrowed.</summary>
    NarrowExemption,

    /// <summary>No exemption: nothing in the logs tells the client from those who are rightly stopped.</summary>
    Withheld,

    /// <summary>Nothing yet: the control is not known, so somebody has to look first.</summary>
    Investigate,
}

namespace CfLogStream.Core.Insight.Findings;

/// <summary>What a finding says.</summary>
public enum FindingKind
{
    /// <summary>A rule stops clients that look legitimate.</summary>
    Misjudged,

    /// <summary>Clients stopped calling after they had been blocked: a falling block rate is no recovery.</summary>
    FellSilent,

    /// <summary>An exemption lets much more pass than it is there for, attacks among it.</summary>
    BroadBypass,

    /// <summary>One rule or host serves browser pages and an API at once.</summary>
    MixedSurface,

    /// <summary>The edge makes errors by itself while the origin is fine.</summary>
    EdgeErrors,

    /// <summary>The origin fails; Cloudflare only passes it on.</summary>
    OriginErrors,

    /// <summary>Traffic that is rightly stopped. Never ranked before any other kind.</summary>
    RightlyStopped,
}

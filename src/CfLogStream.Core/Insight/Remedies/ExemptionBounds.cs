namespace CfLogStream.Core.Insight.Remedies;

/// <summary>What one way through an exemption's expression is bound to.</summary>
[Flags]
internal enum ExemptionBounds
{
    None = 0,
    Host = 1,
    Path = 2,

    /// <summary>A path prefix or pattern that stands for a whole API or site.</summary>
    BroadPath = 4,
    Method = 8,
    Expiry = 16,
    UserAgent = 32,
    Country = 64,

    /// <summary>An address, network or named list.</summary>
    Address = 128,
    Asn = 256,

    /// <summary>A client certificate, a verified bot, a fingerprint, a header or a cookie.</summary>
    Property = 512,

    /// <summary>A host or path that is excluded instead of named.</summary>
    NegatedScope = 1024,
    WideNetwork = 2048,
    AlwaysTrue = 4096,
}

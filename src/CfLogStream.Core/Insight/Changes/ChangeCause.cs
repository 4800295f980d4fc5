namespace CfLogStream.Core.Insight.Changes;

/// <summary>Who changed what made a difference.</summary>
public enum ChangeCause
{
    /// <summary>No change fits, and it cannot be said who changed something.</summary>
    Unknown,

    /// <summary>A change of the user's own fits.</summary>
    OwnChange,

    /// <summary>Cloudflare changed it: a managed rule was released or tuned, or its staff or systems acted.</summary>
    CloudflareChange,

    /// <summary>No change fits, although audit logs are read: the clients changed, or what they send.</summary>
    NoChange,
}

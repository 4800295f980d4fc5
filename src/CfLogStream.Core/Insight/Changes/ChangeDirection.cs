namespace CfLogStream.Core.Insight.Changes;

/// <summary>Which way requests were treated after a change.</summary>
public enum ChangeDirection
{
    /// <summary>Not known, or both.</summary>
    Unknown,

    /// <summary>More is stopped: losses began.</summary>
    Stricter,

    /// <summary>Less is stopped: losses ended.</summary>
    Looser,
}

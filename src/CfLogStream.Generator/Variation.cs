namespace CfLogStream.Generator;

/// <summary>How far a scenario's parameters may be from what is usual.</summary>
public enum Variation
{
    /// <summary>The usual parameters, chosen by the seed within narrow bounds.</summary>
    Default,

    /// <summary>Far from the usual: sizes, times, actions, descriptions, attackers, noise and missing fields vary with the seed.</summary>
    Wide,
}

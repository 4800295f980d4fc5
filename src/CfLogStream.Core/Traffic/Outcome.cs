namespace CfLogStream.Core.Traffic;

/// <summary>What became of a request; the words are those of the tables.</summary>
public enum Outcome : byte
{
    /// <summary>No control acted.</summary>
    Passed = 0,

    /// <summary>A skip, allow or bypass let it through past some controls.</summary>
    Exempted,

    /// <summary>A control matched and only logged (or rewrote).</summary>
    Logged,

    /// <summary>A challenge was issued and not solved.</summary>
    Challenged,

    /// <summary>It passed because a challenge was solved or a clearance was valid.</summary>
    ChallengeSolved,

    /// <summary>A rate limit blocked it.</summary>
    RateLimited,

    /// <summary>A control blocked it.</summary>
    Blocked,

    /// <summary>The connection was dropped or closed.</summary>
    Dropped,
}

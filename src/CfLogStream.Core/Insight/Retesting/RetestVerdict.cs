namespace CfLogStream.Core.Insight.Retesting;

/// <summary>What a client's calls since a change say of it.</summary>
public sealed record RetestVerdict
{
    public required RetestState State { get; init; }

    /// <summary>Whether waiting for more calls would hardly change it.</summary>
    public required bool IsDecided { get; init; }

    /// <summary>The first minute that counts, UTC.</summary>
    public required DateTime From { get; init; }

    /// <summary>Calls since, without those in <see cref="SetAside"/>.</summary>
    public required RetestCounts Since { get; init; }

    /// <summary>Calls before, from when on the client was stopped as it was last.</summary>
    public required RetestCounts Before { get; init; }

    /// <summary>From when on that was, UTC; null when it was not seen before.</summary>
    public DateTime? StoppedSince { get; init; }

    /// <summary>The rule that stopped a greater share of its callers then than earlier, the most risen; null
    /// when nothing stopped it.</summary>
    public RetestStop? StoppedBefore { get; init; }

    /// <summary>What stopped it since, the most callers first.</summary>
    public IReadOnlyList<RetestStop> StoppedSinceBy { get; init; } = [];

    /// <summary>Rules that stop no more of it than they did before, beside the one that was to be fixed;
    /// their losses count for nothing.</summary>
    public IReadOnlyList<RetestStop> SetAside { get; init; } = [];

    /// <summary>The share of calls that can still be lost at most, with <see cref="LossBound.Confidence"/>.</summary>
    public required double LossBoundNow { get; init; }

    /// <summary>The bound at which it counts as fixed.</summary>
    public required double LossBoundWanted { get; init; }

    /// <summary>How many more calls, none lost, are needed for that.</summary>
    public long CallsNeeded { get; init; }

    /// <summary>In how many more minutes the client has to call for that.</summary>
    public long MinutesNeeded { get; init; }

    /// <summary>The last minute before in which it called, UTC.</summary>
    public DateTime? LastSeenBefore { get; init; }

    /// <summary>The last minute before in which a call passed, UTC.</summary>
    public DateTime? LastPassedBefore { get; init; }

    /// <summary>The last minute in which it called, UTC.</summary>
    public DateTime? LastSeen { get; init; }

    /// <summary>Whether all its calls of the last minute before were lost.</summary>
    public bool GaveUpStopped { get; init; }

    /// <summary>How likely so long a silence is for a client that calls as often as this one did; null when
    /// too little is known.</summary>
    public double? SilenceProbability { get; init; }

    /// <summary>How often it had a minute with a call before; null when too little is known.</summary>
    public TimeSpan? UsuallyEvery { get; init; }
}

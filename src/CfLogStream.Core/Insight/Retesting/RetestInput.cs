namespace CfLogStream.Core.Insight.Retesting;

/// <summary>What is known of a client on an endpoint around a change.</summary>
public sealed record RetestInput
{
    /// <summary>The first whole minute that counts, UTC.</summary>
    public required DateTime From { get; init; }

    /// <summary>The newest minute of which a record of any client came, UTC; null when none ever did.</summary>
    public required DateTime? NewestMinute { get; init; }

    /// <summary>Minutes before <see cref="From"/> in which the client called, oldest first.</summary>
    public required IReadOnlyList<RetestMinute> Before { get; init; }

    /// <summary>Minutes from <see cref="From"/> on in which it called, oldest first.</summary>
    public required IReadOnlyList<RetestMinute> After { get; init; }

    /// <summary>How many calls in a row without a loss are enough; null to choose by what was lost before.</summary>
    public int? Successes { get; init; }
}

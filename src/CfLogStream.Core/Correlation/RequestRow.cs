using CfLogStream.Core.Traffic;

namespace CfLogStream.Core.Correlation;

/// <summary>A row of <c>requests</c>: one kept request with everything known of it.</summary>
/// <remarks>
/// Written when its window closes: only then is it known which lost requests stay past the cap. Lost ones are written before as well, marked
/// <see cref="IsEarly"/>, into a table of their own that nothing sums.
/// </remarks>
public readonly ref struct RequestRow
{
    /// <summary>The http record, or the first security event when there is none.</summary>
    public TrafficRecord Record { get; init; }

    /// <summary>The matched controls, terminating one first, then by match index.</summary>
    public ReadOnlySpan<MatchedRule> Matches { get; init; }

    public Outcome Outcome { get; init; }

    /// <summary>Whether the request was lost, for its client class.</summary>
    public bool Lost { get; init; }

    /// <summary>Whether an http record is known.</summary>
    public bool HasRequest { get; init; }

    /// <summary>Whether a security event is known (from the firewall_events dataset).</summary>
    public bool HasEvents { get; init; }

    /// <summary>How many requests this row stands for, at least 1.</summary>
    public double Weight { get; init; }

    /// <summary>The subrequests of Workers that named this ray as their parent.</summary>
    public int Subrequests { get; init; }

    /// <summary>Whether its window is still open; <see cref="Weight"/> and <see cref="Subrequests"/> are those of the moment.</summary>
    public bool IsEarly { get; init; }

    public uint Partition { get; init; }
    public ulong Version { get; init; }
}

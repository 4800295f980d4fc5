using CfLogStream.Core.Insight.Ownership;
using CfLogStream.Core.Insight.Remedies;

namespace CfLogStream.Core.Insight.Findings;

/// <summary>One thing that a diagnosis found, with its evidence.</summary>
public sealed record Finding
{
    /// <summary>A stable id, a function of kind, zone, control, rule and host.</summary>
    public required string Id { get; init; }

    public required FindingKind Kind { get; init; }

    public required MisjudgementPattern Pattern { get; init; }

    /// <summary>One sentence for people; may hold log text.</summary>
    public required string Title { get; init; }

    /// <summary>The rule it is about; null for edge and origin errors.</summary>
    public RuleIdentity? Rule { get; init; }

    /// <summary>Endpoints and clients, the one that matters most first; at least one.</summary>
    public required IReadOnlyList<FindingCell> Cells { get; init; }

    /// <summary>How many cells there are, where <see cref="Cells"/> was cut.</summary>
    public required int CellCount { get; init; }

    /// <summary>Over all cells.</summary>
    public required LossEstimate Loss { get; init; }

    public required LegitimacyEstimate Legitimacy { get; init; }

    /// <summary>What findings are ranked by: legitimate caller-minutes lost, and what the kind adds.</summary>
    public required double Score { get; init; }

    /// <summary>When it began, UTC; null when it was there before the data begins.</summary>
    public DateTime? Onset { get; init; }

    /// <summary>When it last happened, UTC.</summary>
    public DateTime LastSeen { get; init; }

    /// <summary>Whether it still goes on at the end of the data.</summary>
    public bool Ongoing { get; init; }

    /// <summary>Changes that fit the onset, the best first.</summary>
    public IReadOnlyList<Change> Changes { get; init; } = [];

    /// <summary>What differs between stopped and passed requests, the best separation first.</summary>
    public IReadOnlyList<FieldContrast> Differences { get; init; } = [];

    /// <summary>Evidence that is no reason of the legitimacy.</summary>
    public IReadOnlyList<Reason> Evidence { get; init; } = [];

    public TrendLine? Trend { get; init; }

    /// <summary>Rays to look at.</summary>
    public IReadOnlyList<string> ExampleRays { get; init; } = [];

    /// <summary>What to change, the narrowest first; empty where nothing is to be changed.</summary>
    public IReadOnlyList<Remedy> Remedies { get; init; } = [];

    /// <summary>Who owns the rule or the endpoint; null when nobody is known.</summary>
    public Owner? Owner { get; init; }
}

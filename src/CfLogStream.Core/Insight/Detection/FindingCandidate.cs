using CfLogStream.Core.Insight.Findings;

namespace CfLogStream.Core.Insight.Detection;

/// <summary>A finding before its details are known: the groups it is about, and how much it matters.</summary>
/// <param name="Groups">The groups of one rule, the one that matters most first.</param>
public sealed record FindingCandidate(FindingKind Kind, RuleKey Rule, IReadOnlyList<StoppedGroup> Groups, double Score, DateTime? Onset)
{
    /// <summary>What else the rule stopped.</summary>
    public IReadOnlyList<StoppedGroup> Others { get; init; } = [];

    /// <summary>This candidate for one of its groups, on one endpoint alone; its other groups are others then.</summary>
    public FindingCandidate Only(StoppedGroup group, string method, string path)
    {
        ArgumentNullException.ThrowIfNull(group);
        return this with { Groups = [group.On(method, path)], Others = [.. Groups.Where(other => other != group), .. Others], Onset = group.Onset };
    }
}

namespace CfLogStream.Core.Insight.Controls;

/// <summary>What is known of a control: where it stands, where it is changed, what exempts from it and what does not.</summary>
public sealed record ControlFacts
{
    /// <summary>The folded control, for instance <c>firewallcustom</c>; an unknown one folded as it was logged.</summary>
    public required string Control { get; init; }

    /// <summary>Its human name.</summary>
    public required string Name { get; init; }

    /// <summary>Where it stands.</summary>
    public required ControlPlacement Placement { get; init; }

    /// <summary>The place in the order of evaluation, smaller is earlier; 0 where no order is documented.</summary>
    public int Order { get; init; }

    /// <summary>The phase of the Ruleset Engine; empty for a product outside it.</summary>
    public string Phase { get; init; } = "";

    /// <summary>Whether it can end a request at all.</summary>
    public bool CanTerminate { get; init; } = true;

    /// <summary>Where it is changed in the dashboard.</summary>
    public string Place { get; init; } = "";

    /// <summary>The value of <c>phases</c> by which a custom rule skips it; empty where none does.</summary>
    public string SkipPhase { get; init; } = "";

    /// <summary>The value of <c>products</c> by which a custom rule skips it, in the right case; empty where none does.</summary>
    public string SkipProduct { get; init; } = "";

    /// <summary>What exempts a request from it, the narrowest first.</summary>
    public IReadOnlyList<string> Exempting { get; init; } = [];

    /// <summary>What does not, with the reason.</summary>
    public IReadOnlyList<RefusedChange> Refused { get; init; } = [];

    /// <summary>What else has to be known about it; empty when nothing.</summary>
    public string Note { get; init; } = "";

    /// <summary>Whether it is a phase of the Ruleset Engine.</summary>
    public bool InRulesetEngine => Phase.Length > 0;

    /// <summary>Whether this program knows the control.</summary>
    public bool IsKnown => Placement != ControlPlacement.Unknown;
}

namespace CfLogStream.Core.Insight.Controls;

/// <summary>A control that may have had a say if another one had not stopped the request.</summary>
/// <param name="Relation">How sure it is that it was not evaluated.</param>
public sealed record LaterControl(ControlFacts Facts, LaterRelation Relation);

/// <summary>How a control follows another one.</summary>
public enum LaterRelation
{
    /// <summary>The same phase: rules further down its rulesets were not evaluated, and the zone's come after the account's.</summary>
    SamePhase,

    /// <summary>A later phase, or a product documented to run later: it was not evaluated.</summary>
    Later,

    /// <summary>The order of the two is not documented: it may or may not have been evaluated.</summary>
    OrderUnknown,
}

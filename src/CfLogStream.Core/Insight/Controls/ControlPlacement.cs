namespace CfLogStream.Core.Insight.Controls;

/// <summary>Where a control stands in the way of a request.</summary>
public enum ControlPlacement
{
    /// <summary>Not documented, or a control that this program does not know.</summary>
    Unknown,

    /// <summary>Before everything else, allow lists too.</summary>
    BeforeAll,

    /// <summary>A request phase of the Ruleset Engine: phases are evaluated in a fixed order.</summary>
    RequestPhase,

    /// <summary>A product outside the Ruleset Engine: its place among the phases is not documented.</summary>
    OutsideEngine,

    /// <summary>Acts on the answer.</summary>
    Response,
}

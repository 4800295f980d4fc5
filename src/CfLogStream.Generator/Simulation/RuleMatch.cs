namespace CfLogStream.Generator.Simulation;

/// <summary>One control that matched.</summary>
internal struct RuleMatch
{
    public Rule Rule;
    public ControlAction Action;
    public ulong OriginatorRay;
}

namespace CfLogStream.Core.Traffic;

/// <summary>
/// One control that matched a request, as either dataset reports it; texts are folded to one spelling (lower case, no underscores).
/// </summary>
public readonly ref struct SecurityEntry
{
    /// <summary>The control (the event's Source), for instance <c>firewallcustom</c>.</summary>
    public ReadOnlySpan<byte> Control { get; init; }
    public ReadOnlySpan<byte> Action { get; init; }
    public ReadOnlySpan<byte> RuleId { get; init; }
    public ReadOnlySpan<byte> RuleRef { get; init; }
    public ReadOnlySpan<byte> Description { get; init; }

    /// <summary>0 is the last matching rule; -1 when not logged.</summary>
    public int MatchIndex { get; init; }
}

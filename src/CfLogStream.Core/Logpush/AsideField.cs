namespace CfLogStream.Core.Logpush;

/// <summary>Keys that the reader needs itself: names of before 2023 that may stand in for a newer field, and the validation upload's
/// only key.</summary>
internal enum AsideField : byte
{
    WAFAction,
    WAFRuleID,
    WAFRuleMessage,
    FirewallMatchesActions,
    FirewallMatchesRuleIDs,
    FirewallMatchesSources,
    Content,

    /// <summary>The number of them; not a field.</summary>
    Count,
}

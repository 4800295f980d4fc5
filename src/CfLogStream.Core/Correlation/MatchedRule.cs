namespace CfLogStream.Core.Correlation;

/// <summary>A control that matched a request, after the join of both datasets.</summary>
/// <param name="MatchIndex">0 is the last matching rule; -1 when not logged.</param>
public readonly record struct MatchedRule(
    Utf8Text Control,
    Utf8Text Action,
    Utf8Text RuleId,
    Utf8Text RuleRef,
    Utf8Text Description,
    int MatchIndex,
    Utf8Text OriginatorRay);

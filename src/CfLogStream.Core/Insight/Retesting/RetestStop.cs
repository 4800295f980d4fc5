using CfLogStream.Core.Insight.Detection;

namespace CfLogStream.Core.Insight.Retesting;

/// <summary>What one rule stopped of the client.</summary>
/// <param name="Rule">The rule; all of it empty where a request was stopped and no rule was logged.</param>
/// <param name="Action">The folded action.</param>
/// <param name="Lost">Requests that it ended.</param>
/// <param name="Callers">Callers of one minute that lost a request to it; over many minutes their sum.</param>
public readonly record struct RetestStop(RuleKey Rule, string Action, long Lost, long Callers);

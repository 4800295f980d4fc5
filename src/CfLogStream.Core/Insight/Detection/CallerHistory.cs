namespace CfLogStream.Core.Insight.Detection;

/// <summary>What the callers that a rule stopped on a host did before and after; from the kept requests and the hours of callers.</summary>
/// <param name="Callers">Distinct callers with a loss, as far as they were kept.</param>
/// <param name="Established">Of those, with at least 20 good answers before their first loss, or 5 and nothing else.</param>
/// <param name="Good">Good answers of all of them, over all the history there is.</param>
/// <param name="GoodBefore">Of those, before the first loss.</param>
/// <param name="Requests">Requests of all of them.</param>
/// <param name="Silent">Callers not seen again after their last loss, for at least a quarter of the span and a tenth of an hour.</param>
/// <param name="Recovered">Callers with a good answer after their last loss.</param>
public sealed record CallerHistory(
    RuleKey Rule, string Host, string Class, string Name, long Callers, long Established, long Good, long GoodBefore, long Requests,
    long Silent, long Recovered);

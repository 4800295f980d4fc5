namespace CfLogStream.Server.Insight.Requests;

/// <summary>How a caller fared before and after a request, within a span of days.</summary>
/// <param name="From">Where the span begins, UTC.</param>
/// <param name="Before">Requests before it; of a host the hours that ended before it began.</param>
/// <param name="GoodBefore">Of those, passed with a good answer.</param>
/// <param name="LostBefore">Of those, stopped.</param>
/// <param name="LastGood">The last good request before it, UTC; null when there was none.</param>
/// <param name="FirstLost">The first lost request known in the span, UTC; null when not known.</param>
/// <param name="GoodAfter">Good requests after it.</param>
/// <param name="NextGood">The first good request known after it, or on a host the last one, UTC; null when there was none.</param>
/// <param name="Kept">Kept requests that the numbers are estimated from; 0 where they are counted.</param>
public sealed record CallerPast(
    DateTime From,
    double Before,
    double GoodBefore,
    double LostBefore,
    DateTime? LastGood,
    DateTime? FirstLost,
    double GoodAfter,
    DateTime? NextGood,
    long Kept);

using CfLogStream.Core.Insight.Findings;

namespace CfLogStream.Core.Insight.Detection;

/// <summary>Matches of one rule and action by one client on one endpoint over the span of a diagnosis.</summary>
public sealed record StopCell
{
    public required EndpointIdentity Endpoint { get; init; }

    public required ClientIdentity Client { get; init; }

    /// <summary>The rule; its description stands in <see cref="DiagnosisInput.Rules"/>.</summary>
    public required RuleKey Rule { get; init; }

    /// <summary>The folded action.</summary>
    public required string Action { get; init; }

    public required long Count { get; init; }

    /// <summary>Requests that it ended; an issued challenge is none for a browser.</summary>
    public required long Lost { get; init; }

    /// <summary>Matches per bin.</summary>
    public required long[] Matches { get; init; }

    /// <summary>Distinct callers per minute, summed, per bin.</summary>
    public required long[] CallerMinutes { get; init; }

    /// <summary>The most distinct callers in one minute: there were at least so many.</summary>
    public required long Callers { get; init; }

    public required DateTime FirstSeen { get; init; }

    public required DateTime LastSeen { get; init; }

    /// <summary>Matches by WAF attack score: not scored, 1–20, 21–50, 51–80, 81–99.</summary>
    public required long[] WafScores { get; init; }

    /// <summary>Matches by bot score: not computed, 1, 2–29, 30–59, 60–99.</summary>
    public required long[] BotScores { get; init; }

    public required IReadOnlyList<string> ExampleRays { get; init; }
}

using CfLogStream.Core.Insight.Controls;
using CfLogStream.Core.Insight.Findings;
using CfLogStream.Core.Insight.Requests;

namespace CfLogStream.Server.Insight.Requests;

/// <summary>Everything that is said of one request on one screen.</summary>
public sealed record RequestScreen
{
    /// <summary>Everything stored of it.</summary>
    public required RequestColumns Columns { get; init; }

    public required string Ray { get; init; }

    /// <summary>When the edge began with it, UTC.</summary>
    public required DateTime Time { get; init; }

    /// <summary>Who answered.</summary>
    public required AnswerVerdict Answer { get; init; }

    /// <summary>passed, exempted, logged, challenged, challenge_solved, rate_limited, blocked or dropped.</summary>
    public required string Outcome { get; init; }

    public required bool Lost { get; init; }

    /// <summary>Whether its minute is not closed yet, so that it may still gain subrequests and is in no sum of kept requests.</summary>
    public required bool IsEarly { get; init; }

    /// <summary>The datasets that know it, in words.</summary>
    public required string Sources { get; init; }

    public required EndpointIdentity Endpoint { get; init; }

    public required ClientIdentity Client { get; init; }

    /// <summary>Why it is taken for this client. Quotes log text.</summary>
    public required IReadOnlyList<string> ClientReasons { get; init; }

    /// <summary>The matched rules in the order of evaluation.</summary>
    public required IReadOnlyList<MatchedControl> Matches { get; init; }

    /// <summary>Whether that order is logged; else it is that of Cloudflare's phases.</summary>
    public required bool IsOrderLogged { get; init; }

    /// <summary>Controls that had no say, or may have had none, because one before them ended the request.</summary>
    public required IReadOnlyList<LaterControl> NotEvaluated { get; init; }

    public required IReadOnlyList<RequestScore> Scores { get; init; }

    /// <summary>The caller on this host, from the hourly sums; null when nothing is known.</summary>
    public CallerPast? OnHost { get; init; }

    /// <summary>The caller on this endpoint, from the kept requests; null when nothing is kept.</summary>
    public CallerPast? OnEndpoint { get; init; }

    /// <summary>The caller's other kept requests of the minutes around it, oldest first.</summary>
    public required IReadOnlyList<Neighbour> Neighbours { get; init; }

    /// <summary>All clients of this class, name and trust in its minute on its host; null when nothing is counted yet.</summary>
    public MinuteTraffic? Minute { get; init; }

    /// <summary>Whether it was stopped rightly, and what to do; null where that was not asked, or nothing is counted yet.</summary>
    public RequestVerdict? Verdict { get; init; }
}

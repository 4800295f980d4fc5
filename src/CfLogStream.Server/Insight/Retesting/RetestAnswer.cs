using CfLogStream.Core.Insight.Detection;
using CfLogStream.Core.Insight.Retesting;

namespace CfLogStream.Server.Insight.Retesting;

/// <summary>A verdict with what was read beside it.</summary>
public sealed record RetestAnswer
{
    public required RetestSubject Subject { get; init; }

    public required RetestVerdict Verdict { get; init; }

    /// <summary>The newest minute of which a record of any client came, UTC; null when none ever did.</summary>
    public required DateTime? NewestMinute { get; init; }

    /// <summary>Descriptions of the rules that stopped it, where they were logged.</summary>
    public required IReadOnlyDictionary<RuleKey, string> Rules { get; init; }

    /// <summary>The newest kept requests since, two per outcome, newest first.</summary>
    public required IReadOnlyList<RetestRay> Rays { get; init; }

    /// <summary>Requests of the client on other endpoints of the host since, and how many of them were lost.</summary>
    public required (long Requests, long Lost) Elsewhere { get; init; }

    /// <summary>Of the requests since that were not stopped: how many got an error from the origin.</summary>
    public required long OriginErrors { get; init; }

    /// <summary>Browsers' challenges since that are still open: neither passed nor lost.</summary>
    public required long OpenChallenges { get; init; }

    /// <summary>Calls of known scanners on the host since: a fix that frees them too is too broad.</summary>
    public required RetestCounts Scanners { get; init; }

    /// <summary>Their calls before.</summary>
    public required RetestCounts ScannersBefore { get; init; }

    /// <summary>Whether more of them get through than before.</summary>
    public bool ScannersPassMore => RetestJudge.PassesMore(ScannersBefore, Scanners);
}

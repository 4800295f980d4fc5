namespace CfLogStream.Core.Insight.Detection;

/// <summary>What speaks for and against a client that a rule stops; shares are 0 to 1. The outcome itself is no evidence.</summary>
public sealed record LegitimacyEvidence
{
    public string Class { get; init; } = "";

    public string Trust { get; init; } = "";

    /// <summary>Requests of the client on the host before the rule began to stop it.</summary>
    public long RequestsBefore { get; init; }

    /// <summary>Good answers among them.</summary>
    public long GoodBefore { get; init; }

    /// <summary>Good answers of the client on the host, over the whole span.</summary>
    public long Good { get; init; }

    /// <summary>Requests that no control stopped, over the whole span.</summary>
    public long NotLost { get; init; }

    /// <summary>4xx answers among <see cref="NotLost"/>.</summary>
    public long ClientErrors { get; init; }

    /// <summary>Distinct callers with a loss, as far as they are kept.</summary>
    public long Callers { get; init; }

    /// <summary>Of those, with a history of success.</summary>
    public long Established { get; init; }

    /// <summary>Good answers of those callers before their first loss.</summary>
    public long CallerGoodBefore { get; init; }

    /// <summary>Share of bins before the onset in which the client was there.</summary>
    public double Presence { get; init; }

    /// <summary>Bins before the onset.</summary>
    public int BinsBefore { get; init; }

    /// <summary>Matches by WAF attack score: scored at all, 1–20, 81–99.</summary>
    public long WafScored { get; init; }

    public long WafAttack { get; init; }

    public long WafClean { get; init; }

    /// <summary>Matches whose bot score was computed, and of those scored 1.</summary>
    public long BotScored { get; init; }

    public long BotCertain { get; init; }

    /// <summary>Endpoints that the rule stopped the client on.</summary>
    public int Endpoints { get; init; }

    /// <summary>Share of the stopped requests on endpoints that give anyone good answers.</summary>
    public double OnLiveEndpoints { get; init; }

    /// <summary>Requests per bin after the onset over those before; 1 where nothing is known.</summary>
    public double Surge { get; init; } = 1;

    /// <summary>Whether the loss began as a step within the span.</summary>
    public bool Step { get; init; }

    /// <summary>Share of the client's caller-minutes on these endpoints that were stopped since the onset.</summary>
    public double LostShare { get; init; }

    /// <summary>Challenges issued and solved, for browsers only.</summary>
    public long Issued { get; init; }

    public long Solved { get; init; }
}

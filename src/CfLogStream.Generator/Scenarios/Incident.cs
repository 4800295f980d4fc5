using CfLogStream.Generator.Simulation;

namespace CfLogStream.Generator.Scenarios;

/// <summary>Where in the order of Cloudflare's controls a rule stands.</summary>
internal enum ControlPhase
{
    /// <summary>Outside the Ruleset Engine: Browser Integrity Check and others.</summary>
    Access,

    /// <summary>HTTP DDoS protection: before everything else.</summary>
    Ddos,

    /// <summary>IP Access rules, User Agent Blocking and Security Level: outside the Ruleset Engine, asked before the custom
    /// rules.</summary>
    Address,
    Custom,
    RateLimit,

    /// <summary>API Shield: between rate limits and managed rules.</summary>
    ApiShield,
    Managed,
    Bots,
}

/// <summary>What goes wrong in a scenario: a rule that acts on someone from some time on, and what is done about it.</summary>
internal sealed record Incident
{
    /// <summary>What kind of misjudgement this is.</summary>
    public required string Pattern { get; init; }

    /// <summary>In which phase the rule acts.</summary>
    public required ControlPhase Phase { get; init; }

    public required Rule Rule { get; init; }

    /// <summary>What the rule's expression matches, apart from time.</summary>
    public required Func<Request, bool> Matches { get; init; }

    public required long OnsetMs { get; init; }

    /// <summary>From when on the rule acts, when it is older than the incident: then the client is what changed.</summary>
    public long? RuleFromMs { get; init; }

    /// <summary>When it is changed; never when <see cref="long.MaxValue"/>.</summary>
    public long FixMs { get; init; } = long.MaxValue;

    /// <summary>Whether the rule still acts on what <see cref="Exempt"/> does not cover after the fix; otherwise it is off.</summary>
    public bool ActsAfterFix { get; init; } = true;

    /// <summary>Whether the rule logged before it blocked.</summary>
    public bool LogsBefore { get; init; }

    /// <summary>Counters, when the rule is a rate limit.</summary>
    public RateCounter? Counter { get; init; }

    /// <summary>Whose requests a counter counts together; each caller's when null.</summary>
    public Func<Request, ulong>? CountedWith { get; init; }

    /// <summary>Share of challenged people who solve it and are then let through for a while; 0 when nobody does.</summary>
    public double PeopleSolve { get; init; }

    /// <summary>Whether bots that Cloudflare verified are spared.</summary>
    public bool SparesVerifiedBots { get; init; } = true;

    /// <summary>A skip rule that comes with the scenario; null when there is none.</summary>
    public Rule? SkipRule { get; init; }

    /// <summary>From when on what <see cref="Exempt"/> covers is let alone, by the skip rule or by the rule's own expression.</summary>
    public long SkipFromMs { get; init; } = long.MaxValue;

    /// <summary>What is let alone from then on.</summary>
    public Func<Request, bool> Exempt { get; init; } = _ => false;

    /// <summary>Whether the skip rule also skips managed rules and rate limits.</summary>
    public bool SkipsEverything { get; init; }

    /// <summary>What the rule (or the skip rule that lets too much pass) covers: <c>endpoint</c>, <c>host</c> or <c>zone</c>.</summary>
    public required string Scope { get; init; }

    /// <summary>The client that suffers (or profits) most.</summary>
    public required Actor Culprit { get; init; }

    /// <summary>An endpoint where that client calls often: what a report should name among the first.</summary>
    public required World.Endpoint Endpoint { get; init; }

    /// <summary>The client as the truth counts it, when it is not the culprit's first one.</summary>
    public World.ClientIdentity? CulpritClient { get; init; }

    /// <summary>The method that is stopped, when it is not the endpoint's.</summary>
    public string CulpritMethod { get; init; } = "";

    /// <summary>Whether the incident needs bot scores in the zone.</summary>
    public bool NeedsScores { get; init; }

    /// <summary>Share of that client's requests in scope that the rule is expected to stop: an estimate, the count is in the ledger's
    /// last lines.</summary>
    public double ExpectedLostShare { get; init; } = 1;

    /// <summary>Share of all of that client's requests that the rule stops, when that is not <see cref="ExpectedLostShare"/>.</summary>
    public double? StoppedOfCulprit { get; init; }

    /// <summary>What the fix does; empty when there is none.</summary>
    public string Fix { get; init; } = "";

    /// <summary>Parameters that the seed chose.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<ConfigurationChange> Changes { get; init; } = [];

    /// <summary>Whether the rule acts on this request now.</summary>
    public bool Acts(Request request) =>
        request.StartMs >= (RuleFromMs ?? OnsetMs) && (request.StartMs < FixMs || ActsAfterFix) && Matches(request) && !Skips(request);

    /// <summary>Whether this request is let alone now.</summary>
    public bool Skips(Request request) => request.StartMs >= SkipFromMs && Exempt(request);
}

using CfLogStream.Core.Insight.Findings;

namespace CfLogStream.Core.Insight.Remedies;

/// <summary>What a remedy is asked for.</summary>
public sealed record RemedyRequest
{
    public required RuleIdentity Rule { get; init; }

    public required MisjudgementPattern Pattern { get; init; }

    /// <summary>The endpoints to free, the most important first; at least one.</summary>
    public required IReadOnlyList<EndpointIdentity> Endpoints { get; init; }

    /// <summary>The clients to free; at least one.</summary>
    public required IReadOnlyList<ClientIdentity> Clients { get; init; }

    public ClientEvidence Evidence { get; init; } = new();

    /// <summary>Whether the rule also stops requests of others, which look rightly stopped.</summary>
    public bool StopsOthers { get; init; }

    public RateEvidence? Rate { get; init; }

    /// <summary>Requests that the rule stopped, to try the remedy on; empty when there are none.</summary>
    public IReadOnlyList<TriedRequest> Tried { get; init; } = [];

    /// <summary>Controls seen to act on the same endpoints, also by logging only: what may stop the request next.</summary>
    public IReadOnlyList<RuleIdentity> OtherRules { get; init; } = [];

    /// <summary>When the exemption shall end, UTC; null for the default of the house.</summary>
    public DateTime? Expires { get; init; }

    /// <summary>The day it is made: descriptions name it.</summary>
    public DateTime Now { get; init; }

    /// <summary>Who owns it; empty when nobody is known.</summary>
    public string Owner { get; init; } = "";
}

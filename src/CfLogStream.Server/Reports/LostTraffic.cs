namespace CfLogStream.Server.Reports;

/// <summary>Requests of one client on one endpoint that one rule stopped.</summary>
public sealed record LostTraffic
{
    public required string Zone { get; init; }
    public required string Host { get; init; }
    public required string Method { get; init; }

    /// <summary>The path template.</summary>
    public required string Path { get; init; }
    public required string Surface { get; init; }
    public required string ClientClass { get; init; }
    public required string ClientName { get; init; }
    public required string Trust { get; init; }
    public required string Control { get; init; }
    public required string RuleId { get; init; }

    /// <summary>The rule's newest description.</summary>
    public required string Rule { get; init; }
    public required string Action { get; init; }

    /// <summary>Requests that this rule ended.</summary>
    public required ulong Lost { get; init; }

    /// <summary>All requests of this client on this endpoint.</summary>
    public required ulong Requests { get; init; }

    /// <summary>Distinct callers the rule matched.</summary>
    public required ulong Callers { get; init; }
    public required DateTime FirstSeen { get; init; }
    public required DateTime LastSeen { get; init; }

    /// <summary>Requests per bin of the report's trend.</summary>
    public required IReadOnlyList<ulong> Trend { get; init; }
    public required IReadOnlyList<string> ExampleRays { get; init; }

    /// <summary>The probability that this client is legitimate, as a diagnosis of this analysis estimates it; 0 where it does not know the client.</summary>
    public double Legitimacy { get; init; }

    /// <summary>Whether it is rather legitimate than not.</summary>
    public bool LikelyLegitimate => Legitimacy >= 0.5;

    /// <summary>Whether the endpoint is, or may be, an API.</summary>
    public bool OnApi => Surface is "api" or "mixed" or "unknown";

    /// <summary>Lost requests as a share of <see cref="Requests"/>, 0 to 1.</summary>
    public double Share => Requests == 0 ? 1 : Math.Min(1, (double)Lost / Requests);
}

namespace CfLogStream.Core.Insight.Symptoms;

/// <summary>Which rows belong to a symptom.</summary>
public sealed record SymptomRows
{
    /// <summary>Whether the stops that controls made are asked for.</summary>
    public bool Stops { get; init; } = true;

    /// <summary>Of them, only challenges.</summary>
    public bool ChallengesOnly { get; init; }

    /// <summary>The statuses that the client got; empty when single requests are not asked for by status.</summary>
    public IReadOnlyList<ushort> Statuses { get; init; } = [];

    /// <summary>Single requests that got HTML where the endpoint is an API.</summary>
    public bool HtmlOnApis { get; init; }

    /// <summary>Only preflights: method OPTIONS.</summary>
    public bool PreflightsOnly { get; init; }

    /// <summary>Whether single requests are asked for at all.</summary>
    public bool Requests => Statuses.Count > 0 || HtmlOnApis;
}

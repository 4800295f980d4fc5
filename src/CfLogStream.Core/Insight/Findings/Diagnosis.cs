namespace CfLogStream.Core.Insight.Findings;

/// <summary>The findings over a span of time, ranked.</summary>
public sealed record Diagnosis
{
    /// <summary>Start of the data that was looked at, UTC.</summary>
    public required DateTime From { get; init; }

    /// <summary>Its end, exclusive.</summary>
    public required DateTime To { get; init; }

    /// <summary>Client requests in it.</summary>
    public required long Requests { get; init; }

    public required long Lost { get; init; }

    /// <summary>The findings that need someone to act, the most important first.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>What is rightly stopped: no findings, shown so that nobody has to ask.</summary>
    public required IReadOnlyList<Finding> RightlyStopped { get; init; }

    /// <summary>Endpoints with server errors, and whether the edge or the origin makes them: no control is involved.</summary>
    public IReadOnlyList<Finding> Errors { get; init; } = [];

    /// <summary>What the diagnosis could not know, for instance missing fields or too short a history.</summary>
    public IReadOnlyList<string> Limits { get; init; } = [];
}

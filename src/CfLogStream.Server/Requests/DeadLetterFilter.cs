namespace CfLogStream.Server.Requests;

/// <summary>Which rejected lines are meant; what is empty or 0 does not matter.</summary>
public sealed record DeadLetterFilter
{
    /// <summary>Why they were rejected, for instance <c>cut_line</c>.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The file, topic or endpoint they came from.</summary>
    public string Source { get; init; } = "";

    /// <summary>The dataset, where it was recognised.</summary>
    public string Dataset { get; init; } = "";

    /// <summary>Only lines of the log that were not given to it again, and no messages of it that were no slices.</summary>
    public bool OfLog { get; init; }

    /// <summary>The hash of the line, which is its id.</summary>
    public ulong ContentHash { get; init; }
}

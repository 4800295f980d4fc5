namespace CfLogStream.Server.Insight.Diagnosing;

/// <summary>What a diagnosis looks at; what is empty does not matter.</summary>
public sealed record DiagnosisScope
{
    /// <summary>Start, UTC; null for <see cref="Span"/> before the end.</summary>
    public DateTime? From { get; init; }

    /// <summary>End, exclusive, UTC; null for the end of the newest minute that is kept.</summary>
    public DateTime? To { get; init; }

    /// <summary>How long before the end, where <see cref="From"/> is not given.</summary>
    public TimeSpan Span { get; init; } = TimeSpan.FromHours(24);

    /// <summary>The only analysis to look at, by its partition; null for everything that is kept.</summary>
    public uint? Partition { get; init; }

    public string Zone { get; init; } = "";

    public string Host { get; init; } = "";

    /// <summary>A path template, or its beginning where it ends in <c>*</c>.</summary>
    public string Path { get; init; } = "";

    /// <summary>A client class or name.</summary>
    public string Client { get; init; } = "";
}

namespace CfLogStream.Core.Insight.Detection;

/// <summary>What a diagnosis looks at: aggregates over a span of time, cut into bins.</summary>
public sealed record DiagnosisInput
{
    /// <summary>Start of the span and of the first bin, UTC.</summary>
    public required DateTime From { get; init; }

    /// <summary>Its end, exclusive: the end of the newest minute.</summary>
    public required DateTime To { get; init; }

    /// <summary>Width of a bin, whole minutes.</summary>
    public required TimeSpan Bin { get; init; }

    public required int Bins { get; init; }

    /// <summary>Endpoints and clients, of the endpoints on which some rule matched.</summary>
    public required IReadOnlyList<RequestCell> Cells { get; init; }

    public required IReadOnlyList<ClientLoad> Clients { get; init; }

    public required IReadOnlyList<StopCell> Stops { get; init; }

    public required IReadOnlyList<CallerHistory> Callers { get; init; }

    public required IReadOnlyDictionary<RuleKey, RuleText> Rules { get; init; }

    /// <summary>All endpoints, the most lost first, as far as they were read.</summary>
    public required IReadOnlyList<EndpointTotals> Endpoints { get; init; }

    /// <summary>The bin of a time, clamped to the span.</summary>
    public int BinOf(DateTime time) => (int)Math.Clamp((time - From).Ticks / Bin.Ticks, 0, Bins - 1);
}

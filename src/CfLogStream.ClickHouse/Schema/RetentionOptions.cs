namespace CfLogStream.ClickHouse.Schema;

/// <summary>How long the rows of each table are kept, in days after the event; null keeps them for ever.</summary>
/// <remarks>Retention counts from the time of the events, not of their arrival: old files analysed into tables with retention
/// vanish at once.
/// Use <see cref="Off"/> there.</remarks>
public sealed record RetentionOptions
{
    /// <summary>Keeps everything.</summary>
    public static RetentionOptions Off { get; } = new()
    {
        Requests1m = null,
        Mitigations1m = null,
        Callers1h = null,
        Rules = null,
        Quality1m = null,
        Requests = null,
        RequestsEarly = null,
        DeadLetters = null,
        Batches = null,
        Changes = null,
        Verdicts = null,
        Alerts = null,
    };

    /// <value>90 days.</value>
    public int? Requests1m { get; init; } = 90;

    /// <value>90 days.</value>
    public int? Mitigations1m { get; init; } = 90;

    /// <value>90 days.</value>
    public int? Callers1h { get; init; } = 90;

    /// <value>400 days.</value>
    public int? Rules { get; init; } = 400;

    /// <value>90 days.</value>
    public int? Quality1m { get; init; } = 90;

    /// <value>30 days.</value>
    public int? Requests { get; init; } = 30;

    /// <summary>Lost requests of open minutes: they are needed until those close.</summary>
    /// <value>2 days.</value>
    public int? RequestsEarly { get; init; } = 2;

    /// <value>30 days.</value>
    public int? DeadLetters { get; init; } = 30;

    /// <summary>Days after a row was written; a batch is remembered for one day of event time.</summary>
    /// <value>7 days.</value>
    public int? Batches { get; init; } = 7;

    /// <value>400 days.</value>
    public int? Changes { get; init; } = 400;

    /// <value>400 days.</value>
    public int? Verdicts { get; init; } = 400;

    /// <value>400 days.</value>
    public int? Alerts { get; init; } = 400;

    internal int? DaysOf(string table) => table switch
    {
        "requests_1m" => Requests1m,
        "mitigations_1m" => Mitigations1m,
        "callers_1h" => Callers1h,
        "rules" => Rules,
        "quality_1m" => Quality1m,
        "requests" => Requests,
        "requests_early" => RequestsEarly,
        "dead_letters" => DeadLetters,
        "batches" => Batches,
        "changes" => Changes,
        "verdicts" => Verdicts,
        "alerts" => Alerts,
        _ => throw new ArgumentException($"The table '{table}' has no retention.", nameof(table)),
    };
}

namespace CfLogStream.Server.Configuration;

/// <summary>Days after which rows are dropped, by their event time, per group of tables; 0 keeps them.</summary>
/// <remarks>
/// Rows that are older than the limit when they are written vanish at once, without an error: keep 0 where old files are analysed.
/// </remarks>
public sealed record RetentionSection
{
    /// <summary>Days of <c>requests_1m</c>, <c>mitigations_1m</c> and <c>quality_1m</c>.</summary>
    /// <value>0 (kept).</value>
    public int Aggregates { get; init; }

    /// <summary>Days of <c>callers_1h</c>.</summary>
    /// <value>0 (kept).</value>
    public int Callers { get; init; }

    /// <summary>Days of <c>requests</c>, which holds addresses and paths of single requests.</summary>
    /// <value>0 (kept).</value>
    public int Requests { get; init; }

    /// <summary>Days of <c>dead_letters</c>.</summary>
    /// <value>0 (kept).</value>
    public int DeadLetters { get; init; }

    /// <summary>Days of <c>rules</c>, <c>changes</c>, <c>verdicts</c> and <c>alerts</c>, which are few and explain all others.</summary>
    /// <value>0 (kept).</value>
    public int History { get; init; }
}

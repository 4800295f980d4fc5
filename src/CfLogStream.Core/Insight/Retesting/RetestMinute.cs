using CfLogStream.Core.Insight.Detection;

namespace CfLogStream.Core.Insight.Retesting;

/// <summary>One minute in which the client called.</summary>
/// <param name="Window">Its begin, UTC.</param>
/// <param name="Requests">Requests of which it is known what became of them: a browser's open challenge is none.</param>
/// <param name="Lost">Of those, stopped.</param>
/// <param name="Callers">Distinct callers.</param>
/// <param name="Stops">What stopped them, each rule and action once.</param>
public sealed record RetestMinute(DateTime Window, long Requests, long Lost, long Callers, IReadOnlyList<RetestStop> Stops)
{
    /// <summary>Requests that were not stopped.</summary>
    public long Passed => Math.Max(0, Requests - Lost);

    /// <summary>What stopped requests; where no rule was logged for them, a nameless one.</summary>
    public IEnumerable<RetestStop> Causes => Lost <= 0 ? []
        : Stops.Any(static stop => stop.Lost > 0) ? Stops.Where(static stop => stop.Lost > 0)
        : [new RetestStop(new RuleKey("", "", ""), "", Lost, Requests > Lost ? 1 : Callers)];
}

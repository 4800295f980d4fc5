namespace CfLogStream.Core.Insight.Retesting;

/// <summary>Sums over minutes.</summary>
/// <param name="Requests">Requests of which it is known what became of them.</param>
/// <param name="Lost">Of those, stopped.</param>
/// <param name="CallerMinutes">Callers, counted once a minute.</param>
/// <param name="CallerMinutesLost">Of those, with a loss.</param>
public readonly record struct RetestCounts(long Requests, long Lost, long CallerMinutes, long CallerMinutesLost)
{
    public long Passed => Requests - Lost;

    /// <summary>The share of requests that were lost; 0 when there were none.</summary>
    public double LostShare => Requests == 0 ? 0 : (double)Lost / Requests;
}

namespace CfLogStream.Core.Insight.Findings;

/// <summary>What is lost: counts, and the share with its uncertainty.</summary>
/// <param name="Requests">Requests that the clients made.</param>
/// <param name="Lost">Of those, stopped by the rule.</param>
/// <param name="CallerMinutes">Distinct callers summed over minutes: the unit of statistics, because blocked callers retry.</param>
/// <param name="CallerMinutesLost">Of those, with a loss.</param>
/// <param name="Callers">Distinct callers with a loss.</param>
/// <param name="ShareLow">Lower end of the 95 % Jeffreys interval of the lost share of caller-minutes.</param>
/// <param name="ShareHigh">Its upper end.</param>
public sealed record LossEstimate(
    long Requests, long Lost, long CallerMinutes, long CallerMinutesLost, long Callers, double ShareLow, double ShareHigh)
{
    /// <summary>Lost requests as a share of all, 0 to 1.</summary>
    public double Share => Requests == 0 ? 1 : Math.Min(1, (double)Lost / Requests);
}

using CfLogStream.Core.Insight.Detection;

namespace CfLogStream.Server.Insight.Diagnosing;

/// <summary>Says what a diagnosis could not know.</summary>
internal static class DiagnosisLimits
{
    private static readonly TimeSpan s_short = TimeSpan.FromHours(1);

    public static IReadOnlyList<string> Of(DiagnosisInput input)
    {
        var limits = new List<string>();
        if (input.Endpoints.Count == 0)
        {
            limits.Add("No request is kept that fits: check the zone, host, path, client and time that were asked for.");
        }

        if (input.To - input.From < s_short)
        {
            limits.Add("The data spans less than an hour: what was usual before is hardly known.");
        }

        if (input.Endpoints.Count >= DiagnosisSql.MaxRows || input.Stops.Count >= DiagnosisSql.MaxRows || input.Cells.Count >= DiagnosisSql.MaxRows)
        {
            limits.Add(FormattableString.Invariant(
                $"Only the {DiagnosisSql.MaxRows} endpoints and clients with the most losses were looked at: narrow the scope by host, path or time."));
        }

        long scored = input.Stops.Sum(stop => stop.BotScores.Skip(1).Sum());
        if (input.Stops.Count > 0 && scored == 0)
        {
            limits.Add("No bot scores are logged: bot thresholds cannot be recognised by them.");
        }

        if (input.Stops.Count > 0 && input.Stops.All(stop => stop.WafScores.Skip(1).Sum() == 0))
        {
            limits.Add("No WAF attack scores are logged: attacks are recognised by other signs only.");
        }

        if (input.Callers.Count == 0 && input.Stops.Any(stop => stop.Lost > 0))
        {
            limits.Add("No stopped caller has a history here: whether they used to succeed is not known.");
        }

        return limits;
    }
}

using CfLogStream.Core.Insight.Findings;

namespace CfLogStream.Core.Insight.Detection;

/// <summary>Adds up what a finding's cells did over time.</summary>
internal static class TrendBuilder
{
    public static TrendLine Of(FindingCandidate candidate, DiagnosisInput input)
    {
        long[] requests = new long[input.Bins];
        long[] lost = new long[input.Bins];
        foreach (StoppedGroup group in candidate.Groups)
        {
            foreach (RequestCell cell in group.Cells)
            {
                Add(requests, cell.Load.Requests);
            }

            foreach (StopCell stop in group.Stops)
            {
                Add(lost, stop.Matches);
            }
        }

        for (int i = 0; i < lost.Length; i++)
        {
            requests[i] = Math.Max(requests[i], lost[i]);
        }

        return new TrendLine(input.From, input.Bin, requests, lost);
    }

    private static void Add(long[] sum, long[] series)
    {
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] += series[i];
        }
    }
}

using CfLogStream.Core.Insight.Findings;

namespace CfLogStream.Server.Insight.Reporting;

/// <summary>A finding's trend made ready to be drawn: no more bins than there is room for, and the sums before and after the onset.</summary>
public sealed record FindingTrend
{
    public required DateTime Start { get; init; }

    public required DateTime End { get; init; }

    public required TimeSpan Bin { get; init; }

    /// <summary>Requests per bin.</summary>
    public required IReadOnlyList<long> Requests { get; init; }

    /// <summary>Lost requests per bin, as many bins.</summary>
    public required IReadOnlyList<long> Lost { get; init; }

    /// <summary>Where the onset stands, 0 (start) to 1 (end); null when it is not within the trend.</summary>
    public double? Onset { get; init; }

    public long RequestsBefore { get; init; }

    public long LostBefore { get; init; }

    public long RequestsAfter { get; init; }

    public long LostAfter { get; init; }

    /// <summary>The greatest count of any bin, at least 1.</summary>
    public long Top => Math.Max(1, Enumerable.Range(0, Requests.Count).Max(i => Math.Max(Requests[i], Lost[i])));

    /// <summary>Returns the trend in at most so many bins; null when the finding has none.</summary>
    public static FindingTrend? Of(Finding finding, int bins)
    {
        if (finding.Trend is not { } line || line.Bin <= TimeSpan.Zero || Math.Max(line.Requests.Count, line.Lost.Count) is 0 or > 1_000_000)
        {
            return null;
        }

        int given = Math.Max(line.Requests.Count, line.Lost.Count);
        int joined = (given + bins - 1) / bins;
        int count = (given + joined - 1) / joined;
        long[] requests = new long[count];
        long[] lost = new long[count];
        DateTime end = line.Start + (line.Bin * given);
        double? onset = finding.Onset is { } time && time > line.Start && time < end ? (time - line.Start) / (end - line.Start) : null;
        long requestsBefore = 0;
        long lostBefore = 0;
        for (int i = 0; i < given; i++)
        {
            long bad = Math.Max(0, i < line.Lost.Count ? line.Lost[i] : 0);
            long all = Math.Max(bad, i < line.Requests.Count ? line.Requests[i] : 0);
            requests[i / joined] += all;
            lost[i / joined] += bad;
            if (onset is not null && line.Start + (line.Bin * (i + 1)) <= finding.Onset)
            {
                requestsBefore += all;
                lostBefore += bad;
            }
        }

        return new FindingTrend
        {
            Start = line.Start,
            End = end,
            Bin = line.Bin * joined,
            Requests = requests,
            Lost = lost,
            Onset = onset,
            RequestsBefore = requestsBefore,
            LostBefore = lostBefore,
            RequestsAfter = requests.Sum() - requestsBefore,
            LostAfter = lost.Sum() - lostBefore,
        };
    }

    /// <summary>What the trend shows, in words. <paramref name="lost"/> is what happened to the requests counted as lost.</summary>
    public string Describe(string lost) => Onset is null
        ? $"{ReportNumbers.Count(RequestsAfter, "request")} in {ReportNumbers.Duration(End - Start)}, {Part(LostAfter, RequestsAfter, lost)}."
        : $"Before: {ReportNumbers.Count(RequestsBefore, "request")}, {Part(LostBefore, RequestsBefore, lost)}. "
            + $"After: {ReportNumbers.Count(RequestsAfter, "request")}, {Part(LostAfter, RequestsAfter, lost)}.";

    private static string Part(long part, long all, string lost) =>
        $"{ReportNumbers.Count(part)} {lost} ({ReportNumbers.Percent(all == 0 ? 0 : (double)part / all)})";
}

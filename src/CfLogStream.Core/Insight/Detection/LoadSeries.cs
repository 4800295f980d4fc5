namespace CfLogStream.Core.Insight.Detection;

/// <summary>A load in bins of equal width; all three have the diagnosis' number of bins.</summary>
/// <param name="Requests">Requests.</param>
/// <param name="Good">Answered 2xx or 3xx.</param>
/// <param name="CallerMinutes">Distinct callers per minute, summed.</param>
public sealed record LoadSeries(long[] Requests, long[] Good, long[] CallerMinutes)
{
    public static LoadSeries Empty(int bins) => new(new long[bins], new long[bins], new long[bins]);

    /// <summary>Adds another load of as many bins to this one.</summary>
    public void Add(LoadSeries other)
    {
        for (int i = 0; i < Requests.Length; i++)
        {
            Requests[i] += other.Requests[i];
            Good[i] += other.Good[i];
            CallerMinutes[i] += other.CallerMinutes[i];
        }
    }
}

namespace CfLogStream.Core.Correlation;

/// <summary>The fixed buckets of latency histograms, in milliseconds.</summary>
public static class LatencyBuckets
{
    private static readonly int[] s_upperBoundsMs = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000];

    /// <summary>Inclusive upper bounds of all buckets but the last, which has none.</summary>
    public static ReadOnlySpan<int> UpperBoundsMs => s_upperBoundsMs;

    /// <summary>The number of buckets.</summary>
    public static int Count => s_upperBoundsMs.Length + 1;

    /// <summary>Returns the bucket of a latency ≥ 0.</summary>
    public static int IndexOf(int latencyMs)
    {
        // Without a branch: latencies are the least predictable thing about a record.
        int index = 0;
        foreach (int bound in s_upperBoundsMs)
        {
            index += (bound - latencyMs) >>> 31;
        }

        return index;
    }
}

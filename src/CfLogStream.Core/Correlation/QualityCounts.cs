namespace CfLogStream.Core.Correlation;

/// <summary>The counters of one minute and dataset; see <see cref="QualityRow"/>.</summary>
internal struct QualityCounts
{
    public ulong Version;
    public ulong Written;
    public ulong Received;
    public ulong Counted;
    public ulong Duplicates;
    public ulong DeadLettered;
    public ulong Late;
    public ulong Future;
    public ulong Unmatched;
    public ulong Subrequests;
    public ulong Internal;
    public ulong Forced;
}

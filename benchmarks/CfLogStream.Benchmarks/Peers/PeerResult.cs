namespace CfLogStream.Benchmarks.Peers;

/// <summary>What a peer took in all rounds, and what it answered.</summary>
internal sealed class PeerResult(string name)
{
    private readonly List<MeasuredProcess> _runs = [];

    public string Name => name;

    /// <summary>The last answer.</summary>
    public PeerAnswer Answer { get; private set; } = new();

    public double WallSeconds => Statistics.Median(_runs.Select(run => run.WallSeconds));

    public double CpuSeconds => Statistics.Median(_runs.Select(run => run.CpuSeconds));

    public double PeakBytes => Statistics.Median(_runs.Select(run => (double)run.PeakBytes));

    /// <summary>Fastest and slowest round.</summary>
    public (double Least, double Most) WallRange => (_runs.Min(run => run.WallSeconds), _runs.Max(run => run.WallSeconds));

    public void Add(MeasuredProcess run, PeerAnswer answer)
    {
        _runs.Add(run);
        Answer = answer;
    }
}

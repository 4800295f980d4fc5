namespace CfLogStream.Benchmarks.Peers;

/// <summary>What a peer took in all rounds, and what it answered.</summary>
internal sealed class PeerResult(string name)
{
    private readonly List<MeasuredProcess> _runs = [];
    private readonly List<double> _questions = [];

    public string Name => name;

    /// <summary>The last answer.</summary>
    public PeerAnswer Answer { get; private set; } = new();

    public double WallSeconds => Statistics.Median(_runs.Select(run => run.WallSeconds));

    public double CpuSeconds => Statistics.Median(_runs.Select(run => run.CpuSeconds));

    public double PeakBytes => Statistics.Median(_runs.Select(run => (double)run.PeakBytes));

    /// <summary>What the question alone took, without the start of the process; null when the peer does not say.</summary>
    public double? QuestionSeconds => _questions.Count > 0 ? Statistics.Median(_questions) : null;

    /// <summary>Fastest and slowest round.</summary>
    public (double Least, double Most) WallRange => (_runs.Min(run => run.WallSeconds), _runs.Max(run => run.WallSeconds));

    public void Add(MeasuredProcess run, PeerAnswer answer)
    {
        _runs.Add(run);
        if (answer.Seconds is { } seconds)
        {
            _questions.Add(seconds);
        }

        Answer = answer;
    }
}

using System.Collections.Concurrent;

namespace CfLogStream.Benchmarks.Receive;

/// <summary>How a load was acknowledged.</summary>
internal sealed class LoadResult
{
    private readonly ConcurrentBag<double> _acknowledgedMs = [];
    private int _refused;

    /// <summary>From the first upload sent until the last one was acknowledged.</summary>
    public double WallSeconds { get; set; }

    /// <summary>How long each upload took from its first byte sent to its acknowledgement.</summary>
    public IReadOnlyCollection<double> AcknowledgedMs => _acknowledgedMs;

    /// <summary>Answers 503, after which the upload was sent again.</summary>
    public int Refused => _refused;

    public void Add(double acknowledgedMs, int refused)
    {
        _acknowledgedMs.Add(acknowledgedMs);
        Interlocked.Add(ref _refused, refused);
    }
}

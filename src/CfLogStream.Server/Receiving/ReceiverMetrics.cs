using System.Diagnostics.Metrics;

namespace CfLogStream.Server.Receiving;

/// <summary>Counts what the receiver is sent and how it answers.</summary>
public sealed class ReceiverMetrics : IDisposable
{
    private readonly Meter _meter = new("CfLogStream.Server");
    private readonly Counter<long> _uploads;
    private readonly Counter<long> _bytes;
    private readonly Histogram<double> _duration;
    private readonly TimeProvider _time;
    private long _repeatedTotal;
    private long _lastTaken;
    private bool _isStarted;

    public ReceiverMetrics()
        : this(TimeProvider.System)
    {
    }

    public ReceiverMetrics(TimeProvider time)
    {
        _time = time;
        _uploads = _meter.CreateCounter<long>("cflogstream.receiver.uploads", "{upload}", "Requests, by the status they were answered with.");
        _bytes = _meter.CreateCounter<long>("cflogstream.receiver.bytes", "By", "Bytes of uploads as sent.");

        // Shown as 0 from the start: a series that begins with its first event has no increase that an alert could see.
        _meter.CreateObservableCounter(
            "cflogstream.receiver.repeated", () => Repeated, "{upload}", "Uploads that were sent again and acknowledged without a second copy.");
        _duration = _meter.CreateHistogram("cflogstream.receiver.duration", "s", "From the request to the answer.", advice: Buckets);
        _meter.CreateObservableGauge(
            "cflogstream.receiver.silence",
            Silence,
            "s",
            "How long ago the last upload was acknowledged that was no test; since the start while there was none.");
    }

    /// <summary>Bounds of the times of an answer and of a flush, in seconds.</summary>
    internal static InstrumentAdvice<double> Buckets { get; } = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    };

    /// <summary>Uploads that were acknowledged without a second copy.</summary>
    public long Repeated => Volatile.Read(ref _repeatedTotal);

    public void Dispose() => _meter.Dispose();

    internal void Answer(int status, TimeSpan duration)
    {
        _uploads.Add(1, new KeyValuePair<string, object?>("status", status));
        _duration.Record(duration.TotalSeconds);
    }

    internal void Read(long bytes) => _bytes.Add(bytes);

    /// <summary>Uploads are waited for from now on.</summary>
    internal void Start()
    {
        Take();
        Volatile.Write(ref _isStarted, true);
    }

    /// <summary>An upload was acknowledged.</summary>
    internal void Take() => Volatile.Write(ref _lastTaken, _time.GetTimestamp());

    internal void Repeat()
    {
        Interlocked.Increment(ref _repeatedTotal);
        Take();
    }

    private IEnumerable<Measurement<double>> Silence() =>
        Volatile.Read(ref _isStarted) ? [new(_time.GetElapsedTime(Volatile.Read(ref _lastTaken)).TotalSeconds)] : [];
}

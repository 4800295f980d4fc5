using System.Diagnostics.Metrics;

namespace CfLogStream.Server.Receiving;

/// <summary>Counts what the receiver is sent and how it answers.</summary>
public sealed class ReceiverMetrics : IDisposable
{
    private readonly Meter _meter = new("CfLogStream.Server");
    private readonly Counter<long> _uploads;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _repeated;
    private readonly Histogram<double> _duration;
    private long _repeatedTotal;

    public ReceiverMetrics()
    {
        _uploads = _meter.CreateCounter<long>("cflogstream.receiver.uploads", "{upload}", "Requests, by the status they were answered with.");
        _bytes = _meter.CreateCounter<long>("cflogstream.receiver.bytes", "By", "Bytes of uploads as sent.");
        _repeated = _meter.CreateCounter<long>(
            "cflogstream.receiver.repeated", "{upload}", "Uploads that were sent again and acknowledged without a second copy.");
        _duration = _meter.CreateHistogram<double>("cflogstream.receiver.duration", "s", "From the request to the answer.");
    }

    /// <summary>Uploads that were acknowledged without a second copy.</summary>
    public long Repeated => Volatile.Read(ref _repeatedTotal);

    public void Dispose() => _meter.Dispose();

    internal void Answer(int status, TimeSpan duration)
    {
        _uploads.Add(1, new KeyValuePair<string, object?>("status", status));
        _duration.Record(duration.TotalSeconds);
    }

    internal void Read(long bytes) => _bytes.Add(bytes);

    internal void Repeat()
    {
        Interlocked.Increment(ref _repeatedTotal);
        _repeated.Add(1);
    }
}

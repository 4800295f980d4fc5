using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using CfLogStream.Server.Receiving;

namespace CfLogStream.Server.Spool;

/// <summary>Counts what the spool does.</summary>
public sealed class SpoolMetrics : IDisposable
{
    private readonly Meter _meter = new("CfLogStream.Server");
    private readonly ConcurrentDictionary<int, long> _lag = new();
    private readonly Counter<long> _appended;
    private readonly Counter<long> _appendedBytes;
    private readonly Counter<long> _commits;
    private readonly Histogram<double> _flush;
    private long _commitsTotal;
    private long _damagedTotal;
    private long _lostTotal;
    private long _refusedTotal;
    private Func<long>? _bytes;
    private Func<long>? _room;

    public SpoolMetrics()
    {
        _appended = _meter.CreateCounter<long>("cflogstream.spool.messages", "{message}", "Messages that are safe on disk.");
        _appendedBytes = _meter.CreateCounter<long>("cflogstream.spool.appended", "By", "Bytes of these messages.");
        _commits = _meter.CreateCounter<long>("cflogstream.spool.commits", "{commit}", "Flushes to disk; many appends share one.");

        // Shown as 0 from the start: a series that begins with its first event has no increase that an alert could see.
        _meter.CreateObservableCounter(
            "cflogstream.spool.refused", () => Of(Volatile.Read(ref _refusedTotal)), "{append}", "Appends that failed: no room, or the disk refused.");
        _meter.CreateObservableCounter("cflogstream.spool.damaged", () => Of(DamagedBytes), "By", "Bytes in which no whole message was found.");
        _meter.CreateObservableCounter(
            "cflogstream.spool.lost_offsets", () => Of(LostOffsets), "{message}", "Messages that the spool had no more when they were due.");
        _flush = _meter.CreateHistogram("cflogstream.spool.flush.duration", "s", "How long a flush to disk took.", advice: ReceiverMetrics.Buckets);
        _meter.CreateObservableGauge("cflogstream.spool.size", () => Of(_bytes?.Invoke() ?? 0), "By", "Bytes of the spool.");
        _meter.CreateObservableGauge(
            "cflogstream.spool.room", () => Of(_room?.Invoke() ?? 0), "By", "Bytes that can still be appended: spool.max_bytes and the disk allow no more.");
        _meter.CreateObservableGauge("cflogstream.spool.lag", Measure, "{message}", "Messages that are not taken over yet, per partition.");
    }

    /// <summary>Flushes to disk so far.</summary>
    public long Commits => Volatile.Read(ref _commitsTotal);

    /// <summary>Bytes in which no whole message was found.</summary>
    public long DamagedBytes => Volatile.Read(ref _damagedTotal);

    /// <summary>Messages that were gone when they were due.</summary>
    public long LostOffsets => Volatile.Read(ref _lostTotal);

    public void Dispose() => _meter.Dispose();

    internal void Commit(int messages, long bytes, TimeSpan flush)
    {
        Interlocked.Increment(ref _commitsTotal);
        _commits.Add(1);
        _appended.Add(messages);
        _appendedBytes.Add(bytes);
        _flush.Record(flush.TotalSeconds);
    }

    internal void Refuse(int appends) => Interlocked.Add(ref _refusedTotal, appends);

    internal void Damage(long bytes) => Interlocked.Add(ref _damagedTotal, bytes);

    internal void Lose(long offsets) => Interlocked.Add(ref _lostTotal, offsets);

    /// <summary>Says how the size of the spool and its room are found.</summary>
    internal void Watch(Func<long> bytes, Func<long> room)
    {
        _room = room;
        Volatile.Write(ref _bytes, bytes);
    }

    internal void SetLag(int partition, long messages) => _lag[partition] = messages;

    /// <summary>Nothing where there is no spool.</summary>
    private IEnumerable<Measurement<long>> Of(long value) => Volatile.Read(ref _bytes) is null ? [] : [new(value)];

    private IEnumerable<Measurement<long>> Measure() =>
        _lag.Select(lag => new Measurement<long>(lag.Value, new KeyValuePair<string, object?>("partition", lag.Key)));
}

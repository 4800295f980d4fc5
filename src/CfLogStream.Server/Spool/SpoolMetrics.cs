using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace CfLogStream.Server.Spool;

/// <summary>Counts what the spool does.</summary>
public sealed class SpoolMetrics : IDisposable
{
    private readonly Meter _meter = new("CfLogStream.Server");
    private readonly ConcurrentDictionary<int, long> _lag = new();
    private readonly Counter<long> _appended;
    private readonly Counter<long> _appendedBytes;
    private readonly Counter<long> _commits;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _damagedBytes;
    private readonly Counter<long> _lostOffsets;
    private readonly Histogram<double> _flush;
    private long _commitsTotal;
    private long _damagedTotal;
    private long _lostTotal;
    private long _bytes;

    public SpoolMetrics()
    {
        _appended = _meter.CreateCounter<long>("cflogstream.spool.messages", "{message}", "Messages that are safe on disk.");
        _appendedBytes = _meter.CreateCounter<long>("cflogstream.spool.appended", "By", "Bytes of these messages.");
        _commits = _meter.CreateCounter<long>("cflogstream.spool.commits", "{commit}", "Flushes to disk; many appends share one.");
        _refused = _meter.CreateCounter<long>("cflogstream.spool.refused", "{append}", "Appends that failed: no room, or the disk refused.");
        _damagedBytes = _meter.CreateCounter<long>("cflogstream.spool.damaged", "By", "Bytes in which no whole message was found.");
        _lostOffsets = _meter.CreateCounter<long>("cflogstream.spool.lost_offsets", "{message}", "Messages that the spool had no more when they were due.");
        _flush = _meter.CreateHistogram<double>("cflogstream.spool.flush.duration", "s", "How long a flush to disk took.");
        _meter.CreateObservableGauge("cflogstream.spool.size", () => Volatile.Read(ref _bytes), "By", "Bytes of the spool.");
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

    internal void Refuse(int appends) => _refused.Add(appends);

    internal void Damage(long bytes)
    {
        Interlocked.Add(ref _damagedTotal, bytes);
        _damagedBytes.Add(bytes);
    }

    internal void Lose(long offsets)
    {
        Interlocked.Add(ref _lostTotal, offsets);
        _lostOffsets.Add(offsets);
    }

    internal void SetBytes(long bytes) => Volatile.Write(ref _bytes, bytes);

    internal void SetLag(int partition, long messages) => _lag[partition] = messages;

    private IEnumerable<Measurement<long>> Measure() =>
        _lag.Select(lag => new Measurement<long>(lag.Value, new KeyValuePair<string, object?>("partition", lag.Key)));
}

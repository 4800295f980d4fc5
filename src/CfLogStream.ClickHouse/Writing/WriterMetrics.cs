using System.Diagnostics.Metrics;

namespace CfLogStream.ClickHouse.Writing;

/// <summary>Counts what writers do; shared by all writers of a process.</summary>
public sealed class WriterMetrics : IDisposable
{
    /// <summary>The name of this assembly's meter.</summary>
    public const string MeterName = "CfLogStream.ClickHouse";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _rows;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _rejected;
    private readonly Histogram<double> _duration;
    private long _rowsTotal;
    private long _bytesTotal;
    private long _retriesTotal;
    private long _rejectedTotal;
    private long _insertsTotal;
    private long _busyTicks;
    private int _waiting;

    public WriterMetrics()
    {
        _rows = _meter.CreateCounter<long>("cflogstream.clickhouse.rows", "{row}", "Rows acknowledged by ClickHouse.");
        _bytes = _meter.CreateCounter<long>("cflogstream.clickhouse.bytes", "By", "Bytes of acknowledged blocks, before compression.");
        _retries = _meter.CreateCounter<long>("cflogstream.clickhouse.retries", "{retry}", "Inserts sent again.");
        _rejected = _meter.CreateCounter<long>("cflogstream.clickhouse.rejected", "{row}", "Rows that ClickHouse calls bad data.");
        _duration = _meter.CreateHistogram<double>(
            "cflogstream.clickhouse.insert.duration", "s", "Time of an acknowledged insert, retries included.");
        _meter.CreateObservableGauge(
            "cflogstream.clickhouse.waiting", () => Volatile.Read(ref _waiting), "{insert}", "Inserts that wait for a person to act.");
    }

    public long Rows => Volatile.Read(ref _rowsTotal);

    public long Bytes => Volatile.Read(ref _bytesTotal);

    public long Retries => Volatile.Read(ref _retriesTotal);

    public long Rejected => Volatile.Read(ref _rejectedTotal);

    public long Inserts => Volatile.Read(ref _insertsTotal);

    /// <summary>Inserts that wait for a person to act (rights, schema, disk); above zero is an alert.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Time that acknowledged inserts took in all, retries included.</summary>
    public TimeSpan Busy => TimeSpan.FromTicks(Volatile.Read(ref _busyTicks));

    public void Dispose() => _meter.Dispose();

    internal void Written(string table, int rows, long bytes, TimeSpan duration)
    {
        var tag = new KeyValuePair<string, object?>("table", table);
        _rows.Add(rows, tag);
        _bytes.Add(bytes, tag);
        _duration.Record(duration.TotalSeconds, tag);
        Interlocked.Add(ref _rowsTotal, rows);
        Interlocked.Add(ref _bytesTotal, bytes);
        Interlocked.Add(ref _busyTicks, duration.Ticks);
        Interlocked.Increment(ref _insertsTotal);
    }

    internal void Retried(string table, FailureKind kind)
    {
        _retries.Add(1, new("table", table), new("reason", kind == FailureKind.Transient ? "transient" : "waiting"));
        Interlocked.Increment(ref _retriesTotal);
    }

    internal void RowRejected(string table)
    {
        _rejected.Add(1, new KeyValuePair<string, object?>("table", table));
        Interlocked.Increment(ref _rejectedTotal);
    }

    internal void BeginWaiting() => Interlocked.Increment(ref _waiting);

    internal void EndWaiting() => Interlocked.Decrement(ref _waiting);
}

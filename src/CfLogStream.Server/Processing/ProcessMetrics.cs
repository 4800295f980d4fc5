using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using CfLogStream.ClickHouse.Rows;
using CfLogStream.Core.Logpush;

namespace CfLogStream.Server.Processing;

/// <summary>Counts what the pipelines of this process do; shared by all of them.</summary>
/// <remarks>
/// Always: received = counted + duplicate + dead-lettered + abandoned + in flight. A record is in flight from when it was correlated until
/// the progress that covers it is written; it is abandoned when its pipeline ends before, and is received again by the next owner.
/// Records that are read again after a restart are received again.
/// </remarks>
public sealed class ProcessMetrics : IDisposable
{
    /// <summary>The name of this assembly's meter.</summary>
    public const string MeterName = "CfLogStream.Server";

    private static readonly string[] s_datasets =
        [.. Enumerable.Range(0, RecordTally.Datasets).Select(i => System.Text.Encoding.UTF8.GetString(TableWords.Of((Dataset)i)))];

    private readonly Meter _meter = new(MeterName);
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<int, PartitionGauges> _partitions = new();
    private readonly Counter<long> _received;
    private readonly Counter<long> _counted;
    private readonly Counter<long> _duplicates;
    private readonly Counter<long> _deadLettered;
    private readonly Counter<long> _abandoned;
    private readonly Counter<long> _late;
    private readonly Counter<long> _gaps;
    private readonly UpDownCounter<long> _inFlight;
    private long _receivedTotal;
    private long _countedTotal;
    private long _duplicatesTotal;
    private long _deadLetteredTotal;
    private long _abandonedTotal;
    private long _lateTotal;
    private long _inFlightTotal;
    private long _gapsTotal;

    public ProcessMetrics(TimeProvider time)
    {
        _time = time;
        _received = Records("received", "Records read from the log, copies not included.");
        _counted = Records("counted", "Records that are counted in tables.");
        _duplicates = Records("duplicate", "Records that were there before.");
        _deadLettered = Records("dead_lettered", "Lines and messages that are no records, by reason.");
        _abandoned = Records("abandoned", "Records whose pipeline ended before their rows were acknowledged; the next owner reads them again.");
        _late = Records("late", "Counted records whose minute was over.");
        _inFlight = _meter.CreateUpDownCounter<long>(
            "cflogstream.process.records.in_flight", "{record}", "Records that were read and are not yet covered by progress.");
        _gaps = _meter.CreateCounter<long>(
            "cflogstream.process.offsets.lost", "{offset}", "Offsets that the log had no more; above zero is an alert.");
        Gauge("windows.open", "{window}", "Open minutes, hours and late chunks.", gauges => gauges.OpenWindows);
        Gauge("joins.waiting", "{ray}", "Rays that wait for their join.", gauges => gauges.WaitingJoins);
        Gauge("blocks.queued", "{block}", "Blocks that wait for ClickHouse or are being inserted.", gauges => gauges.QueuedBlocks);
        Gauge("queue.bytes", "By", "Bytes of messages that wait to be processed.", gauges => gauges.QueuedBytes);
        Gauge("stopped", "{partition}", "1 when the circuit breaker has stopped the partition: an alert.", gauges => gauges.IsStopped ? 1 : 0);
        _meter.CreateObservableGauge(
            "cflogstream.process.watermark.delay",
            () => _partitions.Where(pair => pair.Value.NewestTimeNs != long.MinValue)
                .Select(pair => new Measurement<double>(DelaySeconds(pair.Value), PartitionTag(pair.Key))),
            "s",
            "How far the newest event time is behind the clock.");
    }

    public long Received => Volatile.Read(ref _receivedTotal);

    public long Counted => Volatile.Read(ref _countedTotal);

    public long Duplicates => Volatile.Read(ref _duplicatesTotal);

    public long DeadLettered => Volatile.Read(ref _deadLetteredTotal);

    public long Abandoned => Volatile.Read(ref _abandonedTotal);

    public long Late => Volatile.Read(ref _lateTotal);

    public long InFlight => Volatile.Read(ref _inFlightTotal);

    /// <summary>Offsets that the log had no more.</summary>
    public long LostOffsets => Volatile.Read(ref _gapsTotal);

    /// <summary>The partitions that have a pipeline now.</summary>
    public IReadOnlyDictionary<int, PartitionGauges> Partitions => _partitions;

    public void Dispose() => _meter.Dispose();

    internal void Open(int partition, PartitionGauges gauges) => _partitions[partition] = gauges;

    internal void Close(int partition, PartitionGauges gauges) => _partitions.TryRemove(new(partition, gauges));

    internal void Receive(int partition, RecordTally tally)
    {
        Count(_received, partition, tally.Received, ref _receivedTotal);
        _inFlight.Add(tally.Total, PartitionTag(partition));
        Interlocked.Add(ref _inFlightTotal, tally.Total);
    }

    internal void Acknowledge(int partition, RecordTally tally)
    {
        Count(_counted, partition, tally.Counted, ref _countedTotal);
        Count(_duplicates, partition, tally.Duplicates, ref _duplicatesTotal);
        Interlocked.Add(ref _deadLetteredTotal, tally.DeadLettered.Sum());
        foreach ((string reason, long count) in tally.Reasons)
        {
            _deadLettered.Add(count, PartitionTag(partition), new("reason", reason));
        }

        _late.Add(tally.Late, PartitionTag(partition));
        Interlocked.Add(ref _lateTotal, tally.Late);
        Land(partition, tally);
    }

    internal void Abandon(int partition, RecordTally tally)
    {
        Count(_abandoned, partition, tally.Received, ref _abandonedTotal);
        Land(partition, tally);
    }

    internal void Lose(int partition, long offsets)
    {
        _gaps.Add(offsets, PartitionTag(partition));
        Interlocked.Add(ref _gapsTotal, offsets);
    }

    private static KeyValuePair<string, object?> PartitionTag(int partition) =>
        new("partition", partition.ToString(CultureInfo.InvariantCulture));

    private static void Count(Counter<long> counter, int partition, long[] byDataset, ref long total)
    {
        for (int i = 0; i < byDataset.Length; i++)
        {
            if (byDataset[i] > 0)
            {
                counter.Add(byDataset[i], PartitionTag(partition), new("dataset", s_datasets[i]));
                Interlocked.Add(ref total, byDataset[i]);
            }
        }
    }

    private void Land(int partition, RecordTally tally)
    {
        _inFlight.Add(-tally.Total, PartitionTag(partition));
        Interlocked.Add(ref _inFlightTotal, -tally.Total);
    }

    private double DelaySeconds(PartitionGauges gauges) =>
        (_time.GetUtcNow() - DateTimeOffset.UnixEpoch.AddTicks(gauges.NewestTimeNs / 100)).TotalSeconds;

    private Counter<long> Records(string what, string description) =>
        _meter.CreateCounter<long>("cflogstream.process.records." + what, "{record}", description);

    private void Gauge(string name, string unit, string description, Func<PartitionGauges, long> value) => _meter.CreateObservableGauge(
        "cflogstream.process." + name,
        () => _partitions.Select(pair => new Measurement<long>(value(pair.Value), PartitionTag(pair.Key))),
        unit,
        description);
}

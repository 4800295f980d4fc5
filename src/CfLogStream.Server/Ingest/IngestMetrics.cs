using System.Diagnostics.Metrics;
using CfLogStream.Core.Logpush;
using CfLogStream.Kafka.Slices;

namespace CfLogStream.Server.Ingest;

/// <summary>Counts what the ingest role brings to the log.</summary>
public sealed class IngestMetrics : IDisposable
{
    private readonly Meter _meter = new("CfLogStream.Server");
    private readonly Counter<long> _batches;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _records;
    private readonly Counter<long> _deadLetters;
    private readonly Counter<long> _slices;
    private readonly Counter<long> _sliceBytes;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _lost;
    private long _recordsTotal;

    public IngestMetrics()
    {
        _batches = _meter.CreateCounter<long>("cflogstream.ingest.batches", "{batch}", "Batches that the log has for good.");
        _bytes = _meter.CreateCounter<long>("cflogstream.ingest.bytes", "By", "Bytes of lines in them.");
        _records = _meter.CreateCounter<long>("cflogstream.ingest.records", "{record}", "Records in them, by dataset.");
        _deadLetters = _meter.CreateCounter<long>("cflogstream.ingest.dead_letters", "{line}", "Lines in them that are no records, by reason.");
        _slices = _meter.CreateCounter<long>("cflogstream.ingest.slices", "{slice}", "Messages that were appended to the log for them.");
        _sliceBytes = _meter.CreateCounter<long>("cflogstream.ingest.slice.bytes", "By", "Bytes of these messages, before compression.");
        _retries = _meter.CreateCounter<long>("cflogstream.ingest.retries", "{retry}", "Batches that were appended again after a failure.");
        _lost = _meter.CreateCounter<long>("cflogstream.ingest.lost_offsets", "{message}", "Messages that a source had no more when they were due.");
    }

    /// <summary>Records appended for good, all datasets.</summary>
    public long Records => Volatile.Read(ref _recordsTotal);

    public void Dispose() => _meter.Dispose();

    internal void Appended(SliceCounts counts, IReadOnlyList<Slice> slices) =>
        Appended(counts, slices.Count, slices.Sum(static slice => (long)slice.Value.Length));

    internal void Appended(SliceCounts counts, int slices, long sliceBytes)
    {
        _batches.Add(1);
        _bytes.Add(counts.LineBytes);
        _slices.Add(slices);
        _sliceBytes.Add(sliceBytes);
        for (Dataset dataset = Dataset.HttpRequests; dataset <= Dataset.AuditLogsV2; dataset++)
        {
            if (counts.OfDataset(dataset) is > 0 and long records)
            {
                _records.Add(records, new KeyValuePair<string, object?>("dataset", DatasetNames.Of(dataset)));
                Interlocked.Add(ref _recordsTotal, records);
            }
        }

        for (ReadStatus status = ReadStatus.CutLine; status <= ReadStatus.NoTime; status++)
        {
            if (counts.OfStatus(status) is > 0 and long lines)
            {
                _deadLetters.Add(lines, new KeyValuePair<string, object?>("reason", ReadStatusNames.Of(status)));
            }
        }
    }

    internal void Retried() => _retries.Add(1);

    internal void Lost(long messages) => _lost.Add(messages);
}

using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic;

namespace CfLogStream.Benchmarks.Layers.Input;

/// <summary>The records of an input, classified, in order of time; played any number of times, each time later.</summary>
/// <remarks>So one correlator goes on for ever as on a live log: windows close, rays are forgotten, nothing grows.</remarks>
internal sealed class ClassifiedInput
{
    private const long NsPerHour = 3_600_000_000_000;

    private readonly TrafficBatch _batch = new();
    private readonly long _periodNs;
    private long _shiftNs;

    public ClassifiedInput(LogInput log)
    {
        var reader = new RecordReader(new ReaderOptions());
        LogRecord record = reader.CreateRecord();
        var classifier = new TrafficClassifier(new ClassificationSettings());
        foreach (LineSpan line in log.Lines)
        {
            if (reader.Read(log.Bytes, line.Start, line.Length, record, out _) == ReadStatus.Record)
            {
                classifier.Classify(record, _batch);
            }
        }

        // A whole number of hours, so that each round fills its windows alike, and one more, so that rounds do not meet.
        long spanNs = _batch.Head(_batch.Count - 1).TimeNs - _batch.Head(0).TimeNs;
        _periodNs = ((spanNs / NsPerHour) + 2) * NsPerHour;
    }

    /// <summary>Takes the next record of a round; the record is valid during the call.</summary>
    public delegate void Consumer(in TrafficRecord record);

    /// <summary>Plays one round.</summary>
    public int Play(Consumer consumer)
    {
        for (int i = 0; i < _batch.Count; i++)
        {
            TrafficRecord record = _batch[i];
            TrafficHead head = record.Head;
            head.TimeNs += _shiftNs;
            consumer(new TrafficRecord(in head, record.Data));
        }

        _shiftNs += _periodNs;
        return _batch.Count;
    }
}

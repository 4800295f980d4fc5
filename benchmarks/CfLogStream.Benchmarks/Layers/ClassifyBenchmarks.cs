using BenchmarkDotNet.Attributes;
using CfLogStream.Benchmarks.Layers.Input;
using CfLogStream.Benchmarks.Layers.Parsing;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic;

namespace CfLogStream.Benchmarks.Layers;

/// <summary>Endpoint, client, caller, controls and outcome of every record.</summary>
/// <remarks>What classifying alone takes is the difference to reading.</remarks>
public class ClassifyBenchmarks : LayerBenchmark
{
    /// <summary>A batch is emptied when it holds as much as one of the analysis does.</summary>
    private const int BatchRecords = 400;

    private readonly Utf8ReaderExtractor _utf8Reader = new();
    private readonly TrafficBatch _batch = new();
    private RecordReader _reader = null!;
    private LogRecord _record = null!;
    private TrafficClassifier _classifier = null!;

    public override IEnumerable<InputKind> Inputs => [InputKind.HttpRequests, InputKind.FirewallEvents, InputKind.Minimal];

    /// <summary>Only getting at the fields, with the platform's reader.</summary>
    [Benchmark(Baseline = true)]
    public long Utf8JsonReader()
    {
        long sum = 0;
        foreach (LineSpan line in Log.Lines)
        {
            sum += _utf8Reader.Read(Log.Bytes.AsSpan(line.Start, line.Length), Input == InputKind.FirewallEvents);
        }

        return sum;
    }

    [Benchmark]
    public long Read()
    {
        long records = 0;
        foreach (LineSpan line in Log.Lines)
        {
            records += _reader.Read(Log.Bytes, line.Start, line.Length, _record, out _) == ReadStatus.Record ? 1 : 0;
        }

        return records;
    }

    [Benchmark]
    public long ReadAndClassify()
    {
        long records = 0;
        foreach (LineSpan line in Log.Lines)
        {
            if (_reader.Read(Log.Bytes, line.Start, line.Length, _record, out _) == ReadStatus.Record)
            {
                _classifier.Classify(_record, _batch);
                if (_batch.Count == BatchRecords)
                {
                    records += _batch.Count;
                    _batch.Clear();
                }
            }
        }

        return records;
    }

    protected override void Prepare()
    {
        _reader = new RecordReader(new ReaderOptions());
        _record = _reader.CreateRecord();
        _classifier = new TrafficClassifier(new ClassificationSettings());
        _batch.Clear();
    }
}

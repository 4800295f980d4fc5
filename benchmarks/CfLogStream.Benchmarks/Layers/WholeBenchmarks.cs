using BenchmarkDotNet.Attributes;
using CfLogStream.Benchmarks.Layers.Input;
using CfLogStream.Benchmarks.Layers.Parsing;
using CfLogStream.ClickHouse.Rows;
using CfLogStream.Core.Correlation;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic;

namespace CfLogStream.Benchmarks.Layers;

/// <summary>All layers on one core, from lines to Native blocks that go nowhere.</summary>
/// <remarks>Ordering is not in it: the input is in order. <c>peers</c> measures the whole analysis with its threads and its store.</remarks>
public class WholeBenchmarks : LayerBenchmark
{
    private const int BatchRecords = 400;

    private readonly Utf8ReaderExtractor _utf8Reader = new();
    private readonly TrafficBatch _batch = new();

    public override IEnumerable<InputKind> Inputs => [InputKind.Both];

    /// <summary>Only getting at the fields, with the platform's reader.</summary>
    [Benchmark(Baseline = true)]
    public long Utf8JsonReader()
    {
        long sum = 0;
        foreach (LineSpan line in Log.Lines)
        {
            sum += _utf8Reader.Read(Log.Bytes.AsSpan(line.Start, line.Length), isFirewall: false);
        }

        return sum;
    }

    /// <summary>Everything, with a correlator and an encoder of its own each time; their memory is in the column of allocations.</summary>
    [Benchmark]
    public long Whole()
    {
        var reader = new RecordReader(new ReaderOptions());
        LogRecord record = reader.CreateRecord();
        var classifier = new TrafficClassifier(new ClassificationSettings());
        var encoder = new RowEncoder(new RowEncoderOptions());
        var correlator = new Correlator(new CorrelationOptions(), encoder, partition: 1);
        long offset = 0;
        long rows = 0;
        foreach (LineSpan line in Log.Lines)
        {
            if (reader.Read(Log.Bytes, line.Start, line.Length, record, out _) == ReadStatus.Record)
            {
                classifier.Classify(record, _batch);
                if (_batch.Count == BatchRecords)
                {
                    rows += Correlate(correlator, encoder, ref offset);
                }
            }
        }

        rows += Correlate(correlator, encoder, ref offset);
        correlator.Complete();
        return rows + Send(encoder.TakeAll());
    }

    private long Correlate(Correlator correlator, RowEncoder encoder, ref long offset)
    {
        for (int i = 0; i < _batch.Count; i++)
        {
            correlator.Add(_batch[i], offset++);
        }

        _batch.Clear();
        return encoder.FullBlocks > 0 ? Send(encoder.TakeFull()) : 0;
    }

    private static long Send(IReadOnlyList<EncodedBlock> blocks)
    {
        long rows = 0;
        foreach (EncodedBlock block in blocks)
        {
            rows += block.Rows;
            block.WriteAsync(Stream.Null, 0, block.Rows, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            block.Dispose();
        }

        return rows;
    }
}

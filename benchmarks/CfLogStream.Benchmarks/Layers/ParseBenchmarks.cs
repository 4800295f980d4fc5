using BenchmarkDotNet.Attributes;
using CfLogStream.Benchmarks.Layers.Input;
using CfLogStream.Benchmarks.Layers.Parsing;
using CfLogStream.Core.Buffers;
using CfLogStream.Core.Logpush;

namespace CfLogStream.Benchmarks.Layers;

/// <summary>Getting at 30 fields of every line, on one core.</summary>
/// <remarks>
/// Ours also finds the lines, which the others are given, notes every other field, recognises the dataset, reads the time and checks the line as UTF-8. All come to the same sums,
/// which is checked before anything is measured (not on <see cref="InputKind.Ugly"/>, whose broken lines are treated differently).
/// </remarks>
public class ParseBenchmarks : LayerBenchmark
{
    private readonly Utf8ReaderExtractor _utf8Reader = new();
    private List<PaddedBuffer> _buffers = null!;
    private RecordReader _reader = null!;
    private LogRecord _record = null!;

    public override IEnumerable<InputKind> Inputs =>
        [InputKind.HttpRequests, InputKind.FirewallEvents, InputKind.Minimal, InputKind.Ugly];

    private bool IsFirewall => Input == InputKind.FirewallEvents;

    /// <summary>What a good engineer writes with the platform's own reader.</summary>
    [Benchmark(Baseline = true)]
    public long Utf8JsonReader()
    {
        long sum = 0;
        foreach (LineSpan line in Log.Lines)
        {
            sum += _utf8Reader.Read(Log.Bytes.AsSpan(line.Start, line.Length), IsFirewall);
        }

        return sum;
    }

    [Benchmark]
    public long JsonDocument()
    {
        long sum = 0;
        foreach (LineSpan line in Log.Lines)
        {
            sum += DocumentExtractor.Read(Log.Bytes.AsMemory(line.Start, line.Length), IsFirewall);
        }

        return sum;
    }

    [Benchmark]
    public long JsonSerializer()
    {
        long sum = 0;
        foreach (LineSpan line in Log.Lines)
        {
            sum += SerializerExtractor.Read(Log.Bytes.AsSpan(line.Start, line.Length), IsFirewall);
        }

        return sum;
    }

    /// <summary>Our reader, with the same 30 fields asked for.</summary>
    [Benchmark]
    public long RecordReader()
    {
        long sum = 0;
        foreach (PaddedBuffer buffer in _buffers)
        {
            int position = PaddedBuffer.Padding;
            while (_reader.TryReadNext(buffer, ref position, _record, out _, out ReadStatus status, out _))
            {
                if (status == ReadStatus.Record)
                {
                    sum += Extract.Of(_record);
                }
            }
        }

        return sum;
    }

    protected override void Prepare()
    {
        _buffers = Log.ToBuffers();
        _reader = new RecordReader(new ReaderOptions());
        _record = _reader.CreateRecord();
        (string Name, long Sum)[] sums =
        [
            (nameof(Utf8JsonReader), Utf8JsonReader()), (nameof(JsonDocument), JsonDocument()),
            (nameof(JsonSerializer), JsonSerializer()), (nameof(RecordReader), RecordReader()),
        ];
        if (Input != InputKind.Ugly && sums.Any(sum => sum.Sum != sums[0].Sum))
        {
            throw new InvalidOperationException($"The parsers do not read the same: {string.Join(", ", sums)}.");
        }
    }
}

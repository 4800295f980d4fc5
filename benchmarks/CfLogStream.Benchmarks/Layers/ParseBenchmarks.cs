using BenchmarkDotNet.Attributes;
using CfLogStream.Benchmarks.Layers.Input;
using CfLogStream.Benchmarks.Layers.Parsing;
using CfLogStream.Core.Logpush;

namespace CfLogStream.Benchmarks.Layers;

/// <summary>Getting at 30 fields of every line, on one core.</summary>
/// <remarks>
/// Ours also notes some forty fields more, recognises the dataset, reads the time and checks the line as UTF-8. All come to the same sums,
/// which is checked before anything is measured (not on <see cref="InputKind.Ugly"/>, whose broken lines are treated differently).
/// </remarks>
public class ParseBenchmarks : LayerBenchmark
{
    private readonly Utf8ReaderExtractor _utf8Reader = new();
    private RecordReader _reader = null!;
    private LogRecord _record = null!;

    public override IEnumerable<InputKind> Inputs =>
        [InputKind.HttpRequests, InputKind.FirewallEvents, InputKind.Minimal, InputKind.Ugly];

    // A forced vector width (ReaderOptions.Width) belongs here as a further [Params], and into Prepare().
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
        foreach (LineSpan line in Log.Lines)
        {
            if (_reader.Read(Log.Bytes, line.Start, line.Length, _record, out _) == ReadStatus.Record)
            {
                sum += Extract.Of(_record);
            }
        }

        return sum;
    }

    protected override void Prepare()
    {
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

using BenchmarkDotNet.Attributes;
using CfLogStream.Benchmarks.Layers.Input;
using CfLogStream.Core.Buffers;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Logpush.Simd;

namespace CfLogStream.Benchmarks.Layers;

/// <summary>Reading at every vector width of this machine; the scalar way is the baseline.</summary>
public class WidthBenchmarks : LayerBenchmark
{
    private readonly Dictionary<SimdWidth, RecordReader> _readers = [];
    private List<PaddedBuffer> _buffers = null!;
    private LogRecord _record = null!;

    public override IEnumerable<InputKind> Inputs => [InputKind.HttpRequests, InputKind.FirewallEvents, InputKind.Ugly];

    [Benchmark(Baseline = true)]
    public long Scalar() => Read(SimdWidth.Scalar);

    [Benchmark]
    public long Vector128() => Read(SimdWidth.Vector128);

    [Benchmark]
    public long Vector256() => Read(SimdWidth.Vector256);

    [Benchmark]
    public long Vector512() => Read(SimdWidth.Vector512);

    protected override void Prepare()
    {
        _buffers = Log.ToBuffers();
        foreach (SimdWidth width in Enum.GetValues<SimdWidth>())
        {
            // A width that the machine lacks is emulated; its figure says nothing.
            _readers[width] = new RecordReader(new ReaderOptions(), width);
        }

        _record = _readers[SimdWidth.Scalar].CreateRecord();
    }

    private long Read(SimdWidth width)
    {
        RecordReader reader = _readers[width];
        long records = 0;
        foreach (PaddedBuffer buffer in _buffers)
        {
            int position = PaddedBuffer.Padding;
            while (reader.TryReadNext(buffer, ref position, _record, out _, out ReadStatus status, out _))
            {
                records += status == ReadStatus.Record ? 1 : 0;
            }
        }

        return records;
    }
}

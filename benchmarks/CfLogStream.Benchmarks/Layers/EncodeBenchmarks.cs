using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using CfLogStream.Benchmarks.Layers.Input;
using CfLogStream.ClickHouse.Rows;
using CfLogStream.Core.Correlation;

namespace CfLogStream.Benchmarks.Layers;

/// <summary>Rows of aggregates into what ClickHouse takes.</summary>
/// <remarks>Figures are per record of the input, as for the other layers, not per row.</remarks>
public class EncodeBenchmarks : LayerBenchmark
{
    private readonly RowEncoder _encoder = new(new RowEncoderOptions());
    private readonly ArrayBufferWriter<byte> _text = new(4 << 20);
    private KeptRows _rows = null!;

    public override IEnumerable<InputKind> Inputs => [InputKind.Both];

    /// <summary>Rows as JSONEachRow, which is how one inserts without an encoder of one's own.</summary>
    /// <remarks>It does less: only requests_1m, the largest table.</remarks>
    [Benchmark(Baseline = true)]
    public long Utf8JsonWriter()
    {
        long bytes = 0;
        using var json = new Utf8JsonWriter(_text, new JsonWriterOptions { SkipValidation = true });
        foreach (ref readonly RequestsRow row in CollectionsMarshal.AsSpan(_rows.Requests))
        {
            _text.ResetWrittenCount();
            json.Reset();
            JsonRows.Write(json, in row);
            json.Flush();
            bytes += _text.WrittenCount + 1;
        }

        return bytes;
    }

    /// <summary>All aggregates' rows as Native blocks.</summary>
    [Benchmark]
    public long RowEncoder()
    {
        foreach (ref readonly RequestsRow row in CollectionsMarshal.AsSpan(_rows.Requests))
        {
            _encoder.Add(in row);
        }

        foreach (ref readonly MitigationsRow row in CollectionsMarshal.AsSpan(_rows.Mitigations))
        {
            _encoder.Add(in row);
        }

        foreach (ref readonly CallersRow row in CollectionsMarshal.AsSpan(_rows.Callers))
        {
            _encoder.Add(in row);
        }

        long rows = 0;
        foreach (EncodedBlock block in _encoder.TakeAll())
        {
            rows += block.Rows;
            block.WriteAsync(Stream.Null, 0, block.Rows, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            block.Dispose();
        }

        return rows;
    }

    protected override void Prepare() => _rows = KeptRows.Of(Log);
}

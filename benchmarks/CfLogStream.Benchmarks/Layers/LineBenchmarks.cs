using System.Buffers;
using System.IO.Pipelines;
using BenchmarkDotNet.Attributes;
using CfLogStream.Benchmarks.Layers.Input;
using CfLogStream.Core.Logpush;
using CfLogStream.Server.Sources;

namespace CfLogStream.Benchmarks.Layers;

/// <summary>Cutting a stream into lines.</summary>
public class LineBenchmarks : LayerBenchmark
{
    private readonly LineBatchPool _pool = new(new LineBatchOptions());

    public override IEnumerable<InputKind> Inputs => [InputKind.HttpRequests, InputKind.Minimal];

    /// <summary>What a .NET program that cares uses: <see cref="PipeReader"/> and a search for 0x0A.</summary>
    [Benchmark(Baseline = true)]
    public long PipeReaderLines()
    {
        PipeReader reader = PipeReader.Create(new MemoryStream(Log.Bytes), new StreamPipeReaderOptions(bufferSize: 1 << 20));
        long length = 0;
        while (true)
        {
            // From memory a read is always complete.
            ReadResult read = reader.ReadAsync().AsTask().GetAwaiter().GetResult();
            ReadOnlySequence<byte> buffer = read.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                length += buffer.Slice(0, end).Length;
                buffer = buffer.Slice(buffer.GetPosition(1, end));
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted)
            {
                return length;
            }
        }
    }

    /// <summary>What most programs use: lines as strings.</summary>
    [Benchmark]
    public long StreamReaderLines()
    {
        using var reader = new StreamReader(new MemoryStream(Log.Bytes));
        long length = 0;
        while (reader.ReadLine() is { } line)
        {
            length += line.Length;
        }

        return length;
    }

    /// <summary>Lines of bytes that are in memory.</summary>
    [Benchmark]
    public long Splitter()
    {
        var splitter = new LineSplitter(Log.Bytes);
        long length = 0;
        while (splitter.TryReadLine(out LineSpan line))
        {
            length += line.Length;
        }

        return length;
    }

    /// <summary>Batches of lines from a stream, as the analysis reads a file; the copy out of the stream and counting the lines included, finding
    /// them not, which is a part of parsing.</summary>
    [Benchmark]
    public long BatchReader()
    {
        using var reader = new LineBatchReader(new MemoryStream(Log.Bytes), "memory", _pool);
        long length = 0;
        while (reader.TryRead(out LineBatch? batch))
        {
            length += batch.Buffer.Length;
            batch.Dispose();
        }

        return length;
    }
}

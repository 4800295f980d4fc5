using System.IO.Compression;
using BenchmarkDotNet.Attributes;
using CfLogStream.Benchmarks.Layers.Input;
using CfLogStream.Server.Sources;

namespace CfLogStream.Benchmarks.Layers;

/// <summary>Inflating uploads. Figures are per inflated byte and record.</summary>
public class GzipBenchmarks : LayerBenchmark
{
    /// <summary>About the size of an upload.</summary>
    private const int UploadBytes = 4_000_000;

    private readonly byte[] _buffer = new byte[256 * 1024];
    private readonly LineBatchPool _pool = new(new LineBatchOptions());
    private readonly List<byte[]> _uploads = [];

    public override IEnumerable<InputKind> Inputs => [InputKind.HttpRequests];

    /// <summary>Into nothing.</summary>
    [Benchmark(Baseline = true)]
    public long GZipStream()
    {
        long bytes = 0;
        foreach (byte[] upload in _uploads)
        {
            using var gzip = new GZipStream(new MemoryStream(upload), CompressionMode.Decompress);
            int count;
            while ((count = gzip.Read(_buffer)) > 0)
            {
                bytes += count;
            }
        }

        return bytes;
    }

    /// <summary>Into batches of lines, as the analysis reads a file.</summary>
    [Benchmark]
    public long BatchReader()
    {
        long lines = 0;
        foreach (byte[] upload in _uploads)
        {
            using var reader = new LineBatchReader(new MemoryStream(upload), "memory", _pool);
            while (reader.TryRead(out LineBatch? batch))
            {
                lines += batch.Count;
                batch.Dispose();
            }
        }

        return lines;
    }

    protected override void Prepare()
    {
        _uploads.Clear();
        for (int start = 0; start < Log.Bytes.Length; start += UploadBytes)
        {
            using var upload = new MemoryStream();
            using (var gzip = new GZipStream(upload, CompressionLevel.Optimal, leaveOpen: true))
            {
                gzip.Write(Log.Bytes, start, Math.Min(UploadBytes, Log.Bytes.Length - start));
            }

            _uploads.Add(upload.ToArray());
        }
    }
}

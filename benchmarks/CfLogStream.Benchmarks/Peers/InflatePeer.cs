using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO.Compression;

namespace CfLogStream.Benchmarks.Peers;

/// <summary>What .NET needs to inflate the files into nothing: <see cref="GZipStream"/>, one task per core, largest files first.</summary>
internal static class InflatePeer
{
    private const int BufferBytes = 256 * 1024;

    public static int Run(string folder, TextWriter output)
    {
        var clock = Stopwatch.StartNew();
        var files = new ConcurrentQueue<string>(PeerInput.DatasetNames
            .SelectMany(dataset => new DirectoryInfo(Path.Combine(folder, dataset)).EnumerateFiles("*.gz", SearchOption.AllDirectories))
            .OrderByDescending(file => file.Length)
            .Select(file => file.FullName));
        long bytes = 0;
        IEnumerable<Task> tasks = Enumerable.Range(0, Environment.ProcessorCount)
            .Select(_ => Task.Run(() => Interlocked.Add(ref bytes, Inflate(files))));
        Task.WaitAll([.. tasks]);
        var answer = new PeerAnswer(Inflated: bytes, Seconds: clock.Elapsed.TotalSeconds, Version: $".NET {Environment.Version}");
        output.WriteLine(answer.ToJson());
        return 0;
    }

    private static long Inflate(ConcurrentQueue<string> files)
    {
        byte[] buffer = new byte[BufferBytes];
        long bytes = 0;
        while (files.TryDequeue(out string? path))
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, FileOptions.SequentialScan);
            using var gzip = new GZipStream(file, CompressionMode.Decompress);
            int count;
            while ((count = gzip.Read(buffer)) > 0)
            {
                bytes += count;
            }
        }

        return bytes;
    }
}

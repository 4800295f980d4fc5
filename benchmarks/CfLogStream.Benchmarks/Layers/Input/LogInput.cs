using System.Collections.Concurrent;
using CfLogStream.Core.Buffers;
using CfLogStream.Core.Logpush;
using CfLogStream.Generator;

namespace CfLogStream.Benchmarks.Layers.Input;

/// <summary>Generated lines in memory, the same for every process and run.</summary>
public sealed class LogInput
{
    private static readonly ConcurrentDictionary<InputKind, LogInput> s_inputs = new();

    private LogInput(byte[] bytes, LineSpan[] lines)
    {
        Bytes = bytes;
        Lines = lines;
    }

    /// <summary>How many bytes an input has; set before the first is used.</summary>
    public static long TargetBytes { get; set; } = 64_000_000;

    /// <summary>The lines with their ends.</summary>
    public byte[] Bytes { get; }

    public LineSpan[] Lines { get; }

    /// <summary>Copies the lines into padded buffers of a megabyte, as they stand after a file was read.</summary>
    public List<PaddedBuffer> ToBuffers()
    {
        const int BufferBytes = 1024 * 1024;
        List<PaddedBuffer> buffers = [];
        for (int start = 0; start < Bytes.Length;)
        {
            int length = Math.Min(BufferBytes, Bytes.Length - start);
            length = start + length == Bytes.Length ? length : Bytes.AsSpan(start, length).LastIndexOf((byte)'\n') + 1;
            var buffer = new PaddedBuffer(length);
            Bytes.AsSpan(start, length).CopyTo(buffer.Room);
            buffer.End(length);
            buffers.Add(buffer);
            start += length;
        }

        return buffers;
    }

    /// <summary>The input of a kind; generated when it is first asked for.</summary>
    public static LogInput Of(InputKind kind) => s_inputs.GetOrAdd(kind, Generate);

    private static LogInput Generate(InputKind kind)
    {
        // Events are few among requests, so many requests are made to find enough of them.
        long bytes = kind == InputKind.FirewallEvents ? TargetBytes * 8 : TargetBytes;
        var uploads = new MemoryUploads(kind switch
        {
            InputKind.FirewallEvents => ["firewall_events"],
            InputKind.Both => ["http_requests", "firewall_events"],
            _ => ["http_requests"],
        });
        var options = new GeneratorOptions
        {
            Scenario = kind == InputKind.FirewallEvents ? "attack-blocked" : "custom-rule-hits-api",
            Seed = 1,
            TargetBytes = bytes,
            Compress = false,
            Disorder = Disorder.None,
            Minimal = kind == InputKind.Minimal,
            Oddities = kind == InputKind.Ugly ? Oddities.All : Oddities.None,
            Uploads = uploads,
        };
        new LogpushGenerator(options).RunAsync(progress: null, CancellationToken.None).GetAwaiter().GetResult();
        byte[] generated = uploads.Take();
        byte[] kept = generated[..LastLineEnd(generated, TargetBytes)];
        LineSpan[] lines = Split(kept);
        return kind == InputKind.Both ? InOrderOfTime(kept, lines) : new LogInput(kept, lines);
    }

    private static int LastLineEnd(byte[] bytes, long limit) =>
        bytes.Length <= limit ? bytes.Length : bytes.AsSpan(0, (int)limit).LastIndexOf((byte)'\n') + 1;

    private static LineSpan[] Split(byte[] bytes)
    {
        var lines = new List<LineSpan>();
        var splitter = new LineSplitter(bytes);
        while (splitter.TryReadLine(out LineSpan line))
        {
            lines.Add(line);
        }

        return [.. lines];
    }

    private static LogInput InOrderOfTime(byte[] bytes, LineSpan[] lines)
    {
        var reader = new RecordReader(new ReaderOptions());
        LogRecord record = reader.CreateRecord();
        long[] times = new long[lines.Length];
        for (int i = 0; i < lines.Length; i++)
        {
            reader.Read(bytes, lines[i].Start, lines[i].Length, record, out _);
            times[i] = record.TimeNs;
        }

        Array.Sort(times, lines);
        byte[] ordered = new byte[bytes.Length];
        int at = 0;
        foreach (LineSpan line in lines)
        {
            bytes.AsSpan(line.Start, line.Length + 1).CopyTo(ordered.AsSpan(at));
            at += line.Length + 1;
        }

        return new LogInput(ordered, Split(ordered));
    }
}

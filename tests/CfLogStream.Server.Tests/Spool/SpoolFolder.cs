using System.Text;
using CfLogStream.Kafka.Log;
using CfLogStream.Kafka.Slices;
using CfLogStream.Server.Spool;
using CfLogStream.Server.Tests.Sources;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CfLogStream.Server.Tests.Spool;

/// <summary>A spool in a temporary folder, to be closed, damaged and opened again.</summary>
internal sealed class SpoolFolder : IDisposable
{
    private readonly TemporaryFolder? _temporary;

    public SpoolFolder(int partitions = 1, long segmentBytes = 64 * 1024 * 1024, string? folder = null)
    {
        _temporary = folder is null ? new TemporaryFolder() : null;
        Options = new SpoolOptions
        {
            Folder = folder ?? _temporary!.Path,
            Partitions = partitions,
            SegmentBytes = segmentBytes,
            ReserveBytes = 0,
        };
        Log = Open();
    }

    public SpoolOptions Options { get; set; }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero));

    public SpoolMetrics Metrics { get; } = new();

    public SpoolLog Log { get; private set; }

    public SpoolPartition Partition => Log.PartitionAt(0);

    public SpoolLog Open() => SpoolLog.Open(Options, Metrics, Time, NullLogger<SpoolLog>.Instance);

    public void Reopen()
    {
        Log.Dispose();
        Log = Open();
    }

    public static Slice Message(int partition, int number, int bytes = 100)
    {
        byte[] value = new byte[bytes];
        new Random(number).NextBytes(value);
        Encoding.ASCII.GetBytes($"message {number} ").AsSpan()[..Math.Min(bytes, 10)].CopyTo(value);
        return new Slice(partition, new SliceHeader(SliceKind.HttpRequests, 7, (ulong)number, number % 3, number % 5), value);
    }

    public Task AppendAsync(params Slice[] slices) => Log.AppendAsync(slices, TestContext.Current.CancellationToken);

    /// <summary>Reads a partition to its end: its messages by offset, and the lost offsets.</summary>
    public (SortedDictionary<long, Slice> Messages, List<(long From, long To)> Lost) ReadAll(long? from = null, int partition = 0)
    {
        SpoolPartition read = Log.PartitionAt(partition);
        using var cursor = new SpoolCursor(read, from ?? read.First, Metrics);
        var messages = new SortedDictionary<long, Slice>();
        var lost = new List<(long, long)>();
        while (true)
        {
            long before = cursor.Next;
            switch (cursor.Read(out LogMessage? message))
            {
                case CursorStep.Message:
                    Assert.Equal(before, message!.Offset);
                    Assert.Equal(before + 1, cursor.Next);
                    messages.Add(before, new Slice(partition, message.Header, message.Value.ToArray()));
                    message.Dispose();
                    break;
                case CursorStep.Lost:
                    Assert.True(cursor.Next > before);
                    lost.Add((before, cursor.Next));
                    break;
                default:
                    return (messages, lost);
            }
        }
    }

    public string[] Files(int partition = 0) =>
        [.. Directory.GetFiles(Path.Combine(Options.Folder, $"partition-{partition:D4}")).Order(StringComparer.Ordinal)];

    public static void AssertSame(Slice expected, Slice actual)
    {
        Assert.Equal(expected.Header, actual.Header);
        Assert.True(expected.Value.Span.SequenceEqual(actual.Value.Span));
    }

    public void Dispose()
    {
        Log.Dispose();
        Metrics.Dispose();
        _temporary?.Dispose();
    }
}

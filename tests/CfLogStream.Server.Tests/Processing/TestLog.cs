using System.Buffers;
using System.Text;
using CfLogStream.Core;
using CfLogStream.Core.Buffers;
using CfLogStream.Core.Logpush;
using CfLogStream.Kafka.Log;
using CfLogStream.Kafka.Slices;

namespace CfLogStream.Server.Tests.Processing;

/// <summary>A log in memory.</summary>
internal sealed class TestLog
{
    private readonly BatchSlicer _slicer;

    public TestLog(int partitions, int mostRecords = 200)
    {
        _slicer = new BatchSlicer(new ReaderOptions(), partitions, new SlicerOptions { MaxRecords = mostRecords });
        Partitions = [.. Enumerable.Range(0, partitions).Select(_ => new List<Message>())];
    }

    public IReadOnlyList<List<Message>> Partitions { get; }

    /// <summary>Records and dead letters appended so far, copies not included.</summary>
    public long Records { get; private set; }

    /// <summary>Appends a batch of lines: an upload, or a piece of a stream when it has a position.</summary>
    public void Append(string source, long receivedNs, byte[] lines, long? position = null)
    {
        var buffer = new PaddedBuffer(lines.Length);
        lines.CopyTo(buffer.Room);
        buffer.End(lines.Length);
        _slicer.Begin(new BatchSource(source, receivedNs, position is null ? StableHash.Of(lines) : 0));
        _slicer.Add(buffer, position ?? 0, 1, 0);
        foreach (Slice slice in _slicer.End())
        {
            Put(slice.Partition, slice.Header, slice.Value.ToArray());
            Records += slice.Header.Count;
        }

        Records -= _slicer.Counts.Copies;
    }

    /// <summary>Appends a message as it is.</summary>
    public void Put(int partition, SliceHeader header, byte[] bytes)
    {
        List<Message> messages = Partitions[partition];
        messages.Add(new Message(partition, messages.Count == 0 ? 0 : messages[^1].Offset + 1, header, bytes));
    }

    /// <summary>Appends bytes that are no slice.</summary>
    public void Poison(int partition, string bytes) =>
        Put(partition, new SliceHeader(SliceKind.HttpRequests, 99, 1, 0, 1), Encoding.UTF8.GetBytes(bytes));

    internal sealed record Message(int Partition, long Offset, SliceHeader Header, byte[] Bytes)
    {
        public LogMessage Rent()
        {
            byte[] rented = ArrayPool<byte>.Shared.Rent(Bytes.Length);
            Bytes.CopyTo(rented, 0);
            return new LogMessage(Partition, Offset, Header, rented, Bytes.Length);
        }
    }
}

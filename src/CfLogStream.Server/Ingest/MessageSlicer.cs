using System.IO.Hashing;
using CfLogStream.Core.Buffers;
using CfLogStream.Core.Logpush;
using CfLogStream.Kafka.Slices;
using CfLogStream.Server.Sources;

namespace CfLogStream.Server.Ingest;

/// <summary>Makes slices of the messages of one partition of a user's topic: NDJSON, one or many lines each, plain, gzip or zstd.</summary>
/// <remarks>
/// A message of several lines or compressed is a batch of its own, known by the hash of its inflated content: Logpush sends uploads again, an
/// hour later too. Other messages are a stream: a record's position is its message's offset and its line in it, so it only grows, and what is
/// read again after a crash is recognised by it. One thread. Plain messages are copied once; compressed ones are inflated batch by batch, within a limit.
/// </remarks>
internal sealed class MessageSlicer
{
    /// <summary>Lines of one message that have positions of their own, as a power of two; later ones share the last.</summary>
    public const int LineBits = 24;

    private const int FirstBufferBytes = 64 * 1024;

    private readonly ReaderOptions _reader;
    private readonly BatchSlicer _slicer;
    private readonly LineBatchPool _pool;
    private readonly string _source;
    private readonly long _inflatedBytes;
    private PaddedBuffer _plain = new(FirstBufferBytes);

    /// <param name="source">The source's name: <c>topic/partition</c>.</param>
    /// <param name="inflatedBytes">The most bytes that one message may have when it is inflated.</param>
    public MessageSlicer(ReaderOptions reader, BatchSlicer slicer, LineBatchPool pool, string source, long inflatedBytes)
    {
        _reader = reader;
        _slicer = slicer;
        _pool = pool;
        _source = source;
        _inflatedBytes = inflatedBytes;
    }

    /// <summary>What was in the messages since <see cref="Begin"/>.</summary>
    public SliceCounts Counts => _slicer.Counts;

    /// <summary>Begins to collect; the slices of the time before are not valid any more.</summary>
    public void Begin(long receivedNs) => _slicer.Begin(new BatchSource(_source, receivedNs, 0));

    /// <summary>Whether a message is a batch of its own: it is compressed, or has more than one line.</summary>
    public static bool IsUpload(ReadOnlySpan<byte> value)
    {
        int end = value.IndexOf((byte)'\n');
        return !IsPlain(value) || (end >= 0 && end < value.Length - 1);
    }

    /// <summary>Adds a message; of uploads only one between <see cref="Begin"/> and <see cref="End"/>.</summary>
    public void Add(ReadOnlySpan<byte> value, long offset)
    {
        if (IsPlain(value) && value.Length <= _reader.MaxLineBytes)
        {
            if (_plain.Capacity < value.Length)
            {
                _plain = new PaddedBuffer(Math.Max(value.Length, 2 * _plain.Capacity));
            }

            value.CopyTo(_plain.Room);
            _plain.End(value.Length);
            _slicer.Add(_plain, offset << LineBits, 1, 0);
            if (IsUpload(value))
            {
                Identify(XxHash3.HashToUInt64(value));
            }

            return;
        }

        AddBatches(value, offset);
    }

    /// <summary>Ends collecting.</summary>
    public IReadOnlyList<Slice> End() => _slicer.End();

    private static bool IsPlain(ReadOnlySpan<byte> value) =>
        !(value is [0x1F, 0x8B, ..] or [0x28, 0xB5, 0x2F, 0xFD, ..]);

    /// <summary>Adds a message that is compressed or larger than a buffer.</summary>
    private void AddBatches(ReadOnlySpan<byte> value, long offset)
    {
        long position = offset << LineBits;
        var hash = new XxHash3();
        using var reader = new LineBatchReader(Open(value), $"{_source}@{offset}", _pool);
        while (reader.InflatedBytes <= _inflatedBytes && reader.TryRead(out LineBatch? batch))
        {
            using (batch)
            {
                hash.Append(batch.Buffer.Content);
                position += _slicer.Add(batch.Buffer, position, batch.FirstLineNumber, batch.FirstByteOffset);
                if (batch.LongLine is { } line)
                {
                    _slicer.AddDeadLetter(line, position++);
                    hash.Append(BitConverter.GetBytes(line.ContentHash));
                }
            }
        }

        bool isOver = reader.InflatedBytes > _inflatedBytes;
        if (isOver || reader.Error is not null)
        {
            _slicer.AddDeadLetter(Rest(value, reader.InflatedBytes), position);
        }

        Identify(hash.GetCurrentHashAsUInt64());
    }

    /// <summary>0 means a stream, so that hash counts as 1.</summary>
    private void Identify(ulong hash) => _slicer.Identify(Math.Max(hash, 1));

    private static Stream Open(ReadOnlySpan<byte> value)
    {
        var stored = new MemoryStream(value.ToArray(), writable: false);
        return value is [0x28, 0xB5, 0x2F, 0xFD, ..] ? new ZstdSharp.DecompressionStream(stored, leaveOpen: false) : stored;
    }

    /// <summary>The part of a message that cannot be inflated, or must not be: what is known of it is how the message begins.</summary>
    private DeadLetter Rest(ReadOnlySpan<byte> value, long inflated) => new()
    {
        Reason = ReadStatus.CutLine,
        Source = _source,
        ByteOffset = inflated,
        FirstBytes = value[..Math.Min(value.Length, _reader.DeadLetterBytes)].ToArray(),
        ContentHash = Core.StableHash.Of(value),
        Length = value.Length,
    };
}

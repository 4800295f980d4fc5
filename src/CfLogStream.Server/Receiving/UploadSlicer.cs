using System.IO.Hashing;
using System.Text;
using CfLogStream.Core;
using CfLogStream.Core.Logpush;
using CfLogStream.Kafka.Slices;
using CfLogStream.Server.Sources;

namespace CfLogStream.Server.Receiving;

/// <summary>Makes slices of an upload: NDJSON, plain or gzip of any number of members. One upload at a time.</summary>
/// <remarks>Nothing that is sent is refused for what it says: lines that are no records, and what cannot be inflated, become dead
/// letters, for a
/// refused upload would come again for hours. Only its size can be too much. A large upload is never in memory as a whole: see
/// <see cref="ReadPieces"/>.</remarks>
internal sealed class UploadSlicer
{
    private const int TestBytes = 64;
    private const long RatioFrom = 16 * 1024 * 1024;

    /// <summary>An upload of more bytes of slices is read twice: for its hash and size, and then piece by piece.</summary>
    private const long LargeFrom = 32 * 1024 * 1024;

    /// <summary>The least bytes of slices in a piece.</summary>
    private const long PieceBytes = 16 * 1024 * 1024;

    private readonly ReceiverOptions _options;
    private readonly BatchSlicer _slicer;
    private readonly LineBatchPool _pool;
    private BatchSource _source;

    public UploadSlicer(ReceiverOptions options, int partitions, LineBatchPool pool)
    {
        _options = options;
        _slicer = new BatchSlicer(options.Reader, partitions, options.Slicer);
        _pool = pool;
    }

    /// <summary>What was in the upload; of a large one what has been sliced so far.</summary>
    public SliceCounts Counts => _slicer.Counts;

    /// <summary>The hash of its content, by which it is known when it is sent again.</summary>
    public ulong Hash { get; private set; }

    /// <summary>Why it is too large, in a sentence for the sender.</summary>
    public string Refusal { get; private set; } = "";

    /// <summary>The slices; valid until the next upload is read.</summary>
    public IReadOnlyList<Slice> Slices { get; private set; } = [];

    /// <summary>Reads an upload.</summary>
    /// <param name="body">Its bytes as sent, from their beginning; they can be read twice.</param>
    public UploadStatus Read(Stream body, string source, long receivedNs)
    {
        long stored = body.Length;
        byte[] first = FirstBytes(body);
        _source = new BatchSource(source, receivedNs, 0);
        _slicer.Begin(_source);
        Slices = [];
        bool isLarge = false;
        var hash = new XxHash3();
        long position = 0;
        using LineBatchReader reader = Open(body);
        while (reader.TryRead(out LineBatch? batch))
        {
            using (batch)
            {
                if (position == 0 && batch.LongLine is null && IsTest(batch.Buffer.Content))
                {
                    return UploadStatus.Test;
                }

                if (IsOver(reader.InflatedBytes, stored, position + batch.Count))
                {
                    return UploadStatus.TooLarge;
                }

                hash.Append(batch.Buffer.Content);
                if (batch.LongLine is { } line)
                {
                    hash.Append(BitConverter.GetBytes(line.ContentHash));
                }

                isLarge |= _slicer.FullBytes > LargeFrom;
                position += isLarge ? LinesOf(batch) : Add(batch, position);
            }
        }

        if (reader.Error is not null)
        {
            hash.Append(first);
            _slicer.AddDeadLetter(Rest(source, first, stored, reader.InflatedBytes), position++);
        }

        if (position == 0)
        {
            return UploadStatus.Test;
        }

        // 0 means a stream, so that hash counts as 1.
        Hash = Math.Max(hash.GetCurrentHashAsUInt64(), 1);
        if (isLarge)
        {
            return UploadStatus.LargeBatch;
        }

        _slicer.Identify(Hash);
        Slices = _slicer.End();
        return UploadStatus.Batch;
    }

    /// <summary>Reads an upload that <see cref="Read"/> found to be large again: its slices, in pieces that are valid until the next one is
    /// asked for. They are the same as if it had been sliced as a whole.</summary>
    /// <remarks>When not all pieces come to the log, the upload is sent again, and what the log has is known by hash, kind and part.</remarks>
    public IEnumerable<IReadOnlyList<Slice>> ReadPieces(Stream body)
    {
        long stored = body.Length;
        byte[] first = FirstBytes(body);
        _slicer.Begin(_source with { Batch = Hash });
        long position = 0;
        using LineBatchReader reader = Open(body);
        while (reader.TryRead(out LineBatch? batch))
        {
            using (batch)
            {
                position += Add(batch, position);
            }

            if (_slicer.FullBytes >= PieceBytes)
            {
                yield return _slicer.TakeFull();
            }
        }

        if (reader.Error is not null)
        {
            _slicer.AddDeadLetter(Rest(_source.Name, first, stored, reader.InflatedBytes), position);
        }

        yield return _slicer.End();
    }

    private LineBatchReader Open(Stream body) => new(body, _source.Name, _pool, leaveOpen: true)
    {
        MostInflatedBytes = Math.Min(_options.InflatedBytes, Math.Max(RatioFrom, body.Length * _options.InflationRatio)),
    };

    /// <summary>Slices the lines of a batch; returns how many there were.</summary>
    private int Add(LineBatch batch, long position)
    {
        int lines = _slicer.Add(batch.Buffer, position, batch.FirstLineNumber, batch.FirstByteOffset);
        if (batch.LongLine is { } line)
        {
            _slicer.AddDeadLetter(line, position + lines++);
        }

        return lines;
    }

    private static int LinesOf(LineBatch batch) => batch.Count + (batch.LongLine is null ? 0 : 1);

    /// <summary>Whether this is all of a body that tries a destination: <c>{"content":"test"}</c>, <c>{"content":"tests"}</c>,
    /// <c>test</c>, or nothing.</summary>
    private static bool IsTest(ReadOnlySpan<byte> content)
    {
        if (content.Length > TestBytes)
        {
            return false;
        }

        string text = string.Concat(Encoding.UTF8.GetString(content).Where(c => !char.IsWhiteSpace(c)));
        return text is "" or "test" or "tests" or """{"content":"test"}""" or """{"content":"tests"}""";
    }

    private bool IsOver(long inflated, long stored, long lines)
    {
        Refusal = inflated > _options.InflatedBytes
            ? $"The upload has more than {_options.InflatedBytes} bytes when it is inflated (receiver.inflated_bytes). Set the job's "
                + "max_upload_bytes below that."
            : lines > _options.Records
            ? $"The upload has more than {_options.Records} lines (receiver.records). Set the job's max_upload_records to that or less."
            : inflated > Math.Max(RatioFrom, stored * _options.InflationRatio)
            ? $"The upload is more than {_options.InflationRatio} times as large when it is inflated (receiver.inflation_ratio): "
                + $"{stored} bytes gave {inflated} so far."
            : "";
        return Refusal.Length > 0;
    }

    private byte[] FirstBytes(Stream body)
    {
        byte[] first = new byte[(int)Math.Min(body.Length, _options.Reader.DeadLetterBytes)];
        body.Position = 0;
        body.ReadExactly(first);
        body.Position = 0;
        return first;
    }

    /// <summary>The part of an upload that cannot be inflated: what is known of it is how the upload begins.</summary>
    internal static DeadLetter Rest(string source, byte[] first, long stored, long inflated) => new()
    {
        Reason = ReadStatus.CutLine,
        Source = source,
        ByteOffset = inflated,
        FirstBytes = first,
        ContentHash = StableHash.Of(first),
        Length = stored,
    };
}

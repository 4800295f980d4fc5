using System.Diagnostics.CodeAnalysis;
using System.IO.Hashing;
using CfLogStream.Core.Logpush;

namespace CfLogStream.Server.Sources;

/// <summary>Reads a log file as batches of whole lines.</summary>
/// <remarks>
/// A batch is filled to its size and cut behind its last 0x0A; what is left over opens the next one. So batches depend on the content
/// alone and not on how the file system or a pipe hands it out, and memory is one buffer and one left-over, however far a file inflates.
/// Lines are only counted here: who parses them finds where they end in the same pass (<see cref="RecordReader.TryReadNext"/>).
/// A line of fewer bytes than a buffer is always delivered whole (the record reader refuses those over its limit); a longer one is
/// hashed and skipped as it streams by and reported once, as <see cref="LineBatch.LongLine"/>.
/// A last line without 0x0A is delivered.
/// Nothing is thrown for what is wrong with the file: it ends early and <see cref="Error"/> says why. One thread owns an instance.
/// </remarks>
public sealed class LineBatchReader : IDisposable
{
    private readonly LineBatchPool _pool;
    private readonly string _source;
    private readonly Func<Stream> _open;
    private readonly bool _leaveOpen;
    private byte[] _leftOver = [];
    private LogContent? _content;
    private SourceError? _openError;
    private int _leftOverBytes;
    private long _nextLineNumber = 1;
    private long _nextOffset;
    private bool _ended;

    /// <summary>Makes a reader of a file; it is opened by the first read.</summary>
    public LineBatchReader(LogFile file, LineBatchPool pool)
        : this(file.Open, file.Name, pool)
    {
    }

    /// <summary>Makes a reader of a stream, which it disposes unless it is to be left open.</summary>
    public LineBatchReader(Stream stream, string source, LineBatchPool pool, bool leaveOpen = false)
        : this(() => stream, source, pool)
    {
        _leaveOpen = leaveOpen;
    }

    private LineBatchReader(Func<Stream> open, string source, LineBatchPool pool)
    {
        _open = open;
        _source = source;
        _pool = pool;
    }

    /// <summary>Why the file was not read to its end; set when <see cref="TryRead"/> has returned false.</summary>
    public SourceError? Error => _openError ?? _content?.Error;

    /// <summary>How many of the file's bytes, as stored, have been read.</summary>
    public long StoredBytes => _content?.Offset ?? 0;

    /// <summary>Reading may end once more inflated bytes than this were read; for senders that are not trusted.</summary>
    /// <value>No limit.</value>
    public long MostInflatedBytes { get; init; } = long.MaxValue;

    /// <summary>How many inflated bytes have been read.</summary>
    public long InflatedBytes => _nextOffset;

    /// <summary>Reads the next batch; false at the end of the file or of what can be read of it.</summary>
    public bool TryRead([NotNullWhen(true)] out LineBatch? batch)
    {
        batch = null;
        if (_ended || !TryOpen())
        {
            return false;
        }

        LineBatch filling = _pool.Rent();
        filling.Begin(_source, _nextLineNumber, _nextOffset);
        Span<byte> room = filling.Buffer.Room;
        _leftOver.AsSpan(0, _leftOverBytes).CopyTo(room);
        int filled = _leftOverBytes;
        int target = Math.Min(_pool.Options.BatchBytes, room.Length);
        while (!_ended)
        {
            if (filled >= target)
            {
                if (target == room.Length || room[..filled].Contains((byte)'\n'))
                {
                    break;
                }

                // A line longer than a batch: on until it ends, or the buffer does.
                target = (int)Math.Min(2L * target, room.Length);
                continue;
            }

            int count = _content.Read(room[filled..target]);
            _ended = count == 0;
            filled += count;
        }

        Span<byte> read = room[..filled];
        int whole = _ended ? filled : read.LastIndexOf((byte)'\n') + 1;
        bool hasOpenEnd = _ended && filled > 0 && read[^1] != (byte)'\n';
        bool isLong = whole == 0 && !_ended;
        if (!isLong)
        {
            // Before the end is marked, which overwrites the first byte behind it.
            KeepLeftOver(read[whole..]);
            filling.End(whole, read[..whole].Count((byte)'\n') + (hasOpenEnd ? 1 : 0));
            _nextLineNumber += filling.Count;
            _nextOffset += whole;
        }
        else
        {
            SkipLongLine(filling, filled);
        }

        if (filling.Count == 0 && filling.LongLine is null)
        {
            filling.Dispose();
            return false;
        }

        batch = filling;
        return true;
    }

    public void Dispose() => _content?.Dispose();

    [MemberNotNullWhen(true, nameof(_content))]
    private bool TryOpen()
    {
        if (_content is not null || _openError is not null)
        {
            return _content is not null;
        }

        try
        {
            _content = new LogContent(_open(), _source, _leaveOpen);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            _openError = new SourceError(_source, null, $"the system said '{exception.Message}'", "check the path and the permissions");
            return false;
        }
    }

    /// <summary>Reads on to the end of a line that fills the whole buffer, and reports it.</summary>
    private void SkipLongLine(LineBatch batch, int filled)
    {
        ReaderOptions limits = _pool.Options.Reader;
        Span<byte> buffer = batch.Buffer.Room;
        byte[] firstBytes = buffer[..Math.Min(filled, limits.DeadLetterBytes)].ToArray();
        var hash = new XxHash64();
        long length = 0;
        int end = -1;
        while (true)
        {
            int part = end < 0 ? filled : end;
            hash.Append(buffer[..part]);
            length += part;
            if (end >= 0 || _ended)
            {
                break;
            }

            filled = length > MostInflatedBytes - _nextOffset ? 0 : _content!.Read(buffer);
            _ended = filled == 0;
            end = buffer[..filled].IndexOf((byte)'\n');
        }

        batch.LongLine = new DeadLetter
        {
            Reason = ReadStatus.LineTooLong,
            Source = _source,
            LineNumber = _nextLineNumber,
            ByteOffset = _nextOffset,
            ErrorColumn = limits.MaxLineBytes,
            FirstBytes = firstBytes,
            ContentHash = hash.GetCurrentHashAsUInt64(),
            Length = length,
        };
        _nextLineNumber++;
        _nextOffset += length + (end < 0 ? 0 : 1);
        KeepLeftOver(end < 0 ? [] : buffer[(end + 1)..filled]);
    }

    private void KeepLeftOver(ReadOnlySpan<byte> rest)
    {
        if (_leftOver.Length < rest.Length)
        {
            _leftOver = new byte[Math.Max(rest.Length, 2 * _leftOver.Length)];
        }

        rest.CopyTo(_leftOver);
        _leftOverBytes = rest.Length;
    }
}

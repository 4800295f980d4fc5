using System.Buffers.Binary;
using System.IO.Compression;

namespace CfLogStream.Server.Sources;

/// <summary>Inflates a gzip file of any number of members (RFC 1952) and notices when it is cut or damaged.</summary>
/// <remarks>
/// .NET's GZipStream cannot be used: it takes a file that ends in the middle for a whole one, ignores whatever follows the last
/// member, and loses up to a buffer of good data when a checksum is wrong. So headers and trailers are read here and only the deflate
/// data is left to DeflateStream. Where a member's deflate data ends is found by its trailer: checksum and length of what was inflated
/// are known, and those eight bytes must stand in the last chunk the inflater was given, or right behind it.
/// Tolerated: empty members, zero padding behind a member. Everything that can be inflated is delivered before <see cref="Error"/> is
/// set; after damage in a file that can be read twice, the damaged member is inflated again byte by byte, so that at most the byte
/// before the damage is lost and the offset is that of the byte that did not fit. Nothing is read behind damage.
/// </remarks>
internal sealed class GzipMembers : IDisposable
{
    private const int TrailerBytes = 8;
    private const string CutAdvice = "the file is cut or still being written; fetch it again";
    private const string DamageAdvice = "the file is damaged; fetch it again";

    private readonly CompressedInput _input;
    private readonly string _source;
    private readonly GzipChecksum _checksum = new();
    private DeflateStream? _inflater;
    private long _memberDataOffset;
    private long _memberBytes;
    private bool _isFirst = true;
    private bool _isReplay;

    public GzipMembers(CompressedInput input, string source)
    {
        _input = input;
        _source = source;
    }

    /// <summary>Why reading ended before the file did.</summary>
    public SourceError? Error { get; private set; }

    /// <summary>Reads inflated bytes; 0 at the end of the file or of what can be inflated of it.</summary>
    public int Read(Span<byte> destination)
    {
        while (Error is null && (_inflater is not null || TryBeginMember()))
        {
            if (TryInflate(destination, out int count))
            {
                if (count > 0)
                {
                    return count;
                }

                EndMember();
            }
        }

        return 0;
    }

    public void Dispose() => _inflater?.Dispose();

    /// <summary>Inflates some bytes, 0 at the end of the member; false when its data is cut or damaged.</summary>
    private bool TryInflate(Span<byte> destination, out int count)
    {
        count = 0;
        try
        {
            count = _inflater!.Read(_isReplay ? destination[..1] : destination);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            if (!TryReplayMember())
            {
                Fail(Math.Max(_memberDataOffset, _input.LastChunkOffset), "found bytes that are no deflate data", DamageAdvice);
            }

            return false;
        }

        if (count > 0)
        {
            _checksum.Append(destination[..count]);
            _memberBytes += count;
            return true;
        }

        if (_input.WasExhausted)
        {
            FailAtEnd("found the end of the file inside compressed data");
        }

        return Error is null;
    }

    /// <summary>Starts the damaged member anew and goes forward to what was already delivered.</summary>
    private bool TryReplayMember()
    {
        if (_isReplay || !_input.TryReplay(_memberDataOffset, singleBytesFrom: _input.LastChunkOffset))
        {
            return false;
        }

        _isReplay = true;
        _inflater!.Dispose();
        _inflater = new DeflateStream(_input, CompressionMode.Decompress, leaveOpen: true);
        _checksum.Reset();
        byte[] delivered = new byte[16 * 1024];
        try
        {
            for (long left = _memberBytes; left > 0;)
            {
                int count = _inflater.Read(delivered, 0, (int)Math.Min(left, delivered.Length));
                if (count == 0)
                {
                    return false;
                }

                _checksum.Append(delivered.AsSpan(0, count));
                left -= count;
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            return false;
        }

        return true;
    }

    /// <summary>Reads a member's header; false at the end of the file and on an error.</summary>
    private bool TryBeginMember()
    {
        while (!_isFirst && _input.Peek(1) is [0])
        {
            ReadOnlySpan<byte> padding = _input.Peek(4096);
            int zeros = padding.IndexOfAnyExcept((byte)0);
            _input.Advance(zeros < 0 ? padding.Length : zeros);
        }

        long offset = _input.Offset;
        ReadOnlySpan<byte> header = _input.Peek(10);
        if (header.IsEmpty)
        {
            if (_input.Failure is not null)
            {
                FailAtEnd("");
            }

            return false;
        }

        if (header[0] != 0x1F || (header.Length > 1 && header[1] != 0x8B))
        {
            const string Advice = "what stands before them was read; remove or split them off";
            Fail(offset, "found bytes behind the compressed data that are no gzip member", Advice);
            return false;
        }

        if (header.Length < 10)
        {
            FailAtEnd("found the end of the file inside a gzip header");
            return false;
        }

        const int Extra = 4;
        const int Name = 8;
        const int Comment = 16;
        const int HeaderChecksum = 2;
        int flags = header[3];
        if (header[2] != 8 || (flags & 0xE0) != 0)
        {
            Fail(offset, "found a gzip header of an unknown compression method", DamageAdvice);
            return false;
        }

        _input.Advance(10);
        ReadOnlySpan<byte> extraLength = (flags & Extra) != 0 ? _input.Peek(2) : [];
        bool isWhole = (flags & Extra) == 0
            || (extraLength.Length == 2 && TrySkip(2 + BinaryPrimitives.ReadUInt16LittleEndian(extraLength)));
        isWhole = isWhole
            && ((flags & Name) == 0 || TrySkipText())
            && ((flags & Comment) == 0 || TrySkipText())
            && ((flags & HeaderChecksum) == 0 || TrySkip(2));
        if (!isWhole)
        {
            FailAtEnd("found the end of the file inside a gzip header");
            return false;
        }

        _isFirst = false;
        _memberDataOffset = _input.Offset;
        _memberBytes = 0;
        _checksum.Reset();
        _input.BeginChunks();
        _inflater = new DeflateStream(_input, CompressionMode.Decompress, leaveOpen: true);
        return true;
    }

    /// <summary>Finds the member's trailer and moves behind it.</summary>
    private void EndMember()
    {
        Span<byte> expected = stackalloc byte[TrailerBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(expected, _checksum.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(expected[4..], (uint)_memberBytes);
        _inflater?.Dispose();
        _inflater = null;

        int chunkLength = _input.TakeBackLastChunk();
        long offset = _input.Offset;
        ReadOnlySpan<byte> window = _input.Peek(chunkLength + TrailerBytes);
        int at = window.IndexOf(expected);
        if (at >= 0)
        {
            _input.Advance(at + TrailerBytes);
            return;
        }

        if (chunkLength > 1 && TryReplayToEnd(offset))
        {
            EndMember();
            return;
        }

        // Only a chunk of one byte says exactly where the data ended; else the beginning of the right trailer at the end of the file
        // must do.
        bool isCut = chunkLength <= 1 && window.Length < chunkLength + TrailerBytes;
        for (int kept = TrailerBytes - 1; kept > 0 && window.Length - kept is >= 0 and int start && start <= chunkLength; kept--)
        {
            isCut |= window[start..].SequenceEqual(expected[..kept]);
        }

        if (isCut)
        {
            FailAtEnd("found the end of the file inside a gzip trailer");
            return;
        }

        offset += chunkLength <= 1 ? chunkLength : 0;
        const string WrongAdvice = "all lines were read, some may be wrong; fetch the file again";
        Fail(offset, "found a checksum or length that differs from the data's", WrongAdvice);
    }

    /// <summary>Inflates the member once more, going by single bytes at its end, to learn where it ends.</summary>
    private bool TryReplayToEnd(long lastChunkOffset)
    {
        if (!_input.TryReplay(_memberDataOffset, singleBytesFrom: lastChunkOffset))
        {
            return false;
        }

        _inflater = new DeflateStream(_input, CompressionMode.Decompress, leaveOpen: true);
        byte[] delivered = new byte[16 * 1024];
        try
        {
            while (_inflater.Read(delivered, 0, delivered.Length) > 0)
            {
            }

            return !_input.WasExhausted;
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            return false;
        }
    }

    private bool TrySkip(int count)
    {
        bool isThere = _input.Peek(count).Length == count;
        if (isThere)
        {
            _input.Advance(count);
        }

        return isThere;
    }

    private bool TrySkipText()
    {
        while (true)
        {
            ReadOnlySpan<byte> text = _input.Peek(1);
            if (text.IsEmpty)
            {
                return false;
            }

            bool isEnd = text[0] == 0;
            _input.Advance(1);
            if (isEnd)
            {
                return true;
            }
        }
    }

    /// <summary>Notes that the input ended too early, by itself or through the file system.</summary>
    private void FailAtEnd(string found)
    {
        long end = _input.Offset + _input.Peek(1 << 16).Length;
        Error ??= _input.Failure is { } failure
            ? new SourceError(_source, end, $"the system said '{failure.Message}'", "check the disk and the permissions")
            : new SourceError(_source, end, found, CutAdvice);
    }

    private void Fail(long offset, string found, string advice) => Error ??= new SourceError(_source, offset, found, advice);
}

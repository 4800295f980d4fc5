using System.Buffers;
using System.Diagnostics;

namespace CfLogStream.Server.Sources;

/// <summary>Hands a file's bytes to an inflater in chunks and can take back what it did not use.</summary>
/// <remarks>
/// An inflater reads ahead and does not say how far it got. It asks for a chunk only when it has used up the last one, so the end of
/// the deflate data lies in the last chunk it was given; that chunk stays in the buffer, and <see cref="TakeBackLastChunk"/> makes it
/// readable again. Errors of the file system end the input and are kept in <see cref="Failure"/>.
/// </remarks>
internal sealed class CompressedInput : Stream
{
    private const int BufferBytes = 128 * 1024;

    // What is read to look at a file's first bytes; a plain file is read past this buffer.
    private const int FirstReadBytes = 4096;
    private const int ChunkBytes = 8192;

    // Short, so that many tiny members do not each cost a whole chunk.
    private const int FirstChunkBytes = 512;

    private readonly Stream _file;
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    private int _start;
    private int _end;
    private int _chunkStart;
    private int _nextChunkBytes = FirstChunkBytes;
    private long _bufferOffset;
    private long _singleBytesFrom = long.MaxValue;
    private bool _ended;
    private bool _isDisposed;

    public CompressedInput(Stream file)
    {
        _file = file;
    }

    /// <summary>The offset in the file of the next byte to be handed out.</summary>
    public long Offset => _bufferOffset + _start;

    /// <summary>The offset of the chunk handed out last.</summary>
    public long LastChunkOffset => _bufferOffset + _chunkStart;

    /// <summary>Whether more was asked for than the file has.</summary>
    public bool WasExhausted { get; private set; }

    /// <summary>The error of the file system that ended the input.</summary>
    public Exception? Failure { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => Offset; set => throw new NotSupportedException(); }

    /// <summary>Shows the next bytes without moving on; fewer than asked for only at the end of the file.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        Debug.Assert(count <= _buffer.Length);
        while (_end - _start < count && Fill())
        {
        }

        return _buffer.AsSpan(_start, Math.Min(count, _end - _start));
    }

    /// <summary>Moves over bytes that were peeked at.</summary>
    public void Advance(int count)
    {
        Debug.Assert(count <= _end - _start);
        _start += count;
    }

    /// <summary>Begins a new run of chunks here.</summary>
    public void BeginChunks()
    {
        _chunkStart = _start;
        _nextChunkBytes = FirstChunkBytes;
        WasExhausted = false;
    }

    /// <summary>Moves back to the beginning of the last chunk; returns its length.</summary>
    public int TakeBackLastChunk()
    {
        int length = _start - _chunkStart;
        _start = _chunkStart;
        return length;
    }

    /// <summary>Moves back to an offset and hands out single bytes from another one on; false when the file cannot be read again.</summary>
    public bool TryReplay(long offset, long singleBytesFrom)
    {
        if (!_file.CanSeek || Failure is not null)
        {
            return false;
        }

        try
        {
            _file.Seek(offset, SeekOrigin.Begin);
        }
        catch (IOException exception)
        {
            Failure = exception;
            return false;
        }

        _bufferOffset = offset;
        _start = 0;
        _end = 0;
        _ended = false;
        _singleBytesFrom = singleBytesFrom;
        BeginChunks();
        return true;
    }

    /// <summary>Hands out bytes that are not to be inflated, straight from the file once the buffer is used up.</summary>
    public int ReadPlain(Span<byte> destination)
    {
        if (_start < _end)
        {
            int buffered = Math.Min(destination.Length, _end - _start);
            _buffer.AsSpan(_start, buffered).CopyTo(destination);
            _start += buffered;
            return buffered;
        }

        int count = _ended ? 0 : ReadFile(destination);
        _bufferOffset += count;
        return count;
    }

    /// <summary>Hands out the next chunk.</summary>
    public override int Read(Span<byte> destination)
    {
        if (_start == _end && !Fill())
        {
            WasExhausted = true;
            return 0;
        }

        int count = Math.Min(Math.Min(destination.Length, _nextChunkBytes), _end - _start);
        if (_singleBytesFrom != long.MaxValue)
        {
            count = (int)Math.Min(count, Math.Max(1, _singleBytesFrom - Offset));
        }

        _nextChunkBytes = ChunkBytes;
        _buffer.AsSpan(_start, count).CopyTo(destination);
        _chunkStart = _start;
        _start += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>Reads more behind what is not yet handed out; false at the end of the file.</summary>
    private bool Fill()
    {
        if (_ended)
        {
            return false;
        }

        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _bufferOffset += _start;
            _end -= _start;
            _chunkStart = 0;
            _start = 0;
        }

        int count = ReadFile(_buffer.AsSpan(_end, Math.Min(_bufferOffset == 0 && _end == 0 ? FirstReadBytes : BufferBytes, BufferBytes - _end)));
        _end += count;
        return count > 0;
    }

    private int ReadFile(Span<byte> destination)
    {
        int count = 0;
        try
        {
            count = _file.Read(destination);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            Failure = exception;
        }

        _ended = count == 0;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        base.Dispose(disposing);
    }
}

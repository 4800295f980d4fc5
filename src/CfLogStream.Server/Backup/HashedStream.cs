using System.Security.Cryptography;

namespace CfLogStream.Server.Backup;

/// <summary>Reads so many bytes of a stream, no more and no fewer, and hashes them.</summary>
/// <remarks>A file that is appended to meanwhile is read up to the length that it had.</remarks>
internal sealed class HashedStream : Stream
{
    private readonly Stream _inner;
    private readonly long _length;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _position;

    public HashedStream(Stream inner, long length)
    {
        _inner = inner;
        _length = length;
    }

    public override bool CanRead => true;

    // The archive asks for the length; it never moves.
    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => _length;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <summary>Returns the hash of what was read, in lower-case hex.</summary>
    public string Sha256() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public override int Read(Span<byte> buffer)
    {
        int count = _inner.Read(buffer[..(int)Math.Min(buffer.Length, _length - _position)]);
        return Take(buffer[..count], buffer.Length);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count = await _inner.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _length - _position)], cancellationToken).ConfigureAwait(false);
        return Take(buffer.Span[..count], buffer.Length);
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Take(ReadOnlySpan<byte> bytes, int wanted)
    {
        if (bytes.IsEmpty && wanted > 0 && _position < _length)
        {
            throw new EndOfStreamException($"It ends after {_position} of {_length} bytes.");
        }

        _hash.AppendData(bytes);
        _position += bytes.Length;
        return bytes.Length;
    }
}

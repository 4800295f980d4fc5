using System.Buffers;

namespace CfLogStream.Server.Receiving;

/// <summary>The bytes of an upload as sent, kept so that they can be read twice: in memory, and past its share of that in a file.</summary>
/// <remarks>
/// Layout: chunks from the shared pool one behind the other, then a file that goes on where they end. A body always has the chunk that is
/// being filled; further ones are taken out of the room that all bodies share, up to a share of its own. So what arrives is copied once,
/// no memory is given up and zeroed from upload to upload, and only large uploads, or very many at once, touch the disk.
/// One thread at a time owns an instance.
/// </remarks>
internal sealed class UploadBody : Stream
{
    /// <summary>Bytes of a chunk.</summary>
    public const int ChunkBytes = 256 * 1024;

    /// <summary>The most bytes of one body in memory.</summary>
    /// <value>16 MiB: an upload of 150 MB of JSON.</value>
    public const int MemoryBytes = 16 * 1024 * 1024;

    private readonly BodyRoom _room;
    private readonly string _folder;
    private readonly List<byte[]> _chunks = [];
    private FileStream? _file;
    private long _taken;
    private long _inMemory;
    private long _length;
    private long _position;
    private bool _isDisposed;

    /// <param name="room">The memory that it shares with others.</param>
    /// <param name="folder">Where it keeps what is past its memory.</param>
    public UploadBody(BodyRoom room, string folder)
    {
        _room = room;
        _folder = folder;
    }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    /// <summary>How many bytes were received.</summary>
    public override long Length => _length;

    public override long Position
    {
        get => _position;
        set => _position = value;
    }

    /// <summary>Receives a body to its end.</summary>
    /// <exception cref="IOException">It cannot be kept, or its sender went away.</exception>
    /// <exception cref="OperationCanceledException">It took too long.</exception>
    public async Task ReceiveAsync(Stream body, CancellationToken ct)
    {
        byte[] chunk = Rent();
        int filled = 0;
        int count;
        while ((count = await body.ReadAsync(chunk.AsMemory(filled, ChunkBytes - filled), ct).ConfigureAwait(false)) > 0)
        {
            filled += count;
            _length += count;
            if (filled < ChunkBytes)
            {
                continue;
            }

            if (_file is null && TryTake())
            {
                _inMemory += ChunkBytes;
                chunk = Rent();
            }
            else
            {
                await SpillAsync(chunk.AsMemory(0, ChunkBytes), ct).ConfigureAwait(false);
            }

            filled = 0;
        }

        if (_file is null)
        {
            _inMemory += filled;
        }
        else if (filled > 0)
        {
            await SpillAsync(chunk.AsMemory(0, filled), ct).ConfigureAwait(false);
        }
    }

    public override int Read(Span<byte> buffer)
    {
        int count;
        if (_position < _inMemory)
        {
            (long chunk, long at) = Math.DivRem(_position, ChunkBytes);
            count = (int)Math.Min(buffer.Length, Math.Min(ChunkBytes - at, _inMemory - _position));
            _chunks[(int)chunk].AsSpan((int)at, count).CopyTo(buffer);
        }
        else if (_file is not null)
        {
            count = RandomAccess.Read(_file.SafeFileHandle, buffer, _position - _inMemory);
        }
        else
        {
            return 0;
        }

        _position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => _position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => _position + offset,
        _ => _length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            _chunks.ForEach(static chunk => ArrayPool<byte>.Shared.Return(chunk));
            _chunks.Clear();
            _room.Return(_taken);
            _inMemory = 0;
            _file?.Dispose();
        }

        base.Dispose(disposing);
    }

    private byte[] Rent()
    {
        byte[] chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        _chunks.Add(chunk);
        return chunk;
    }

    private bool TryTake()
    {
        if (_inMemory + (2 * ChunkBytes) > MemoryBytes || !_room.TryTake(ChunkBytes))
        {
            return false;
        }

        _taken += ChunkBytes;
        return true;
    }

    private ValueTask SpillAsync(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        _file ??= new FileStream(Path.Combine(_folder, $"{Guid.NewGuid():N}.tmp"), Options());
        return _file.WriteAsync(bytes, ct);
    }

    private static FileStreamOptions Options()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            // What a log says of visitors is nobody else's business.
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }
}

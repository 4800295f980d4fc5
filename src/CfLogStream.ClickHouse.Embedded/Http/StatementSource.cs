using System.Buffers;
using System.Text;
using CfLogStream.ClickHouse.Embedded.Engine;

namespace CfLogStream.ClickHouse.Embedded.Http;

/// <summary>
/// The text of a request: the URL parameter <c>query</c>, a line end, then the inflated body. Only as much of it is held as the
/// statement needs; the data behind an INSERT is read through.
/// </summary>
internal sealed class StatementSource : IAsyncDisposable
{
    private const int ReadBytes = 16 << 10;

    private readonly Stream _body;
    private readonly long _maxBodyBytes;
    private byte[] _buffer;
    private int _length;
    private long _bodyBytes;

    public StatementSource(string query, Stream body, long maxBodyBytes)
    {
        _body = body;
        _maxBodyBytes = maxBodyBytes;
        int size = Encoding.UTF8.GetMaxByteCount(query.Length) + 1;
        _buffer = ArrayPool<byte>.Shared.Rent(size + ReadBytes);
        if (query.Length > 0)
        {
            _length = Encoding.UTF8.GetBytes(query, _buffer);
            _buffer[_length++] = (byte)'\n';
        }
    }

    /// <summary>Gets the text read so far.</summary>
    public ReadOnlySpan<byte> Text => _buffer.AsSpan(0, _length);

    /// <summary>Reads more text.</summary>
    /// <returns>False at the end.</returns>
    public async ValueTask<bool> ReadMoreAsync(CancellationToken cancellationToken)
    {
        if (_buffer.Length - _length < ReadBytes)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent((_length + ReadBytes) * 2);
            _buffer.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        int read = await ReadDataAsync(_buffer.AsMemory(_length), cancellationToken).ConfigureAwait(false);
        _length += read;
        return read > 0;
    }

    /// <summary>Reads data that comes after the text.</summary>
    /// <returns>0 at the end.</returns>
    public async ValueTask<int> ReadDataAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int read;
        try
        {
            read = await _body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is InvalidDataException or ZstdSharp.ZstdException or EndOfStreamException)
        {
            throw new EngineException(
                EngineErrorCode.IncorrectData, "INCORRECT_DATA",
                $"Cannot inflate the request body after {_bodyBytes} bytes: {exception.Message} Check Content-Encoding");
        }

        _bodyBytes += read;
        if (_bodyBytes > _maxBodyBytes)
        {
            throw new EngineException(
                EngineErrorCode.TooManyRowsOrBytes, "TOO_MANY_ROWS_OR_BYTES",
                $"The request body is larger than {_maxBodyBytes} bytes (inflated). Send it in smaller parts");
        }

        return read;
    }

    public ValueTask DisposeAsync()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _length = 0;
        return _body.DisposeAsync();
    }
}

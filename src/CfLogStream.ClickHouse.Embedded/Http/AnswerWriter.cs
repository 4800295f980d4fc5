using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using CfLogStream.ClickHouse.Embedded.Engine;
using Microsoft.AspNetCore.Http;

namespace CfLogStream.ClickHouse.Embedded.Http;

/// <summary>Writes the answer of one request: headers with the first bytes, then the result, compressed if the client wants that.</summary>
internal sealed class AnswerWriter : IAsyncDisposable
{
    private const int SliceBytes = 128 << 10;

    private readonly HttpContext _context;
    private readonly PipeWriter _pipe;
    private readonly string _exceptionTag;
    private Stream? _compressor;

    public AnswerWriter(HttpContext context)
    {
        _context = context;
        _pipe = context.Response.BodyWriter;
        _exceptionTag = RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz", 16);
        context.Response.Headers["X-ClickHouse-Exception-Tag"] = _exceptionTag;
    }

    /// <summary>Gets a value indicating whether headers are out, so that status and headers can no longer change.</summary>
    public bool HasStarted => _context.Response.HasStarted;

    /// <summary>Sets the headers of a good answer.</summary>
    public void Start(string formatName, ResultFormat format, AnswerSummary summary, bool compress)
    {
        IHeaderDictionary headers = _context.Response.Headers;
        headers.ContentType = format.ContentType;
        headers["X-ClickHouse-Format"] = HeaderText(formatName);
        headers["X-ClickHouse-Summary"] = summary.ToJson();
        if (compress)
        {
            StartCompression(headers);
        }
    }

    /// <summary>Returns a text as a header may carry it: what is no printable ASCII becomes a question mark.</summary>
    public static string HeaderText(string text) => string.Create(text.Length, text, static (letters, source) =>
    {
        for (int i = 0; i < letters.Length; i++)
        {
            letters[i] = source[i] is >= ' ' and <= '~' ? source[i] : '?';
        }
    });

    /// <summary>Writes a part of a result.</summary>
    public async ValueTask WriteAsync(ResultHandle result, long offset, long length, CancellationToken cancellationToken)
    {
        long end = offset + length;
        while (offset < end)
        {
            int slice = (int)Math.Min(SliceBytes, end - offset);
            WriteSlice(result.Slice(offset, slice));
            offset += slice;
            await FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Writes bytes that are no result of the engine.</summary>
    public ValueTask WriteBytesAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        WriteSlice(bytes.Span);
        return FlushAsync(cancellationToken);
    }

    /// <summary>
    /// Writes an error behind the part of a result that is out, framed by the tag of the header X-ClickHouse-Exception-Tag, as
    /// ClickHouse does since 25.11. The caller must then break the connection.
    /// </summary>
    public async ValueTask WriteLateErrorAsync(string text, CancellationToken cancellationToken)
    {
        string frame = $"\r\n__exception__\r\n{_exceptionTag}\r\n{text}{Encoding.UTF8.GetByteCount(text)} "
            + $"{_exceptionTag}\r\n__exception__\r\n";
        await WriteBytesAsync(Encoding.UTF8.GetBytes(frame), cancellationToken).ConfigureAwait(false);
        await CompleteAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the answer.</summary>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        if (_compressor is { } compressor)
        {
            _compressor = null;
            await compressor.DisposeAsync().ConfigureAwait(false);
            await FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public ValueTask DisposeAsync()
    {
        Stream? compressor = _compressor;
        _compressor = null;
        return compressor?.DisposeAsync() ?? default;
    }

    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        FlushResult flushed = await _pipe.FlushAsync(cancellationToken).ConfigureAwait(false);
        if (flushed.IsCompleted)
        {
            throw new OperationCanceledException("The client does not read on.", cancellationToken);
        }
    }

    private void WriteSlice(ReadOnlySpan<byte> bytes)
    {
        if (_compressor is { } compressor)
        {
            compressor.Write(bytes);
        }
        else
        {
            _pipe.Write(bytes);
        }
    }

    private void StartCompression(IHeaderDictionary headers)
    {
        string accepted = _context.Request.Headers.AcceptEncoding.ToString();
        var stream = new UnflushedStream(_pipe);
        (string? encoding, _compressor) = accepted switch
        {
            _ when accepted.Contains("zstd", StringComparison.OrdinalIgnoreCase) => ("zstd", new ZstdSharp.CompressionStream(stream, 1)),
            _ when accepted.Contains("gzip", StringComparison.OrdinalIgnoreCase) =>
                ("gzip", new GZipStream(stream, CompressionLevel.Fastest)),
            _ when accepted.Contains("deflate", StringComparison.OrdinalIgnoreCase) =>
                ("deflate", (Stream)new ZLibStream(stream, CompressionLevel.Fastest)),
            _ => (null, null),
        };
        if (encoding is not null)
        {
            headers.ContentEncoding = encoding;
        }
    }
}

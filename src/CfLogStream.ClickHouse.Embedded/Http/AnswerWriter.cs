using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using System.IO.Pipelines;
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
    private Stream? _compressor;

    public AnswerWriter(HttpContext context)
    {
        _context = context;
        _pipe = context.Response.BodyWriter;
    }

    /// <summary>Gets a value indicating whether headers are out, so that status and headers can no longer change.</summary>
    public bool HasStarted => _context.Response.HasStarted;

    /// <summary>Sets the headers of a good answer.</summary>
    public void Start(string formatName, ResultFormat format, AnswerSummary summary, bool compress)
    {
        IHeaderDictionary headers = _context.Response.Headers;
        headers.ContentType = format.ContentType;
        headers["X-ClickHouse-Format"] = formatName;
        headers["X-ClickHouse-Summary"] = summary.ToJson();
        if (compress)
        {
            StartCompression(headers);
        }
    }

    /// <summary>Writes a part of the result, skipping its first bytes.</summary>
    public async ValueTask WriteAsync(ResultHandle result, long skip, CancellationToken cancellationToken)
    {
        long length = result.Length;
        while (skip < length)
        {
            int slice = (int)Math.Min(SliceBytes, length - skip);
            WriteSlice(result.Slice(skip, slice));
            skip += slice;
            await _pipe.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Writes text that is no result.</summary>
    public async ValueTask WriteTextAsync(string text, CancellationToken cancellationToken)
    {
        WriteSlice(Encoding.UTF8.GetBytes(text));
        await _pipe.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the answer.</summary>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        if (_compressor is { } compressor)
        {
            _compressor = null;
            await compressor.DisposeAsync().ConfigureAwait(false);
            await _pipe.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public ValueTask DisposeAsync()
    {
        Stream? compressor = _compressor;
        _compressor = null;
        return compressor?.DisposeAsync() ?? default;
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
            _ when accepted.Contains("gzip", StringComparison.OrdinalIgnoreCase) => ("gzip", new GZipStream(stream, CompressionLevel.Fastest)),
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

/// <summary>The figures of X-ClickHouse-Summary.</summary>
internal readonly record struct AnswerSummary(
    ulong ReadRows, ulong ReadBytes, ulong WrittenRows, ulong WrittenBytes, ulong ResultRows, ulong ResultBytes, TimeSpan Elapsed)
{
    public static AnswerSummary Of(ResultHandle result, TimeSpan elapsed) => new(
        LibChdb.ResultStorageRowsRead(result), LibChdb.ResultStorageBytesRead(result), LibChdb.ResultRowsWritten(result),
        LibChdb.ResultBytesWritten(result), LibChdb.ResultRows(result), LibChdb.ResultBytes(result), elapsed);

    public string ToJson() => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"read_rows":"{{ReadRows}}","read_bytes":"{{ReadBytes}}","written_rows":"{{WrittenRows}}","written_bytes":"{{WrittenBytes}}","total_rows_to_read":"0","result_rows":"{{ResultRows}}","result_bytes":"{{ResultBytes}}","elapsed_ns":"{{(long)(Elapsed.TotalMicroseconds * 1000)}}"}""");
}

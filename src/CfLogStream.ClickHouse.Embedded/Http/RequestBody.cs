using System.IO.Compression;
using CfLogStream.ClickHouse.Embedded.Engine;
using Microsoft.AspNetCore.Http;

namespace CfLogStream.ClickHouse.Embedded.Http;

/// <summary>Opens the body of a request, inflated as its Content-Encoding says.</summary>
internal static class RequestBody
{
    public static Stream Open(HttpRequest request)
    {
        string encoding = request.Headers.ContentEncoding.ToString().Trim();
        return encoding.ToUpperInvariant() switch
        {
            "" or "IDENTITY" => request.Body,
            "GZIP" or "X-GZIP" => new GZipStream(request.Body, CompressionMode.Decompress),
            "DEFLATE" => new ZLibStream(request.Body, CompressionMode.Decompress),
            "BR" => new BrotliStream(request.Body, CompressionMode.Decompress),
            "ZSTD" => new ZstdSharp.DecompressionStream(request.Body),
            _ => throw new EngineException(
                EngineErrorCode.NotImplemented, "NOT_IMPLEMENTED",
                $"Unknown Content-Encoding '{encoding}'; expected gzip, deflate, br, zstd or none"),
        };
    }
}

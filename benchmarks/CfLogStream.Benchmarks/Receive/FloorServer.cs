using System.IO.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CfLogStream.Benchmarks.Receive;

/// <summary>The floor: a bare Kestrel endpoint that inflates each body while it arrives, discards it and answers 200.</summary>
/// <remarks>Runs in a process of its own, until its standard input ends.</remarks>
internal static class FloorServer
{
    private const int BufferBytes = 64 * 1024;

    public static async Task<int> RunAsync(TextReader input, TextWriter output)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http1);
        });
        WebApplication web = builder.Build();
        await using (web.ConfigureAwait(false))
        {
            web.Run(DiscardAsync);
            await web.StartAsync().ConfigureAwait(false);
            await output.WriteLineAsync(web.Urls.First()).ConfigureAwait(false);
            await output.FlushAsync().ConfigureAwait(false);
            await input.ReadToEndAsync().ConfigureAwait(false);
            await web.StopAsync().ConfigureAwait(false);
        }

        return 0;
    }

    private static async Task DiscardAsync(HttpContext context)
    {
        Stream body = context.Request.Headers.ContentEncoding == "gzip"
            ? new GZipStream(context.Request.Body, CompressionMode.Decompress)
            : context.Request.Body;
        byte[] buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (await body.ReadAsync(buffer, context.RequestAborted).ConfigureAwait(false) > 0)
            {
            }
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
            await body.DisposeAsync().ConfigureAwait(false);
        }

        await context.Response.WriteAsync("ok\n").ConfigureAwait(false);
    }
}

using CfLogStream.Kafka.Log;
using CfLogStream.Server.Ingest;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Server.Receiving;

/// <summary>The endpoint that Logpush pushes to.</summary>
public sealed class ReceiverServer : IAsyncDisposable
{
    private readonly WebApplication _web;
    private readonly UploadHandler _handler;

    private ReceiverServer(WebApplication web, UploadHandler handler)
    {
        _web = web;
        _handler = handler;
        Endpoint = new Uri(web.Urls.First());
    }

    /// <summary>Where it listens; the port is the one that was chosen when 0 was asked for.</summary>
    public Uri Endpoint { get; }

    /// <summary>Starts listening.</summary>
    /// <exception cref="IOException">The address is in use or is none of this machine; or the certificate cannot be read.</exception>
    public static async Task<ReceiverServer> StartAsync(
        ReceiverOptions options,
        ILogWriter log,
        ReceiverMetrics metrics,
        IngestMetrics ingest,
        TimeProvider time,
        ILogger<ReceiverServer> logger,
        CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        EmptyFolder(options.Folder);
        ReceiverCertificate? certificate = options is { CertificateFile: { } file, KeyFile: { } key }
            ? new ReceiverCertificate(file, key, time, logger)
            : null;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.BodyBytes;
            kestrel.Limits.MaxConcurrentConnections = options.Connections;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(3);
            kestrel.Listen(options.Listen, endpoint =>
            {
                // HTTP/2 is agreed on by TLS; without it only the older one can be.
                endpoint.Protocols = certificate is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2;
                if (certificate is not null)
                {
                    endpoint.UseHttps(https => https.ServerCertificateSelector = (_, _) => certificate.Current());
                }
            });
        });
        WebApplication web = builder.Build();
        var handler = new UploadHandler(options, log, metrics, ingest, time, logger);
        web.Run(handler.HandleAsync);
        await web.StartAsync(ct).ConfigureAwait(false);
        metrics.Start();
        return new ReceiverServer(web, handler);
    }

    /// <summary>Replaces who may send, from the next request on.</summary>
    public void Admit(ReceiverAccess access)
    {
        ArgumentNullException.ThrowIfNull(access);
        _handler.Admit(access);
    }

    /// <summary>Takes no more uploads and answers those it has.</summary>
    public async ValueTask DisposeAsync()
    {
        await _web.StopAsync().ConfigureAwait(false);
        await _web.DisposeAsync().ConfigureAwait(false);
        _handler.Dispose();
    }

    /// <summary>Removes what a process that was killed has left of uploads; none of them was acknowledged.</summary>
    private static void EmptyFolder(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (string file in Directory.EnumerateFiles(folder, "*.tmp"))
        {
            File.Delete(file);
        }
    }
}

using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;

namespace CfLogStream.Server.Serving;

/// <summary>Answers <c>/metrics</c> (Prometheus text), <c>/healthz</c> (the process runs) and <c>/readyz</c> (every part is ready, or why not).</summary>
public sealed class StatusServer : IAsyncDisposable
{
    /// <summary>The meters whose instruments are shown.</summary>
    private static readonly string[] s_meters =
        ["CfLogStream.*", "System.Runtime", "Microsoft.AspNetCore.Server.Kestrel"];

    private readonly WebApplication _web;

    private StatusServer(WebApplication web, Uri endpoint)
    {
        _web = web;
        Endpoint = endpoint;
    }

    /// <summary>Where it listens; the port is the one that was chosen when 0 was asked for.</summary>
    public Uri Endpoint { get; }

    /// <summary>Starts listening.</summary>
    /// <param name="listen">Address and port, for instance <c>127.0.0.1:9464</c>.</param>
    /// <exception cref="IOException">The address is in use or is none of this machine.</exception>
    public static async Task<StatusServer> StartAsync(string listen, HealthBoard health, CancellationToken ct)
    {
        IPEndPoint endpoint = Parse(listen);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Limits.MaxConcurrentConnections = 100;
            kestrel.Listen(endpoint, options => options.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddRouting();
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(s_meters)
            .AddView("cflogstream.clickhouse.insert.duration", new ExplicitBucketHistogramConfiguration
            {
                Boundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
            })
            .AddPrometheusExporter(options => options.ScrapeEndpointPath = "/metrics"));
        WebApplication web = builder.Build();
        web.UseOpenTelemetryPrometheusScrapingEndpoint();
        web.UseRouting();
        web.MapGet("/healthz", static context => AnswerAsync(context, StatusCodes.Status200OK, "ok\n"));
        web.MapGet("/readyz", context => ReadyAsync(context, health));
        await web.StartAsync(ct).ConfigureAwait(false);
        return new StatusServer(web, new Uri(web.Urls.First()));
    }

    public async ValueTask DisposeAsync()
    {
        await _web.StopAsync().ConfigureAwait(false);
        await _web.DisposeAsync().ConfigureAwait(false);
    }

    private static IPEndPoint Parse(string listen)
    {
        int colon = listen.LastIndexOf(':');
        string host = listen[..colon].Trim('[', ']');
        int port = int.Parse(listen[(colon + 1)..], System.Globalization.CultureInfo.InvariantCulture);
        IPAddress address = host == "localhost" ? IPAddress.Loopback
            : IPAddress.TryParse(host, out IPAddress? parsed) ? parsed
            : throw new IOException($"metrics.listen names the host '{host}'; expected an IP address of this machine, for instance '127.0.0.1'.");
        return new IPEndPoint(address, port);
    }

    private static Task ReadyAsync(HttpContext context, HealthBoard health)
    {
        IReadOnlyList<(string Part, string Reason)> reasons = health.NotReady();
        if (reasons.Count == 0)
        {
            return AnswerAsync(context, StatusCodes.Status200OK, "ready\n");
        }

        var text = new StringBuilder("not ready\n");
        foreach ((string part, string reason) in reasons)
        {
            text.Append(part).Append(": ").Append(reason.ReplaceLineEndings(" ")).Append('\n');
        }

        return AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, text.ToString());
    }

    private static async Task AnswerAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsync(text, context.RequestAborted).ConfigureAwait(false);
    }
}

using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CfLogStream.ClickHouse.Tests.Engine;

/// <summary>Stands between a writer and the engine and misbehaves: each insert takes the next fault, or passes when there is
/// none.</summary>
internal sealed class FaultProxy : IAsyncDisposable
{
    private static readonly string[] s_hopHeaders = ["Transfer-Encoding", "Connection", "Host"];

    private readonly WebApplication _web;
    private readonly HttpClient _http;
    private readonly Uri _target;
    private readonly ConcurrentQueue<Fault> _faults = new();

    private FaultProxy(Uri target, WebApplication web)
    {
        _target = target;
        _web = web;
        _http = new HttpClient();
    }

    public delegate Task Fault(HttpContext context, byte[] body, Func<Task> pass);

    public Uri Endpoint { get; private set; } = ClickHouseDefaults.Endpoint;

    /// <summary>What inserts came: their query ids, settings and encodings.</summary>
    public ConcurrentQueue<(string QueryId, IQueryCollection Query, string Encoding, int Bytes)> Inserts { get; } = new();

    /// <summary>Judges every insert that no fault is due for; null passes it on.</summary>
    public Func<byte[], Fault?>? Judge { get; set; }

    public static async Task<FaultProxy> StartAsync(Uri target)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = null;
        });
        WebApplication web = builder.Build();
        var proxy = new FaultProxy(target, web);
        web.Run(proxy.HandleAsync);
        await web.StartAsync();
        proxy.Endpoint = new Uri(web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return proxy;
    }

    /// <summary>Answers with a status and a server's error text, without telling the engine.</summary>
    public static Fault Answer(int status, int? code, string text = "") => async (context, _, _) =>
    {
        context.Response.StatusCode = status;
        if (code is not null)
        {
            context.Response.Headers["X-ClickHouse-Exception-Code"] = $"{code}";
        }

        await context.Response.WriteAsync(code is null ? text : $"Code: {code}. DB::Exception: {text}. (MADE_UP)");
    };

    /// <summary>Drops the connection before the engine has seen the insert.</summary>
    public static Task DropBefore(HttpContext context, byte[] body, Func<Task> pass)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    /// <summary>Lets the engine apply the insert and drops the connection instead of answering.</summary>
    public static async Task DropAfter(HttpContext context, byte[] body, Func<Task> pass)
    {
        await pass();
        context.Abort();
    }

    public void Next(params Fault[] faults)
    {
        foreach (Fault fault in faults)
        {
            _faults.Enqueue(fault);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _web.StopAsync();
        await _web.DisposeAsync();
        _http.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        byte[] bytes = body.ToArray();
        string statement = context.Request.Query["query"].ToString();
        if (!statement.StartsWith("INSERT", StringComparison.Ordinal))
        {
            await PassAsync(context, bytes, answer: true);
            return;
        }

        HttpRequest request = context.Request;
        Inserts.Enqueue((request.Query["query_id"].ToString(), request.Query, request.Headers.ContentEncoding.ToString(), bytes.Length));
        Fault? fault = _faults.TryDequeue(out Fault? next) ? next : Judge?.Invoke(bytes);
        if (fault is null)
        {
            await PassAsync(context, bytes, answer: true);
        }
        else
        {
            await fault(context, bytes, () => PassAsync(context, bytes, answer: false));
        }
    }

    private async Task PassAsync(HttpContext context, byte[] body, bool answer)
    {
        using var request = new HttpRequestMessage(
            new HttpMethod(context.Request.Method), new Uri(_target, context.Request.Path + context.Request.QueryString.ToString()));
        request.Content = new ByteArrayContent(body);
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues values) in context.Request.Headers)
        {
            if (!s_hopHeaders.Contains(name) && !request.Headers.TryAddWithoutValidation(name, (IEnumerable<string>)values!))
            {
                request.Content.Headers.TryAddWithoutValidation(name, (IEnumerable<string>)values!);
            }
        }

        request.Content.Headers.ContentLength = body.Length;
        using HttpResponseMessage response = await _http.SendAsync(request);
        if (!answer)
        {
            Assert.True(response.IsSuccessStatusCode);
            return;
        }

        context.Response.StatusCode = (int)response.StatusCode;
        foreach ((string name, IEnumerable<string> values) in response.Headers.Concat(response.Content.Headers))
        {
            if (!s_hopHeaders.Contains(name))
            {
                context.Response.Headers[name] = values.ToArray();
            }
        }

        await response.Content.CopyToAsync(context.Response.Body);
    }
}

using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CfLogStream.EndToEnd.Tests.Log;

/// <summary>ClickHouse's HTTP interface with a network that misbehaves: forwards to the engine, and does to inserts what a test says.</summary>
internal sealed class ClickHouseProxy : IAsyncDisposable
{
    private readonly WebApplication _web;
    private readonly HttpClient _engine;
    private readonly Func<int, (InsertFault Fault, int Code)> _plan;
    private int _inserts;
    private int _faults;
    private int _missed;

    private ClickHouseProxy(WebApplication web, HttpClient engine, Func<int, (InsertFault Fault, int Code)> plan)
    {
        _web = web;
        _engine = engine;
        _plan = plan;
    }

    public Uri Endpoint => new(_web.Urls.First());

    /// <summary>Inserts that were misused.</summary>
    public int Faults => Volatile.Read(ref _faults);

    /// <summary>Called when a fault is about to end; the place to kill somebody.</summary>
    public Action<InsertFault>? OnFault { get; set; }

    /// <summary>While true, nothing is answered at all.</summary>
    public bool IsGone { get; set; }

    /// <summary>Requests that came while it was gone.</summary>
    public int Missed => Volatile.Read(ref _missed);

    /// <summary>What inserts wait for that are late; to be completed by the test.</summary>
    public TaskCompletionSource Late { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="plan">What to do with the insert of a number, from 1.</param>
    public static async Task<ClickHouseProxy> StartAsync(Uri engine, Func<int, (InsertFault Fault, int Code)> plan)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, options => options.Protocols = HttpProtocols.Http1);
        });
        WebApplication web = builder.Build();
        var proxy = new ClickHouseProxy(web, new HttpClient { BaseAddress = engine }, plan);
        web.Run(proxy.AnswerAsync);
        await web.StartAsync(TestContext.Current.CancellationToken);
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _web.StopAsync(CancellationToken.None);
        await _web.DisposeAsync();
        _engine.Dispose();
    }

    private static bool IsInsert(HttpContext context, byte[] start) =>
        Uri.UnescapeDataString((context.Request.QueryString.Value ?? "").Replace('+', ' ')).Contains("INSERT INTO", StringComparison.Ordinal)
        || start.AsSpan().StartsWith("INSERT INTO"u8);

    private async Task AnswerAsync(HttpContext context)
    {
        if (IsGone)
        {
            Interlocked.Increment(ref _missed);
            context.Abort();
            return;
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        byte[] bytes = body.ToArray();
        (InsertFault fault, int code) = IsInsert(context, bytes) ? _plan(Interlocked.Increment(ref _inserts)) : (InsertFault.None, 0);
        if (fault != InsertFault.None)
        {
            Interlocked.Increment(ref _faults);
        }

        switch (fault)
        {
            case InsertFault.ResetMidBody:
                await SendHalfAsync(context, bytes);
                OnFault?.Invoke(fault);
                context.Abort();
                return;
            case InsertFault.LoseRequest:
                OnFault?.Invoke(fault);
                context.Abort();
                return;
            case InsertFault.Refuse:
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
                context.Response.Headers["X-ClickHouse-Exception-Code"] = code.ToString(CultureInfo.InvariantCulture);
                await context.Response.WriteAsync($"Code: {code}. DB::Exception: as the test wants it.", context.RequestAborted);
                return;
            case InsertFault.Late:
                OnFault?.Invoke(fault);
                await Late.Task.WaitAsync(TimeSpan.FromMinutes(2));
                break;
            case InsertFault.Slow:
                await Task.Delay(2_000, context.RequestAborted);
                break;
        }

        using HttpResponseMessage answer = await ForwardAsync(context, bytes);
        if (fault == InsertFault.LoseAnswer)
        {
            OnFault?.Invoke(fault);
            context.Abort();
            return;
        }

        await CopyAsync(answer, context, fault == InsertFault.ExceptionHeader);
    }

    /// <summary>Gives the engine the first half of an insert and then breaks the connection to it.</summary>
    private async Task SendHalfAsync(HttpContext context, byte[] bytes)
    {
        using var half = new StreamContent(new BrokenStream(bytes, bytes.Length / 2));
        half.Headers.ContentLength = bytes.Length;
        using HttpRequestMessage request = Request(context, half);
        try
        {
            using HttpResponseMessage answer = await _engine.SendAsync(request, CancellationToken.None);
        }
        catch (HttpRequestException)
        {
            // That is what was wanted.
        }
    }

    private async Task<HttpResponseMessage> ForwardAsync(HttpContext context, byte[] bytes)
    {
        using var content = new ByteArrayContent(bytes);
        using HttpRequestMessage request = Request(context, content);

        // Not cancelled with the client: an insert that has reached ClickHouse is applied, whoever waits for it or not.
        return await _engine.SendAsync(request, HttpCompletionOption.ResponseContentRead, CancellationToken.None);
    }

    private static HttpRequestMessage Request(HttpContext context, HttpContent content)
    {
        var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), context.Request.Path + context.Request.QueryString);
        if (context.Request.Method != HttpMethods.Get)
        {
            request.Content = content;
        }

        foreach (KeyValuePair<string, Microsoft.Extensions.Primitives.StringValues> header in context.Request.Headers)
        {
            if (header.Key is "Host" or "Content-Length" or "Transfer-Encoding" or "Connection" or "Expect")
            {
                continue;
            }

            if (!request.Headers.TryAddWithoutValidation(header.Key, header.Value.ToArray()))
            {
                request.Content?.Headers.TryAddWithoutValidation(header.Key, header.Value.ToArray());
            }
        }

        return request;
    }

    private static async Task CopyAsync(HttpResponseMessage answer, HttpContext context, bool withException)
    {
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (KeyValuePair<string, IEnumerable<string>> header in answer.Headers.Concat(answer.Content.Headers))
        {
            if (header.Key is not ("Transfer-Encoding" or "Connection" or "Keep-Alive" or "Content-Length"))
            {
                context.Response.Headers[header.Key] = header.Value.ToArray();
            }
        }

        if (withException)
        {
            context.Response.Headers["X-ClickHouse-Exception-Code"] = "241";
        }

        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    /// <summary>Gives some bytes and then fails, as a connection does that is cut.</summary>
    private sealed class BrokenStream(byte[] bytes, int end) : Stream
    {
        private int _position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => bytes.Length;

        public override long Position { get => _position; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            int taken = Math.Min(count, end - _position);
            if (taken == 0)
            {
                throw new IOException("The connection is cut, as the test wants it.");
            }

            bytes.AsSpan(_position, taken).CopyTo(buffer.AsSpan(offset));
            _position += taken;
            return taken;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

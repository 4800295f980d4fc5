using System.Net;
using System.Net.Sockets;
using System.Text;
using CfLogStream.EndToEnd.Tests.Log;
using CfLogStream.EndToEnd.Tests.Support;

namespace CfLogStream.EndToEnd.Tests.Receiving;

/// <summary>A running service reads its configuration again: on SIGHUP and when a file changes.</summary>
public sealed class ReloadTests : IAsyncDisposable
{
    private const string TakenOver = "Who may send was taken over";
    private static readonly TimeSpan s_stop = TimeSpan.FromSeconds(40);

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(20) };
    private readonly int _port = FreePort();
    private readonly ServiceProcess _service;
    private int _uploads;

    public ReloadTests()
    {
        File.WriteAllText(_folder.Combine("one"), "token-one\n");
        File.WriteAllText(_folder.Combine("two"), "token-two\n");
        Write("tokens: [{source: prod, token_file: one}]");
        _service = ServiceProcess.Start(_folder.Path, _folder.Combine("config.yaml"), "ingest,process");
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _http.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Tokens_ChangedUnderLoad_RefuseNoUploadOfAGoodToken()
    {
        await _service.UntilSaidAsync("Taking Logpush uploads");
        string token = "token-one";
        using var stop = new CancellationTokenSource();
        var answers = new System.Collections.Concurrent.ConcurrentBag<(string Token, HttpStatusCode Status)>();
        Task[] senders =
        [
            .. Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    string used = Volatile.Read(ref token);
                    answers.Add((used, await SendAsync(used)));
                }
            })),
        ];

        await UntilAsync(() => answers.Count > 100);
        Write("tokens: [{source: prod, token_file: one}, {source: prod, token_file: two}]");
        await _service.UntilSaidAsync(TakenOver + " from the configuration: 2 tokens of 1 sources");
        int withTheFirst = answers.Count;
        Volatile.Write(ref token, "token-two");
        await UntilAsync(() => answers.Count(answer => answer.Token == "token-two") > 200);
        Write("tokens: [{source: prod, token_file: two}]");
        _service.HangUp();
        await _service.UntilSaidAsync(TakenOver + " from the configuration: 1 tokens of 1 sources");
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync("token-one"));
        int before = answers.Count;
        await UntilAsync(() => answers.Count > before + 200);
        await stop.CancelAsync();
        await Task.WhenAll(senders);

        TestContext.Current.TestOutputHelper?.WriteLine($"{answers.Count} uploads, {withTheFirst} of them before the second token");
        Assert.Equal([], answers.Where(answer => answer.Status != HttpStatusCode.OK).Distinct());
        _service.Terminate();
        Assert.True(await _service.WaitAsync(s_stop) == 0, _service.Stderr);
    }

    [Fact]
    public async Task TokenFile_WithNewContent_IsTakenOver()
    {
        await _service.UntilSaidAsync("Taking Logpush uploads");
        Assert.Equal(HttpStatusCode.OK, await SendAsync("token-one"));

        await File.WriteAllTextAsync(_folder.Combine("one"), "token-three", TestContext.Current.CancellationToken);

        await _service.UntilSaidAsync(TakenOver);
        Assert.Equal(HttpStatusCode.OK, await SendAsync("token-three"));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync("token-one"));
        Assert.DoesNotContain("token-three", _service.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Owners_NamedAndChanged_AreTakenOver()
    {
        await _service.UntilSaidAsync("Taking Logpush uploads");
        await File.WriteAllTextAsync(
            _folder.Combine("owners.yaml"), "owners: [{owner: edge, host: api.shop.example, why: the API, expires: 2020-01-01}]", TestContext.Current.CancellationToken);
        Write("tokens: [{source: prod, token_file: one}]", "insight: {owners_file: owners.yaml}");
        await _service.UntilSaidAsync("are in force: 1 entries, 1 errors");
        await _service.UntilSaidAsync("expired on 2020-01-01");

        await File.WriteAllTextAsync(_folder.Combine("owners.yaml"), "owners: []", TestContext.Current.CancellationToken);
        await _service.UntilSaidAsync("are in force: 0 entries, 0 errors");
    }

    [Fact]
    public async Task Networks_Changed_AreTakenOver()
    {
        await _service.UntilSaidAsync("Taking Logpush uploads");

        Write("tokens: [{source: prod, token_file: one}], networks: [192.0.2.0/24]");

        await _service.UntilSaidAsync(TakenOver + " from the configuration: 1 tokens of 1 sources, 1 networks");
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync("token-one"));
    }

    [Fact]
    public async Task Configuration_ThatIsWrong_ChangesNothing()
    {
        await _service.UntilSaidAsync("Taking Logpush uploads");

        Write("tokens: [{source: prod, token_file: missing}, {source: prod, token_file: two}], recrods: 5");

        await _service.UntilSaidAsync("has 2 problems; nothing of it was taken over");
        Assert.Equal(1, _service.Said("which does not exist"));
        Assert.Equal(1, _service.Said("did you mean 'records'"));
        Assert.Equal(HttpStatusCode.OK, await SendAsync("token-one"));
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync("token-two"));
        Assert.Equal(0, _service.Said(TakenOver));
    }

    [Fact]
    public async Task Classification_ChangedWithoutANewGeneration_IsRefusedAndSaysWhatToDo()
    {
        await _service.UntilSaidAsync("Taking Logpush uploads");

        Write("tokens: [{source: prod, token_file: two}]", "classification: {path_templates: ['/v1/{id}']}\nspool: {max_age_secs: 4000}");

        await _service.UntilSaidAsync(
            "Changed and not taken over: classification.path_templates. They decide what rows mean: raise classification.generation (now 1) and restart.");
        await _service.UntilSaidAsync("Changed, and in effect at the next start: spool.max_age_secs.");
        Assert.Equal(HttpStatusCode.OK, await SendAsync("token-two"));

        Write("tokens: [{source: prod, token_file: two}]", "classification: {generation: 2, path_templates: ['/v1/{id}']}");

        await _service.UntilSaidAsync("Generation 2 takes effect at the next start, with the changes of: classification.path_templates.");
        if (_service.IgnoresHangUp)
        {
            // As under nohup: the runtime leaves such a signal ignored.
            return;
        }

        _service.HangUp();
        await _service.UntilSaidAsync("Generation 2 takes effect at the next start", 2);
    }

    [Fact]
    public async Task Access_ThatWouldOpenTheReceiverToAll_IsNotTakenOver()
    {
        await _service.UntilSaidAsync("Taking Logpush uploads");

        // Right in itself, for who starts with it; but the address stays the one that others reach.
        Write("", listen: "127.0.0.1:1");

        await _service.UntilSaidAsync("anybody could send records. It was not taken over");
        Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync("none"));
        Assert.Equal(HttpStatusCode.OK, await SendAsync("token-one"));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            Assert.False(late.IsCancellationRequested);
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    private async Task<HttpStatusCode> SendAsync(string token)
    {
        string line = $$"""{"RayID":"92{{Interlocked.Increment(ref _uploads):x14}}","EdgeStartTimestamp":"2026-10-01T10:00:00Z","ClientRequestHost":"a.example","ClientRequestMethod":"GET","ClientRequestURI":"/","EdgeResponseStatus":200}""";
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"http://127.0.0.1:{_port}/"))
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(line)),
        };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        using HttpResponseMessage answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    /// <summary>Writes the configuration as an editor does: the new file takes the old one's place.</summary>
    private void Write(string receiver, string more = "", string? listen = null)
    {
        string file = _folder.Combine("config.yaml");
        File.WriteAllText(
            file + ".new",
            $$"""
            receiver: {listen: '{{listen ?? $"0.0.0.0:{_port}"}}'{{(receiver.Length > 0 ? ", " + receiver : "")}}}
            clickhouse: {embedded_port: 0}
            metrics: {listen: ''}
            {{more}}
            """);
        File.Move(file + ".new", file, overwrite: true);
    }
}

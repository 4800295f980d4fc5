using System.Net;
using System.Net.Sockets;
using System.Text;
using CfLogStream.EndToEnd.Tests.Executable;
using CfLogStream.EndToEnd.Tests.Log;
using CfLogStream.EndToEnd.Tests.Support;

namespace CfLogStream.EndToEnd.Tests.Receiving;

/// <summary><c>doctor</c> beside a running service: what it says of what the service has.</summary>
public sealed class DoctorTests : IAsyncDisposable
{
    private const int AllTime = 5_000_000;

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(20) };
    private readonly int _port = FreePort();
    private readonly string _config;
    private readonly ServiceProcess _service;

    public DoctorTests()
    {
        _config = _folder.Combine("config.yaml");
        File.WriteAllText(
            _config,
            $$"""
            receiver: {listen: '127.0.0.1:{{_port}}'}
            clickhouse: {embedded_port: {{FreePort()}}}
            metrics: {listen: '127.0.0.1:{{FreePort()}}'}
            process: {cut_secs: 1}
            """);
        _service = ServiceProcess.Start(_folder.Path, _config, "ingest,process");
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _http.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Doctor_OfAServiceThatHasBoth_FindsThemJoined()
    {
        await _service.UntilSaidAsync("Taking Logpush uploads");
        for (int i = 0; i < 40; i++)
        {
            await SendAsync(Request(i) + Event(i));
        }

        await CloseAsync();
        (int code, string text) = await UntilAsync("100 % of 40 security events have their request", "log 'spool': ");

        Assert.True(code == 0, text);
        Assert.Contains("ok       service: it is ready", text, StringComparison.Ordinal);
        Assert.Contains("ok       clock: that of ClickHouse agrees.", text, StringComparison.Ordinal);
        Assert.Contains("ok       join: 100 % of 40 security events have their request.", text, StringComparison.Ordinal);
        Assert.Contains("ok       datasets: firewall_events: 40 records", text, StringComparison.Ordinal);
        Assert.Contains("ok       dead letters: none.", text, StringComparison.Ordinal);
        Assert.Contains("ok       log 'spool': ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_OfAServiceWithSampledRequestsAndBadLines_SaysWhatItCosts()
    {
        await _service.UntilSaidAsync("Taking Logpush uploads");
        for (int i = 0; i < 40; i++)
        {
            await SendAsync((i % 10 == 0 ? Request(i) : "") + Event(i) + "{\"RayID\":\n");
        }

        await CloseAsync();
        (int code, string text) = await UntilAsync("10 % of 40 security events have their request");

        Assert.True(code == 1, text);
        Assert.Contains("problem  join: 10 % of 40 security events have their request: http_requests is sampled or filtered", text, StringComparison.Ordinal);
        Assert.Contains("problem  dead letters: 40 of ", text, StringComparison.Ordinal);
        Assert.Contains("kept: cut_line 40: they are in no count.", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_OfAServiceThatHasGotNothing_SaysSo()
    {
        await _service.UntilSaidAsync("The role process reads");

        (int code, string text) = await UntilAsync("no http_requests in the last");

        Assert.Equal(1, code);
        Assert.Contains($"problem  datasets: no http_requests in the last {AllTime} minutes: nothing is known of what passes.", text, StringComparison.Ordinal);
        Assert.Contains("warning  datasets: no firewall_events in the last", text, StringComparison.Ordinal);
        Assert.Contains("warning  log: no progress is written: ", text, StringComparison.Ordinal);
    }

    private static string Request(int ray) =>
        $$"""{"RayID":"93{{ray:x14}}","EdgeStartTimestamp":"{{Now(-30)}}","ClientRequestHost":"a.example","ClientRequestMethod":"GET","ClientRequestURI":"/","EdgeResponseStatus":403,"SecurityAction":"block"}""" + "\n";

    private static string Event(int ray) =>
        $$"""{"RayID":"93{{ray:x14}}","Datetime":"{{Now(-30)}}","Action":"block","Source":"firewallcustom","RuleID":"a","ClientRequestHost":"a.example","ClientRequestPath":"/"}""" + "\n";

    private static string Now(int minutes) => TimeProvider.System.GetUtcNow().AddMinutes(minutes).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task SendAsync(string lines)
    {
        using HttpResponseMessage answer = await _http.PostAsync(
            new Uri($"http://127.0.0.1:{_port}/"), new ByteArrayContent(Encoding.UTF8.GetBytes(lines)), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    /// <summary>Sends newer records for every partition, so that the watermark passes those before.</summary>
    private Task CloseAsync() => SendAsync(string.Concat(Enumerable.Range(0, 256).Select(i =>
        $$"""{"RayID":"{{0x9400000000000000UL + (ulong)(i * 7919):x16}}","EdgeStartTimestamp":"{{Now(0)}}","ClientRequestHost":"closing.example","ClientRequestMethod":"GET","ClientRequestURI":"/","EdgeResponseStatus":200,"OriginResponseStatus":200}""" + "\n")));

    /// <summary>Asks until the rows are there.</summary>
    private async Task<(int ExitCode, string Text)> UntilAsync(params string[] texts)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (true)
        {
            CommandResult result = await ProgramProcess.RunAsync(_folder.Path, "doctor", "--config", _config, "--minutes", $"{AllTime}");
            if (texts.All(text => result.Stdout.Contains(text, StringComparison.Ordinal)))
            {
                return (result.ExitCode, result.Stdout);
            }

            Assert.False(late.IsCancellationRequested, result.Stdout + result.Stderr + _service.Stderr);
            await Task.Delay(300, TestContext.Current.CancellationToken);
        }
    }
}

using System.Net;
using System.Text;
using System.Text.Json;
using CfLogStream.EndToEnd.Tests.Executable;
using CfLogStream.EndToEnd.Tests.Support;

namespace CfLogStream.EndToEnd.Tests.Receiving;

/// <summary>/readyz says why uploads are not taken, and is ready again by itself; the log as JSON is one object per line.</summary>
public sealed class ReadinessTests
{
    [Fact]
    public async Task Readyz_WhileTheSpoolIsFull_SaysSo()
    {
        // ClickHouse is away: what comes stays in the spool, and ClickHouse is a reason of its own.
        await using StandalonePlace place = StandalonePlace.Make(
            new Uri("http://127.0.0.1:9"), "spool: {max_bytes: 8388608, segment_bytes: 1048576, partitions: 1}", hasMetrics: true);
        place.Serve();
        using var client = new HttpClient();
        (HttpStatusCode status, string text) = await UntilAsync(client, place, text => text.Contains("clickhouse: waits for ClickHouse", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.DoesNotContain("receiver:", text, StringComparison.Ordinal);
        Assert.DoesNotContain("spool:", text, StringComparison.Ordinal);

        HttpStatusCode answer = HttpStatusCode.OK;
        for (int i = 0; i < 200 && answer == HttpStatusCode.OK; i++)
        {
            answer = await SendAsync(client, place.Receiver, i);
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer);
        (status, text) = await GetAsync(client, new Uri(place.Metrics!, "/readyz"));

        string metrics = (await GetAsync(client, new Uri(place.Metrics!, "/metrics"))).Text;
        Assert.Contains("cflogstream_spool_room_bytes{", metrics, StringComparison.Ordinal);
        Assert.Contains("cflogstream_spool_refused_total{", metrics, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(client, new Uri(place.Metrics!, "/healthz"))).Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Matches("spool: The spool 'cflogstream-data/spool' is full: [0-9]+ of 8388608 bytes are not processed yet\\.", text);
    }

    [Fact]
    public async Task Serve_WithJsonLog_WritesOneObjectPerLine()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.Combine("config.yaml"), "receiver: {listen: 127.0.0.1:0}\nmetrics: {listen: ''}\nclickhouse: {embedded_port: 0}\n", Ct);
        using var run = ServiceLogRun.Start(folder.Path, "serve", "--config", "config.yaml", "--log-format", "json");
        JsonElement reading = await run.UntilAsync(line => line.GetProperty("id").GetInt32() == 5001);
        Assert.Equal("info", reading.GetProperty("level").GetString());
        Assert.Equal("ServeRun", reading.GetProperty("component").GetString());
        Assert.Equal("The role process reads 'spool'.", reading.GetProperty("message").GetString());
        Assert.Equal("spool", reading.GetProperty("values").GetProperty("What").GetString());
        Assert.Equal(4, (await run.UntilAsync(line => line.GetProperty("id").GetInt32() == 1310)).GetProperty("values").GetProperty("Partitions").GetInt32());

        CommandResult wrong = await ProgramProcess.RunAsync(folder.Path, "serve", "--log-format", "xml");
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("The value of '--log-format' is 'xml'; expected 'text' or 'json'.", wrong.Stderr, StringComparison.Ordinal);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static async Task<HttpStatusCode> SendAsync(HttpClient client, Uri receiver, int number)
    {
        var lines = new StringBuilder();
        for (int i = 0; i < 2_000; i++)
        {
            ulong ray = ((ulong)number * 10_000) + (ulong)i + 0x9100000000000000UL;
            lines.Append($$"""{"RayID":"{{ray:x16}}","EdgeStartTimestamp":"2026-08-06T12:00:00Z","ClientRequestHost":"h{{ray * 2654435761:x}}.example","ClientRequestMethod":"GET","ClientRequestURI":"/{{ray * 11400714819323198485:x}}{{ray * 14029467366897019727:x}}","EdgeResponseStatus":200}""");
            lines.Append('\n');
        }

        using HttpResponseMessage answer = await client.PostAsync(receiver, new StringContent(lines.ToString()), Ct);
        return answer.StatusCode;
    }

    private static async Task<(HttpStatusCode Status, string Text)> UntilAsync(HttpClient client, StandalonePlace place, Func<string, bool> isSo)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            try
            {
                (HttpStatusCode status, string text) = await GetAsync(client, new Uri(place.Metrics!, "/readyz"));
                if (isSo(text))
                {
                    return (status, text);
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            Assert.False(place.Service.HasExited, place.Service.Stderr);
            await Task.Delay(50, late.Token);
        }
    }

    private static async Task<(HttpStatusCode Status, string Text)> GetAsync(HttpClient client, Uri uri)
    {
        using HttpResponseMessage answer = await client.GetAsync(uri, Ct);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Ct));
    }
}

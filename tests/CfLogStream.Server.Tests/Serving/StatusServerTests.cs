using System.Diagnostics.Metrics;
using System.Net;
using CfLogStream.Server.Serving;

namespace CfLogStream.Server.Tests.Serving;

public sealed class StatusServerTests
{
    [Fact]
    public async Task Readyz_PartsNotReady_SaysWhichAndWhy()
    {
        var health = new HealthBoard();
        await using StatusServer server = await StatusServer.StartAsync("127.0.0.1:0", health, TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = server.Endpoint };
        Assert.Equal((HttpStatusCode.OK, "ready\n"), await GetAsync(client, "/readyz"));

        health.SetNotReady("process", "waits for ClickHouse:\r\nconnection refused");
        health.SetNotReady("ingest", "waits for the topic 'logpush'");

        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, "not ready\ningest: waits for the topic 'logpush'\nprocess: waits for ClickHouse: connection refused\n"),
            await GetAsync(client, "/readyz"));
        Assert.Equal((HttpStatusCode.OK, "ok\n"), await GetAsync(client, "/healthz"));

        health.SetReady("process");
        health.SetReady("ingest");
        Assert.Equal((HttpStatusCode.OK, "ready\n"), await GetAsync(client, "/readyz"));
    }

    [Fact]
    public async Task Readyz_OfAPartThatIsWatched_AsksItEachTime()
    {
        var health = new HealthBoard();
        string? trouble = null;
        health.SetNotReady("clickhouse", "is starting");
        health.Watch("spool", () => trouble);
        await using StatusServer server = await StatusServer.StartAsync("127.0.0.1:0", health, TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = server.Endpoint };
        Assert.Equal("not ready\nclickhouse: is starting\n", (await GetAsync(client, "/readyz")).Text);

        trouble = "is full";
        Assert.Equal("not ready\nclickhouse: is starting\nspool: is full\n", (await GetAsync(client, "/readyz")).Text);
        health.SetReady("clickhouse");
        Assert.Equal("not ready\nspool: is full\n", (await GetAsync(client, "/readyz")).Text);
        trouble = null;
        Assert.Equal((HttpStatusCode.OK, "ready\n"), await GetAsync(client, "/readyz"));
    }

    [Fact]
    public async Task Metrics_InstrumentsOfThisProgram_AreInPrometheusText()
    {
        await using StatusServer server = await StatusServer.StartAsync("127.0.0.1:0", new HealthBoard(), TestContext.Current.CancellationToken);
        using var meter = new Meter("CfLogStream.Test");
        meter.CreateCounter<long>("cflogstream.test.records", "{record}", "What a test counts.")
            .Add(7, new KeyValuePair<string, object?>("reason", "a\"b\n"));
        using var client = new HttpClient { BaseAddress = server.Endpoint };

        (HttpStatusCode status, string text) = await GetAsync(client, "/metrics");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains(text.Split('\n'), line => line.StartsWith("cflogstream_test_records_total{", StringComparison.Ordinal)
            && line.Contains("reason=\"a\\\"b\\n\"", StringComparison.Ordinal) && line.Contains("} 7", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/metrics/../etc")]
    [InlineData("/readyz/x")]
    public async Task OtherPaths_AreNotFound(string path)
    {
        await using StatusServer server = await StatusServer.StartAsync("127.0.0.1:0", new HealthBoard(), TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = server.Endpoint };
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(client, path)).Status);
    }

    [Fact]
    public async Task StartAsync_PortInUse_IsAnIoError()
    {
        await using StatusServer server = await StatusServer.StartAsync("127.0.0.1:0", new HealthBoard(), TestContext.Current.CancellationToken);
        await Assert.ThrowsAnyAsync<IOException>(
            () => StatusServer.StartAsync($"127.0.0.1:{server.Endpoint.Port}", new HealthBoard(), TestContext.Current.CancellationToken));
    }

    private static async Task<(HttpStatusCode Status, string Text)> GetAsync(HttpClient client, string path)
    {
        using HttpResponseMessage response = await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}

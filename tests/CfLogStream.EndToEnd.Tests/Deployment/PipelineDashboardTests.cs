using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CfLogStream.EndToEnd.Tests.Architecture;
using CfLogStream.EndToEnd.Tests.Receiving;

namespace CfLogStream.EndToEnd.Tests.Deployment;

/// <summary>The dashboard of the pipeline: sound as Grafana reads it, and every query gives data for a service that is at work.</summary>
public sealed partial class PipelineDashboardTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(150);

    /// <summary>What a service on one machine shows only when something has gone wrong, or never because it has no Kafka.</summary>
    private static readonly string[] s_needAFaultOrKafka =
    [
        "cflogstream_kafka_lag_duration_seconds",
        "cflogstream_kafka_lag",
        "cflogstream_kafka_lost_offsets_total",
        "cflogstream_process_offsets_lost_total",
        "cflogstream_clickhouse_retries_total",
        "cflogstream_clickhouse_rejected_total",
    ];

    [Fact]
    public async Task Queries_OfAServiceAtWork_AllGiveData()
    {
        await using StandalonePlace place = StandalonePlace.Make(null, hasMetrics: true);
        IReadOnlyList<byte[]> uploads = await place.GenerateAsync("custom-rule-hits-api", 71, 4_000);
        place.Serve();
        using PrometheusServer prometheus = PrometheusServer.Start(place.Metrics!);
        List<(string Panel, string Query)> waiting = [.. PipelineDashboard.Queries()];
        int all = waiting.Count;
        var faults = waiting.Where(query => s_needAFaultOrKafka.Any(metric => MetricName().Matches(query.Query).Any(match => match.Value == metric))).ToList();
        long started = TimeProvider.System.GetTimestamp();
        for (int i = 0; ; i++)
        {
            await place.SendAsync(uploads[i % uploads.Count]);
            await place.SendAsync(uploads[i % uploads.Count]);
            await place.SendAsync(Changed(uploads[i % uploads.Count], i));
            if (i == 0)
            {
                using var sender = new HttpClient();
                using HttpResponseMessage refused = await sender.PostAsync(place.Receiver, TooMuch(), TestContext.Current.CancellationToken);
                Assert.Equal(HttpStatusCode.RequestEntityTooLarge, refused.StatusCode);
            }

            var left = new List<(string Panel, string Query)>();
            foreach ((string panel, string query) in waiting)
            {
                IReadOnlyList<double> values = await prometheus.QueryAsync(PipelineDashboard.Filled(query, "30s"));
                if (values.Count == 0 || values.Any(double.IsNaN))
                {
                    left.Add((panel, query));
                }
            }

            waiting = left;
            if (waiting.Count == faults.Count || TimeProvider.System.GetElapsedTime(started) > s_limit)
            {
                break;
            }

            await Task.Delay(200, TestContext.Current.CancellationToken);
        }

        Assert.Equal(faults, waiting);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{all - waiting.Count} of {all} queries gave data within {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0} s; {waiting.Count} need a fault or Kafka");
    }

    [Fact]
    public void Metrics_AreAllInTheDocumentation()
    {
        string documented = File.ReadAllText(Path.Combine(Repository.Root, "docs", "metrics.md"));
        foreach ((string panel, string query) in PipelineDashboard.Queries())
        {
            Assert.All(
                MetricName().Matches(query).Select(match => match.Value.EndsWith("_bucket", StringComparison.Ordinal) ? match.Value[..^7] : match.Value),
                name => Assert.True(documented.Contains($"`{name}`", StringComparison.Ordinal), $"'{panel}' asks for {name}"));
        }
    }

    [Fact]
    public void Panels_HaveTheirOwnIdsAndPlacesAndAskTheChosenDataSource()
    {
        JsonElement[] panels = PipelineDashboard.Panels();
        Assert.Equal(panels.Length, panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
        Assert.Equal("cflogstream-pipeline", PipelineDashboard.Read().GetProperty("uid").GetString());
        Assert.Equal(["datasource", "instance"], PipelineDashboard.Read().GetProperty("templating").GetProperty("list").EnumerateArray()
            .Select(variable => variable.GetProperty("name").GetString()));
        var taken = new HashSet<(int X, int Y)>();
        foreach (JsonElement panel in panels)
        {
            JsonElement place = panel.GetProperty("gridPos");
            for (int x = place.GetProperty("x").GetInt32(); x < place.GetProperty("x").GetInt32() + place.GetProperty("w").GetInt32(); x++)
            {
                for (int y = place.GetProperty("y").GetInt32(); y < place.GetProperty("y").GetInt32() + place.GetProperty("h").GetInt32(); y++)
                {
                    Assert.True(x < 24 && taken.Add((x, y)), $"'{panel.GetProperty("title")}' overlaps another panel at {x}, {y}");
                }
            }

            if (panel.TryGetProperty("targets", out JsonElement targets))
            {
                Assert.All(targets.EnumerateArray(), target => Assert.Equal("${datasource}", target.GetProperty("datasource").GetProperty("uid").GetString()));
                Assert.All(targets.EnumerateArray(), target => Assert.Contains("$instance", target.GetProperty("expr").GetString(), StringComparison.Ordinal));
            }
        }
    }

    /// <summary>The same records in another upload, and a line that is none.</summary>
    private static byte[] Changed(byte[] upload, int number)
    {
        using var inflated = new MemoryStream();
        using (var gzip = new GZipStream(new MemoryStream(upload), CompressionMode.Decompress))
        {
            gzip.CopyTo(inflated);
        }

        inflated.Write(Encoding.UTF8.GetBytes($"this is no record {number}\n"));
        return inflated.ToArray();
    }

    /// <summary>An upload that is answered 413.</summary>
    private static StringContent TooMuch() => new(string.Concat(Enumerable.Repeat("x\n", 1_000_001)));

    [GeneratedRegex("cflogstream_[a-z_]+")]
    private static partial Regex MetricName();
}

using System.Text.Json;

namespace CfLogStream.Generator.Tests.Uploads;

/// <summary>Lag, order and repetition of uploads.</summary>
public sealed class DeliveryTests
{
    [Fact]
    public async Task Uploads_Typical_LagAndOrderAreAsObserved()
    {
        GeneratedRun run = await GeneratedRun.CreateAsync(new GeneratorOptions
        {
            Records = 60_000,
            Minimal = true,
            BatchInterval = TimeSpan.FromSeconds(30)
        });
        var lags = new List<double>();
        int inversions = 0;
        double back = 0;
        HashSet<string> again = [.. run.LedgerLines("batch").Where(batch =>
            batch.TryGetProperty("duplicate_of", out _)).Select(batch => GeneratedRun.Text(batch, "file"))];
        string previousFile = "";
        long previous = 0;
        foreach ((string file, ReadOnlyMemory<byte> line) in run.Lines("http_requests").Where(line => !again.Contains(line.File)))
        {
            long ms = GeneratedRun.Ms(JsonDocument.Parse(line).RootElement, "EdgeStartTimestamp");
            lags.Add((run.Uploads.Delivered[file].ToUnixTimeMilliseconds() - ms) / 1000.0);
            if (file == previousFile && ms < previous)
            {
                inversions++;
                back = Math.Max(back, (previous - ms) / 1000.0);
            }

            previousFile = file;
            previous = ms;
        }

        lags.Sort();
        Assert.InRange(lags[lags.Count / 2], 75, 105);
        Assert.InRange(lags[lags.Count * 9 / 10], 100, 140);
        Assert.InRange(lags[^1], 130, 200);
        Assert.InRange((double)inversions / lags.Count, 0.3, 0.6);
        Assert.InRange(back, 40, 82);
        Assert.NotEmpty(again);
    }

    [Fact]
    public async Task Uploads_NoDisorder_AreInOrderAndOnce()
    {
        GeneratedRun run = await GeneratedRun.CreateAsync(new GeneratorOptions { Records = 10_000, Disorder = Disorder.None });
        long[] times = [.. run.Lines("http_requests").Select(line =>
            GeneratedRun.Ms(JsonDocument.Parse(line.Line).RootElement, "EdgeStartTimestamp"))];

        Assert.Equal(times.Order(), times);
        Assert.DoesNotContain(run.LedgerLines("batch"), batch => batch.TryGetProperty("duplicate_of", out _));
        Assert.Equal(run.Summary.Records, run.Summary.Lines);
    }

    [Fact]
    public async Task Uploads_ThinTraffic_AreManyAndSmall()
    {
        var options = new GeneratorOptions { Records = 1000, Minimal = true, Duration = TimeSpan.FromDays(7), Disorder = Disorder.Typical };
        GeneratedRun run = await GeneratedRun.CreateAsync(options);
        JsonElement[] batches = [.. run.LedgerLines("batch").Where(batch => !batch.TryGetProperty("duplicate_of", out _))];

        Assert.True(batches.Length > 400);
        Assert.All(batches, batch => Assert.InRange(batch.GetProperty("max_lag_ms").GetInt64(), 20_000, 420_000));
        JsonElement[] minutes = [.. run.LedgerLines("minute")];
        Assert.True(GeneratedRun.LedgerMs(minutes[^1], "minute") - GeneratedRun.LedgerMs(minutes[0], "minute") > 6.9 * 86_400_000);
    }

    [Fact]
    public async Task Uploads_TwoDatasets_AreCutAtTheirOwnTimes()
    {
        GeneratedRun run = await GeneratedRun.CreateAsync(new GeneratorOptions { Records = 30_000, Minimal = true });
        static string Times(string file) => file.Split('/')[2].Split('_')[1];
        HashSet<string> http = [.. run.Uploads.Files.Keys.Where(name => name.StartsWith("http", StringComparison.Ordinal)).Select(Times)];
        HashSet<string> events = [.. run.Uploads.Files.Keys.Where(name => name.StartsWith("fire", StringComparison.Ordinal)).Select(Times)];

        Assert.True(http.Intersect(events).Count() < http.Count / 4);
    }
}

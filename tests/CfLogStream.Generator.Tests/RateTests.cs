using System.Text.Json;

namespace CfLogStream.Generator.Tests;

/// <summary>Busy traffic: more callers, and none of them faster.</summary>
public sealed class RateTests
{
    private const long Records = 40_000;

    [Fact]
    public async Task Rate_Given_DecidesTheSpan()
    {
        GeneratedRun run = await BusyAsync(200);
        double[] seconds = [.. run.Distinct("http_requests").Select(record => GeneratedRun.Ms(record, "EdgeStartTimestamp") / 1000.0)];

        Assert.InRange(seconds.Max() - seconds.Min(), 195, 215);
        Assert.Equal("200", GeneratedRun.Text(run.Header, "rate"));
        Assert.Equal(Records, run.Summary.Records);
    }

    [Fact]
    public async Task Rate_Twice_SameBytes()
    {
        GeneratedRun first = await BusyAsync(200);
        GeneratedRun second = await BusyAsync(200);

        Assert.All(first.Uploads.Files, file => Assert.Equal(file.Value, second.Uploads.Files[file.Key]));
        Assert.Equal(first.Uploads.LedgerText, second.Uploads.LedgerText);
    }

    [Fact]
    public async Task Rate_AtMostTheUsual_HasTheUsualCallers()
    {
        var options = new GeneratorOptions { Records = 5000, Seed = 3, Duration = TimeSpan.FromSeconds(5000) };
        GeneratedRun usual = await GeneratedRun.CreateAsync(options);
        GeneratedRun rated = await GeneratedRun.CreateAsync(options with { Duration = null, Rate = 1 });

        Assert.All(usual.Uploads.Files, file => Assert.Equal(file.Value, rated.Uploads.Files[file.Key]));
    }

    [Fact]
    public async Task Rate_Busy_HasMoreCallersOfEveryKind()
    {
        Dictionary<string, JsonElement> usual = Actors(await UsualAsync());
        Dictionary<string, JsonElement> busy = Actors(await BusyAsync(400));

        string[] growing = ["northwind-erp", "vehicle-gateways", "stripe", "googlebot", "developers with curl", "early_hints_cache"];
        foreach (string actor in growing)
        {
            int callers = usual[actor].GetProperty("callers").GetInt32();
            Assert.True(busy[actor].GetProperty("callers").GetInt32() > 2 * callers, actor);
        }

        Assert.InRange(busy["uptimerobot"].GetProperty("callers").GetInt32(), 1, 8);
    }

    [Fact]
    public async Task Rate_Busy_NobodyCallsFasterThanUsually()
    {
        // By address and minute; bursts of webhooks and scanners are as fast as they always are.
        int usual = BusiestMinute(await UsualAsync());
        int busy = BusiestMinute(await BusyAsync(400));

        Assert.InRange(busy, usual / 2, usual * 3 / 2);
    }

    private static int BusiestMinute(GeneratedRun run) => run.Distinct("http_requests")
        .GroupBy(record => (GeneratedRun.Text(record, "ClientIP"), GeneratedRun.Ms(record, "EdgeStartTimestamp") / 60_000))
        .Where(group => GeneratedRun.Text(group.First(), "ClientRequestSource") == "eyeball")
        .Max(group => group.Count());

    private static Dictionary<string, JsonElement> Actors(GeneratedRun run) =>
        run.LedgerLines("actor").ToDictionary(line => GeneratedRun.Text(line, "actor"));

    private static Task<GeneratedRun> UsualAsync() => GeneratedRun.CreateAsync(new GeneratorOptions { Records = Records, Seed = 3 });

    private static Task<GeneratedRun> BusyAsync(double rate) =>
        GeneratedRun.CreateAsync(new GeneratorOptions { Records = Records, Seed = 3, Rate = rate });
}

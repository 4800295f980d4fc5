using System.Text.Json.Nodes;
using CfLogStream.EndToEnd.Tests.Support;

namespace CfLogStream.EndToEnd.Tests.Log;

/// <summary>Records that come again, apart, alone or dated ahead: as long as they are in time, the order in which they come changes no number.</summary>
public sealed class LogOrderTests(EngineFixture engine)
{
    private const string Scenario = "bot-fight-webhooks";

    [Fact]
    public async Task SameRay_InManyBatches_CountsOnce()
    {
        await using LogCluster cluster = LogCluster.Start(engine);
        await cluster.ArrangeAsync(Scenario, 51, 3_000, SpreadAndRepeat);
        cluster.Serve("ingest,process");

        await cluster.ProduceBatchesAsync();
        await cluster.ExpectOracleAsync();
        Assert.True(cluster.Oracle.Duplicates > 4_000, $"{cluster.Oracle.Duplicates} duplicates");
        await cluster.UntilQualityAsync("duplicates", cluster.Oracle.Duplicates);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(-8)]
    public async Task Datasets_MinutesApart_AreJoined(int eventMinutes)
    {
        await using LogCluster cluster = LogCluster.Start(engine);
        IReadOnlyList<LogBatch> batches = await cluster.ArrangeAsync(
            Scenario, 52, 3_000, generated => generated.OrderBy(batch => batch.At.AddMinutes(batch.IsEvents ? eventMinutes : 0)));
        cluster.Serve("ingest,process");

        // Batches of the one dataset that come when the other is long past their time.
        int behind = 0;
        DateTime newest = DateTime.MinValue;
        foreach (LogBatch batch in batches)
        {
            bool isBehind = batch.IsEvents == eventMinutes > 0;
            behind += isBehind && newest >= batch.At.AddMinutes(7) ? 1 : 0;
            newest = isBehind || batch.At < newest ? newest : batch.At;
        }

        Assert.True(behind > 20, $"{behind} batches are behind");
        Assert.True(cluster.Oracle.FirewallEvents > 100, $"{cluster.Oracle.FirewallEvents} events");
        await cluster.ProduceBatchesAsync();
        await cluster.ExpectOracleAsync();
        await cluster.UntilQualityAsync("received", cluster.Oracle.HttpRequests + cluster.Oracle.FirewallEvents);
        await cluster.UntilQualityAsync("late", 0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Datasets_OneAbsent_GivesWhatTheOracleCounts(bool events)
    {
        await using LogCluster cluster = LogCluster.Start(engine);
        await cluster.ArrangeAsync(Scenario, 53, 4_000, generated => generated.Where(batch => batch.IsEvents == events));
        cluster.Serve("ingest,process");

        Assert.True(events ? cluster.Oracle.FirewallEvents > 100 : cluster.Oracle.HttpRequests > 1_000);
        Assert.Equal(0, events ? cluster.Oracle.HttpRequests : cluster.Oracle.FirewallEvents);
        await cluster.ProduceBatchesAsync(closeWithEvents: events);
        await cluster.ExpectOracleAsync();
        await cluster.UntilRowsAsync(
            $"SELECT toUInt64(uniqExact(dataset)) FROM {cluster.Database}.quality_1m FINAL WHERE dataset IN ('http_requests', 'firewall_events')", 1);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(24)]
    public async Task Clocks_HoursAhead_MakeNobodyLate(int hours)
    {
        // All records of a ray are dated ahead, and they come in their place among the others.
        DateTime ahead = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(hours);
        int moved = 0;
        await using LogCluster cluster = LogCluster.Start(engine);
        await cluster.ArrangeAsync(Scenario, 54, 3_000, generated => generated.Select(batch => batch with { Lines = [.. batch.Lines.Select(Move)] }));
        cluster.Serve("ingest,process");

        await cluster.ProduceBatchesAsync();
        await cluster.ExpectOracleAsync();
        Assert.True(moved > 100, $"{moved} records are dated ahead");
        await cluster.UntilQualityAsync("future", moved);
        await cluster.UntilQualityAsync("received", cluster.Oracle.HttpRequests + cluster.Oracle.FirewallEvents);
        await cluster.UntilQualityAsync("late", 0);

        string Move(string line)
        {
            JsonNode json = JsonNode.Parse(line)!;
            if (json["RayID"]?.GetValue<string>() is not { Length: > 0 } ray || ray[^1] != '7' || json["OriginatorRayID"]?.GetValue<string>() is { Length: > 2 })
            {
                return line;
            }

            moved++;
            json[json["Datetime"] is null ? "EdgeStartTimestamp" : "Datetime"] = (ahead - DateTime.UnixEpoch).Ticks * 100;
            return json.ToJsonString();
        }
    }

    /// <summary>Every third line, the next thirds, then each line again in the company of half of the batch before.</summary>
    private static IEnumerable<LogBatch> SpreadAndRepeat(IReadOnlyList<LogBatch> generated)
    {
        IReadOnlyList<string> before = [];
        foreach (LogBatch batch in generated)
        {
            for (int third = 0; third < 3; third++)
            {
                yield return batch with { Lines = [.. batch.Lines.Where((_, i) => i % 3 == third)] };
            }

            yield return batch with { Lines = [.. batch.Lines.Reverse(), .. before.Where((_, i) => i % 2 == 1)] };
            before = batch.Lines;
        }
    }
}

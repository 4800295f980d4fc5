using System.Globalization;
using System.Text;
using CfLogStream.Server.Insight.Requests;
using CfLogStream.Server.Processing;

namespace CfLogStream.Server.Tests.Processing;

/// <summary>A lost request can be found while its minute is open.</summary>
public sealed class EarlyRequestTests(ProcessEngine engine)
{
    private const long Received = 1_790_000_000L * 1_000_000_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LostRequest_OfAnOpenMinute_IsFoundAtTheNextCutAndReplacedWhenItCloses()
    {
        var log = new TestLog(1);
        log.Append("upload", Received, Lines(0, 3));
        await using ProcessDatabase database = await engine.CreateAsync();
        var lookup = new RayLookup(database.Queries);
        var finder = new RequestFinder(database.Queries);
        using var run = new PipelineRun(database, log, options => options with
        {
            Correlation = options.Correlation with { AwaitEvents = false, LostPerWindowHostRule = 1 },
        });
        PartitionPipeline session = await run.OpenAsync(0);
        await run.FeedAsync(session, 0, long.MaxValue);
        await PipelineRun.UntilAsync(() => run.Metrics.Partitions[0].QueuedBytes == 0);
        run.Time.Advance(run.Options.CutInterval);
        await PipelineRun.UntilAsync(() => run.Metrics.Counted == 3);

        // Nothing came since, and nothing has closed: of the three the cap keeps one, but that is decided when the minute closes.
        Assert.Empty(await database.RowsAsync($"SELECT ray FROM {database.Name}.requests"));
        string early = Assert.Single(await database.RowsAsync($"SELECT ray FROM {database.Name}.requests_early")).Trim();
        RequestColumns found = Assert.Single(await lookup.FindAsync(early, Cancel));
        Assert.Equal((true, "blocked", early), (found.Flag("early"), found.Text("outcome"), found.Text("ray")));
        FindFilter all = new() { From = DateTime.UnixEpoch, Until = DateTime.UnixEpoch.AddYears(100) };
        Assert.True(Assert.Single((await finder.FindAsync(all, Cancel)).Found).IsEarly);

        // An hour later the minute closes.
        log.Append("upload", Received + (3_600L * 1_000_000_000), Lines(3_600, 1));
        await run.FeedAsync(session, 0, long.MaxValue, from: log.Partitions[0][^1].Offset);
        await session.DrainAsync(Cancel);
        Assert.Equal(early, Assert.Single(await database.RowsAsync($"SELECT ray FROM {database.Name}.requests FINAL")).Trim());
        RequestColumns closed = Assert.Single(await lookup.FindAsync(early, Cancel));
        Assert.Equal((false, 3.0), (closed.Flag("early"), closed.Amount("weight")));
        Assert.Equal(
            [(false, early)],
            (await finder.FindAsync(all with { Until = new DateTime(2026, 9, 21, 15, 0, 0, DateTimeKind.Utc) }, Cancel)).Found.Select(one => (one.IsEarly, one.Ray)));
    }

    private static byte[] Lines(int laterSeconds, int count)
    {
        var lines = new StringBuilder();
        for (int i = 0; i < count; i++)
        {
            lines.Append(CultureInfo.InvariantCulture, $"{{\"RayID\":\"{laterSeconds + i + 1:x16}\",\"EdgeStartTimestamp\":{Received - 1_000_000_000 + (laterSeconds * 1_000_000_000L)},");
            lines.Append("\"ClientRequestHost\":\"api.example.com\",\"ClientRequestMethod\":\"GET\",\"ClientRequestURI\":\"/v1\",\"EdgeResponseStatus\":403,");
            lines.Append("\"OriginResponseStatus\":0,\"SecurityAction\":\"block\",\"SecurityRuleID\":\"r1\",\"SecurityActions\":[\"block\"],");
            lines.Append("\"SecurityRuleIDs\":[\"r1\"],\"SecuritySources\":[\"firewallCustom\"]}\n");
        }

        return Encoding.UTF8.GetBytes(lines.ToString());
    }
}

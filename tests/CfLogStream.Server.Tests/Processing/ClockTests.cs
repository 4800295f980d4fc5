using System.Globalization;
using System.Text;
using CfLogStream.Server.Processing;

namespace CfLogStream.Server.Tests.Processing;

/// <summary>What the clock does to rows: nothing. What it decides is only when they can be seen.</summary>
public sealed class ClockTests(ProcessEngine engine)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_AfterADayOfSilence_IsVisibleAtTheNextCut()
    {
        await using ProcessDatabase database = await engine.CreateAsync();
        var log = new TestLog(1);
        Append(log, 1, "2026-10-01T10:00:00Z");
        using var run = new PipelineRun(database, log);
        PartitionPipeline session = await run.OpenAsync(0);
        await run.FeedAsync(session, 0, 1);
        await CutUntilAsync(run, () => RequestsAsync(database), 1);

        int ticks = 0;
        for (TimeSpan idle = TimeSpan.Zero; idle < TimeSpan.FromDays(1); idle += run.Options.CutInterval)
        {
            run.Time.Advance(run.Options.CutInterval);
            ticks++;
        }

        DateTimeOffset sent = run.Time.GetUtcNow();
        Append(log, 2, "2026-10-02T10:00:00Z");
        await run.FeedAsync(session, 0, 2, from: 1);
        await CutUntilAsync(run, () => RequestsAsync(database), 2);

        TimeSpan visible = run.Time.GetUtcNow() - sent;
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{ticks} cuts without a record, then a request visible {visible.TotalSeconds} s of the clock after it came");
        Assert.InRange(visible, TimeSpan.Zero, TimeSpan.FromSeconds(30));
        await session.DrainAsync(Cancel);
    }

    [Fact]
    public async Task Midnights_OfALeapDay_StandInTheirOwnDays()
    {
        string[] times =
        [
            "2028-02-28T23:59:59.999999999Z", "2028-02-29T00:00:00Z", "2028-02-29T23:59:59.999999999Z", "2028-03-01T00:00:00Z",
            "2027-12-31T23:59:59.999999999Z", "2028-01-01T00:00:00Z",
        ];
        await using ProcessDatabase database = await engine.CreateAsync();
        var log = new TestLog(3);
        for (int i = 0; i < times.Length; i++)
        {
            Append(log, i, times[i]);
        }

        await PipelineRun.RunWholeAsync(database, log);

        Assert.Equal(
            ["2027-12-31 23:59 1", "2028-01-01 00:00 1", "2028-02-28 23:59 1", "2028-02-29 00:00 1", "2028-02-29 23:59 1", "2028-03-01 00:00 1"],
            await database.Queries.ReadAsync(
                $"SELECT formatDateTime(window, '%Y-%m-%d %H:%i') AS minute, sum(requests) FROM {database.Name}.requests_1m FINAL "
                + "GROUP BY minute ORDER BY minute",
                null,
                row => string.Create(CultureInfo.InvariantCulture, $"{row.GetString(0)} {row.GetValue(1)}"),
                Cancel));
        Assert.Equal(
            ["2027-12-31", "2028-01-01", "2028-02-28", "2028-02-29", "2028-03-01"],
            await database.Queries.ReadAsync(
                $"SELECT DISTINCT partition FROM system.parts WHERE database = '{database.Name}' AND table = 'requests_1m' AND active ORDER BY partition",
                null,
                row => row.GetString(0),
                Cancel));
    }

    [Theory]
    [InlineData(-3_600)]
    [InlineData(86_400 * 400)]
    public async Task Steps_OfTheReceiversClock_ChangeNoNumber(int seconds)
    {
        var steady = new TestLog(1);
        var stepped = new TestLog(1);
        long nowNs = Nanoseconds("2026-10-01T10:00:05Z");
        for (int i = 0; i < 300; i++)
        {
            string time = DateTimeOffset.Parse("2026-10-01T10:00:00Z", CultureInfo.InvariantCulture).AddSeconds(i * 20)
                .ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
            long stepNs = i is >= 100 and < 200 ? seconds * 1_000_000_000L : 0;
            steady.Append("push", nowNs + (i * 20_000_000_000L), Line(i, time));
            stepped.Append("push", nowNs + (i * 20_000_000_000L) + stepNs, Line(i, time));
        }

        await using ProcessDatabase one = await engine.CreateAsync();
        await PipelineRun.RunWholeAsync(one, steady);
        await using ProcessDatabase other = await engine.CreateAsync();
        await PipelineRun.RunWholeAsync(other, stepped);

        // A record from the future by the receiver's clock moves no watermark, so that rows end elsewhere in the log; their numbers stay.
        const string Sums =
            "SELECT window, host, method, path, client_class, sum(requests), sum(lost), uniqCombined64Merge(callers) "
            + "FROM db.requests_1m FINAL GROUP BY ALL ORDER BY ALL";
        IReadOnlyList<string> expected = await one.RowsAsync(Sums.Replace("db", one.Name, StringComparison.Ordinal));
        Assert.Equal(100, expected.Count);
        Assert.Equal(expected, await other.RowsAsync(Sums.Replace("db", other.Name, StringComparison.Ordinal)));
    }

    /// <summary>Lets cuts pass until as many requests can be seen; at most six, which is half a minute of the clock.</summary>
    private static async Task CutUntilAsync(PipelineRun run, Func<Task<long>> visible, long expected)
    {
        for (int cut = 0; cut < 6; cut++)
        {
            await PipelineRun.UntilAsync(() => run.Metrics.Partitions[0].QueuedBytes == 0);
            run.Time.Advance(run.Options.CutInterval);
            for (int i = 0; i < 200; i++)
            {
                if (await visible() == expected)
                {
                    return;
                }

                await Task.Delay(10, Cancel);
            }
        }

        Assert.Fail($"{expected} requests were expected");
    }

    private static Task<long> RequestsAsync(ProcessDatabase database) => database.Queries.ScalarAsync<long>(
        $"SELECT toInt64(sum(requests)) FROM {database.Name}.requests_1m FINAL", null, Cancel);

    private static void Append(TestLog log, int number, string time) => log.Append("push", Nanoseconds(time) + 1_000_000_000, Line(number, time));

    private static long Nanoseconds(string time) =>
        (DateTimeOffset.Parse(time, CultureInfo.InvariantCulture).UtcTicks - DateTime.UnixEpoch.Ticks) * 100;

    private static byte[] Line(int number, string time)
    {
        string ray = (0x9100000000000000UL + ((ulong)number * 7919UL)).ToString("x16", CultureInfo.InvariantCulture);
        return Encoding.UTF8.GetBytes(
            $$"""{"RayID":"{{ray}}","EdgeStartTimestamp":"{{time}}","ClientRequestHost":"api.example","ClientRequestMethod":"GET","ClientRequestURI":"/v1","EdgeResponseStatus":200,"OriginResponseStatus":200,"SecurityActions":[],"SecuritySources":[],"SecurityRuleIDs":[]}"""
            + "\n");
    }
}

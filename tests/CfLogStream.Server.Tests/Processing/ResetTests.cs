using System.Globalization;
using System.Text;
using CfLogStream.Core.Traffic;
using CfLogStream.Server.Processing;

namespace CfLogStream.Server.Tests.Processing;

/// <summary>A log that is processed again from an earlier place under other settings.</summary>
public sealed class ResetTests(ProcessEngine engine)
{
    private const long Start = 1_790_000_000 / 3600 * 3600;
    private const int Minutes = 500;

    private static readonly string[] s_counts =
    [
        "SELECT window, dataset, sum(received), sum(counted), sum(duplicates), sum(dead_lettered), sum(late) FROM {0}.quality_1m FINAL GROUP BY ALL ORDER BY ALL",
        "SELECT window, sum(requests), sum(lost) FROM {0}.requests_1m FINAL GROUP BY ALL ORDER BY ALL",
        "SELECT window, control, rule_id, sum(count) FROM {0}.mitigations_1m FINAL GROUP BY ALL ORDER BY ALL",
        "SELECT hour, sum(requests), sum(lost) FROM {0}.callers_1h FINAL GROUP BY ALL ORDER BY ALL",
        "SELECT hour, control, rule_id, sum(count) FROM {0}.rules FINAL GROUP BY ALL ORDER BY ALL",
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reset_ToEarliest_GivesTheRowsOfTheNewSettingsAlone()
    {
        TestLog log = Traffic(Minutes);
        await using ProcessDatabase expected = await engine.CreateAsync();
        await PipelineRun.RunWholeAsync(expected, log, Newer);
        await using ProcessDatabase database = await engine.CreateAsync();
        await PipelineRun.RunWholeAsync(database, log);
        Assert.NotEqual(await expected.DumpAsync(), await database.DumpAsync());

        PartitionReset reset = await ResetAsync(database, log, DateTimeOffset.UnixEpoch);
        Assert.Equal((DateTimeOffset.UnixEpoch, 0L), (reset.From, reset.Progress!.NextMessage));
        await PipelineRun.RunWholeAsync(database, log, Newer);

        Assert.Equal(await expected.DumpAsync(), await database.DumpAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public async Task Reset_ToATime_WritesLaterHoursAnewAndKeepsAndCompletesEarlierOnes(int hours)
    {
        TestLog log = Traffic(Minutes);
        await using ProcessDatabase old = await engine.CreateAsync();
        await PipelineRun.RunWholeAsync(old, log);
        await using ProcessDatabase database = await engine.CreateAsync();
        await PipelineRun.RunWholeAsync(database, log);

        DateTimeOffset hour = DateTimeOffset.FromUnixTimeSeconds(Start).AddHours(hours);
        PartitionReset reset = await ResetAsync(database, log, hour.AddMinutes(25));
        Assert.Equal(hour, reset.From);
        Assert.InRange(reset.Progress!.NextMessage, 1, log.Partitions[0].Count - 1);

        // Interrupted once, and with records that nobody has read before, some of them for hours that are kept.
        using (var run = new PipelineRun(database, log, Newer))
        {
            PartitionPipeline session = await run.OpenAsync(0);
            Assert.Equal(reset.Progress.NextMessage, session.StartOffset);
            await run.FeedAsync(session, 0, session.StartOffset + 70);
            await session.DrainAsync(Cancel);
        }

        Append(log, Minutes, Minutes + 200);
        await PipelineRun.RunWholeAsync(database, log, Newer);

        await using ProcessDatabase expected = await engine.CreateAsync();
        await PipelineRun.RunWholeAsync(expected, log, Newer);
        foreach (string counts in s_counts)
        {
            Assert.Equal(await RowsAsync(expected, counts), await RowsAsync(database, counts));
        }

        // What a wrong clock put there before the place that is read from stays as it was.
        string since = $"WHERE window >= fromUnixTimestamp({hour.ToUnixTimeSeconds()}) AND (chunk = 0 OR chunk > {reset.Progress.NextMessage / 64})";
        string before = $"WHERE chunk = 0 AND window < fromUnixTimestamp({hour.ToUnixTimeSeconds()})";
        string rows = "SELECT window, chunk, path, requests, lost, version FROM {0}.requests_1m FINAL ";
        Assert.Equal(await RowsAsync(expected, rows + since + " ORDER BY ALL"), await RowsAsync(database, rows + since + " ORDER BY ALL"));
        Assert.Equal(await RowsAsync(old, rows + before + " ORDER BY ALL"), await RowsAsync(database, rows + before + " ORDER BY ALL"));
        string kept = "SELECT time, ray, path, outcome FROM {0}.requests FINAL "
            + $"WHERE time >= fromUnixTimestamp({hour.ToUnixTimeSeconds()}) AND version > {reset.Progress.NextMessage * 4096} ORDER BY ALL";
        Assert.Equal(await RowsAsync(expected, kept), await RowsAsync(database, kept));
    }

    [Fact]
    public async Task Reset_OnATrimmedLog_BeginsWithTheFirstWholeHourThereIs()
    {
        TestLog log = Traffic(Minutes);
        await using ProcessDatabase database = await engine.CreateAsync();
        await PipelineRun.RunWholeAsync(database, log);
        await using ProcessDatabase expected = await engine.CreateAsync();
        await PipelineRun.RunWholeAsync(expected, log, Newer);
        int gone = log.Partitions[0].Count / 4;
        DateTimeOffset oldest = AppendedAt(log, gone);

        PartitionReset reset = await ResetAsync(database, log, DateTimeOffset.UnixEpoch, low: gone);
        Assert.InRange(reset.Progress!.NextMessage, gone, gone * 2);
        Assert.InRange(reset.From, oldest.AddMinutes(20), oldest.AddMinutes(80));
        await PipelineRun.RunWholeAsync(database, log, Newer);

        foreach (string counts in s_counts)
        {
            Assert.Equal(await RowsAsync(expected, counts), await RowsAsync(database, counts));
        }
    }

    [Fact]
    public async Task Reset_Twice_TheSecondHolds()
    {
        TestLog log = Traffic(Minutes);
        await using ProcessDatabase expected = await engine.CreateAsync();
        await PipelineRun.RunWholeAsync(expected, log, Newer);
        await using ProcessDatabase database = await engine.CreateAsync();
        await PipelineRun.RunWholeAsync(database, log);

        await ResetAsync(database, log, DateTimeOffset.FromUnixTimeSeconds(Start).AddHours(4), generation: 2);
        PartitionReset later = await ResetAsync(database, log, DateTimeOffset.FromUnixTimeSeconds(Start).AddHours(6), generation: 3);
        Assert.Equal("nothing since then is final, so the greater generation alone has it written anew", later.Why);
        await ResetAsync(database, log, DateTimeOffset.FromUnixTimeSeconds(Start).AddHours(2), generation: 4);
        await PipelineRun.RunWholeAsync(database, log, options => Newer(options) with { Generation = 4 });

        foreach (string counts in s_counts)
        {
            Assert.Equal(await RowsAsync(expected, counts), await RowsAsync(database, counts));
        }
    }

    [Fact]
    public async Task Reset_UnderTheSameGenerationOrOfNothing_DoesNothing()
    {
        TestLog log = Traffic(30);
        await using ProcessDatabase database = await engine.CreateAsync();
        Assert.Equal("it was never processed", (await ResetAsync(database, log, DateTimeOffset.UnixEpoch)).Why);
        await PipelineRun.RunWholeAsync(database, log, Newer);

        GenerationException refusal = await Assert.ThrowsAsync<GenerationException>(() => ResetAsync(database, log, DateTimeOffset.UnixEpoch));
        Assert.Equal(
            "Partition 0 of 'cflogstream.log' was processed under generation 2; the configuration has classification.generation 2. Raise it to 3: a log "
            + "is processed again under a new one.",
            refusal.Message);
    }

    private static ProcessOptions Newer(ProcessOptions options) => options with
    {
        Generation = 2,
        Classification = new ClassificationTables(new ClassificationSettings { PathTemplates = ["/{version}/orders"] }),
    };

    private static async Task<PartitionReset> ResetAsync(
        ProcessDatabase database, TestLog log, DateTimeOffset to, long low = 0, uint generation = 2)
    {
        using var run = new PipelineRun(database, log, options => Newer(options) with { Generation = generation });
        List<TestLog.Message> messages = log.Partitions[0];
        var places = new LogPlaces(low, messages.Count, AppendedAt(log, (int)low), (time, _) =>
        {
            int first = messages.FindIndex((int)low, message => AppendedAt(log, (int)message.Offset) >= time);
            return Task.FromResult<long>(first < 0 ? messages.Count : first);
        });
        PartitionReset reset = await new ResetPlanner(run.Options, run.Store).PlanAsync(0, places, to, Cancel);
        if (reset.Progress is not null)
        {
            await run.Store.WriteAsync(0, reset.Progress, [], Cancel);
        }

        return reset;
    }

    /// <summary>Each minute has two messages (requests, events) and some a third (dead letters); all were appended a minute after it began.</summary>
    private static DateTimeOffset AppendedAt(TestLog log, int message)
    {
        var reader = new CfLogStream.Kafka.Slices.SliceReader([]);
        TestLog.Message found = log.Partitions[0][message];
        Assert.Equal(CfLogStream.Kafka.Slices.SliceStatus.Ok, reader.Open(found.Header, found.Bytes));
        return DateTimeOffset.UnixEpoch.AddTicks(reader.ReceivedNs / 100);
    }

    private static async Task<IReadOnlyList<string>> RowsAsync(ProcessDatabase database, string sql) =>
        await database.RowsAsync(sql.Replace("{0}", database.Name, StringComparison.Ordinal));

    private static TestLog Traffic(int minutes)
    {
        var log = new TestLog(1);
        Append(log, 0, minutes);
        return log;
    }

    private static void Append(TestLog log, int from, int to)
    {
        for (int minute = from; minute < to; minute++)
        {
            log.Append("upload", Ns(minute + 1), Lines(minute, minute));
            if (minute % 7 == 0)
            {
                // Hours late, and a batch that was sent again.
                log.Append("upload", Ns(minute + 1), Lines(minute, minute / 3));
                log.Append("upload", Ns(minute + 1), Lines(minute - (minute % 5), minute - (minute % 5)));
            }

            if (minute % 50 == 49)
            {
                // A clock that is wrong by two hours.
                log.Append("upload", Ns(minute + 1), Lines(minute, minute + 120));
            }
        }
    }

    /// <summary>Records of one minute that came in another one.</summary>
    private static byte[] Lines(int came, int minute)
    {
        var lines = new StringBuilder();
        for (int i = 0; i < 6; i++)
        {
            string ray = (((ulong)came << 32) + ((ulong)minute << 16) + (ulong)i + 1).ToString("x16", CultureInfo.InvariantCulture);
            string time = (Ns(minute) + (i * 9_000_000_000L)).ToString(CultureInfo.InvariantCulture);
            bool blocked = i % 3 == 0;
            string arrays = blocked
                ? "\"SecurityActions\":[\"block\"],\"SecuritySources\":[\"firewallCustom\"],\"SecurityRuleIDs\":[\"r1\"]"
                : "\"SecurityActions\":[],\"SecuritySources\":[],\"SecurityRuleIDs\":[]";
            lines.Append(CultureInfo.InvariantCulture, $"{{\"RayID\":\"{ray}\",\"EdgeStartTimestamp\":{time},\"ZoneName\":\"example.com\",");
            lines.Append("\"ClientRequestHost\":\"api.example.com\",\"ClientRequestMethod\":\"GET\",\"ClientRequestURI\":\"/v1/orders\",");
            lines.Append("\"ClientRequestUserAgent\":\"okhttp/4\",\"ClientIP\":\"192.0.2.").Append(i).Append("\",\"ClientASN\":1,");
            lines.Append("\"EdgeResponseStatus\":").Append(blocked ? 403 : 200).Append(",\"OriginResponseStatus\":").Append(blocked ? 0 : 200);
            lines.Append(',').Append(arrays).Append("}\n");
            if (blocked)
            {
                lines.Append(CultureInfo.InvariantCulture, $"{{\"RayID\":\"{ray}\",\"Datetime\":{time},\"Action\":\"block\",\"RuleID\":\"r1\",");
                lines.Append("\"Source\":\"firewallCustom\",\"MatchIndex\":0,\"ClientRequestHost\":\"api.example.com\",\"Kind\":\"firewall\",");
                lines.Append("\"ClientRequestMethod\":\"GET\",\"ClientRequestPath\":\"/v1/orders\",\"EdgeResponseStatus\":403}\n");
            }
        }

        return Encoding.UTF8.GetBytes(lines.Append(CultureInfo.InvariantCulture, $"no json {came} {minute}\n").ToString());
    }

    private static long Ns(int minute) => (Start + (minute * 60L)) * 1_000_000_000;
}

using System.Globalization;
using System.Text;
using CfLogStream.ClickHouse;
using CfLogStream.ClickHouse.Writing;
using CfLogStream.Kafka.Log;
using CfLogStream.Server.Processing;

namespace CfLogStream.Server.Tests.Processing;

/// <summary>Crashes, zombies, repetitions, gaps, poison, and a ClickHouse that does not answer.</summary>
public sealed class PipelineFaultTests(ProcessEngine engine)
{
    private const long Start = 1_790_000_000 / 3600 * 3600;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(CrashPoints.AfterRead, 9)]
    [InlineData(CrashPoints.AfterCompute, 14)]
    [InlineData(CrashPoints.BeforeInsert, 5)]
    [InlineData(CrashPoints.AfterInsert, 1)]
    [InlineData(CrashPoints.AfterInsert, 3)]
    [InlineData(CrashPoints.AfterProgress, 2)]
    public async Task Crash_AtAPoint_TheNextRunWritesTheSameRows(string point, int nth)
    {
        TestLog log = Traffic(minutes: 60);
        await using ProcessDatabase whole = await engine.CreateAsync();
        await PipelineRun.RunWholeAsync(whole, log);
        await using ProcessDatabase crashed = await engine.CreateAsync();

        using (var run = new PipelineRun(
            crashed, log, Often, new CrashPoints(point, nth, () => throw new InvalidOperationException("crash"))))
        {
            await using PartitionPipeline session = await run.OpenAsync(0);
            InvalidOperationException crash = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
            {
                await run.FeedAsync(session, 0, long.MaxValue);
                await session.DrainAsync(Cancel);
            });
            Assert.Contains("crash", crash.ToString(), StringComparison.Ordinal);
            await session.DisposeAsync();
            run.AssertBalance();
            Assert.Equal(0, run.Metrics.InFlight);
        }

        await PipelineRun.RunWholeAsync(crashed, log, Often);
        Assert.Equal(await whole.DumpAsync(), await crashed.DumpAsync());
    }

    [Fact]
    public async Task Zombie_GoesOnBesideTheNewOwner_TheSameRows()
    {
        TestLog log = Traffic(minutes: 60);
        long end = log.Partitions[0][^1].Offset + 1;
        await using ProcessDatabase whole = await engine.CreateAsync();
        await PipelineRun.RunWholeAsync(whole, log);
        await using ProcessDatabase both = await engine.CreateAsync();
        using var first = new PipelineRun(both, log, Often);
        using var second = new PipelineRun(both, log, Often);

        PartitionPipeline zombie = await first.OpenAsync(0);
        await first.FeedAsync(zombie, 0, end / 2);
        await PipelineRun.UntilAsync(() => zombie.CommitOffset is not null);
        PartitionPipeline owner = await second.OpenAsync(0);
        Assert.True(owner.StartOffset >= 0);
        await second.FeedAsync(owner, 0, end * 3 / 4);
        await first.FeedAsync(zombie, 0, end, from: end / 2);
        await second.FeedAsync(owner, 0, end, from: end * 3 / 4);
        await owner.DrainAsync(Cancel);
        await zombie.DrainAsync(Cancel);

        Assert.Equal(await whole.DumpAsync(), await both.DumpAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Batches_SentAgain_ChangeNothingButTheirOwnCounts(bool restarts)
    {
        TestLog log = Traffic(minutes: 200);
        var again = new TestLog(1);
        for (int minute = 0; minute < 200; minute++)
        {
            again.Append("upload", Ns(minute + 1), Lines(minute));
            foreach (int before in (int[])[3, 15, 120])
            {
                if (minute >= before && minute % 2 == 0)
                {
                    again.Append("upload", Ns(minute + 1), Lines(minute - before));
                }
            }
        }

        await using ProcessDatabase once = await engine.CreateAsync();
        await PipelineRun.RunWholeAsync(once, log);
        await using ProcessDatabase twice = await engine.CreateAsync();
        await RunAsync(twice, again, restarts ? 60 : int.MaxValue);

        const string Sums = "SELECT window, host, path, client_name, sum(requests), sum(lost), sum(blocked), uniqCombined64Merge(callers) "
            + "FROM {0}.requests_1m FINAL GROUP BY ALL ORDER BY ALL";
        Assert.Equal(await RowsAsync(once, Sums), await RowsAsync(twice, Sums));
        const string Counted = "SELECT dataset, sum(counted), sum(dead_lettered), sum(unmatched) FROM {0}.quality_1m FINAL GROUP BY ALL ORDER BY ALL";
        Assert.Equal(await RowsAsync(once, Counted), await RowsAsync(twice, Counted));
        Assert.Equal(
            [$" {again.Records - log.Records}"], await RowsAsync(twice, "SELECT sum(duplicates) FROM {0}.quality_1m FINAL"));
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(13)]
    public async Task Stream_ReadAgainFromBefore_CountsEveryPositionOnce(int every)
    {
        await using ProcessDatabase once = await engine.CreateAsync();
        await using ProcessDatabase twice = await engine.CreateAsync();
        var straight = new TestLog(1);
        var repeated = new TestLog(1);
        long position = 0;
        for (int minute = 0; minute < 90; minute++)
        {
            straight.Append("topic/0", Ns(minute), Lines(minute), position);
            repeated.Append("topic/0", Ns(minute), Lines(minute), position);
            if (minute is > 40 and < 60)
            {
                // Long after the join horizon has forgotten its rays.
                repeated.Append("topic/0", Ns(minute), Lines(minute - 40), position - (40 * 1000));
            }

            position += 1000;
        }

        await PipelineRun.RunWholeAsync(once, straight);
        await RunAsync(twice, repeated, every);
        const string Sums = "SELECT window, host, path, sum(requests), sum(lost) FROM {0}.requests_1m FINAL GROUP BY ALL ORDER BY ALL";
        Assert.Equal(await RowsAsync(once, Sums), await RowsAsync(twice, Sums));
        Assert.Equal(
            [$" {repeated.Records - straight.Records}"], await RowsAsync(twice, "SELECT sum(duplicates) FROM {0}.quality_1m FINAL"));
    }

    [Fact]
    public async Task LoseOffsets_IsAGapInProgressAndCounted()
    {
        TestLog log = Traffic(minutes: 20);
        await using ProcessDatabase database = await engine.CreateAsync();
        using (var run = new PipelineRun(database, log))
        {
            PartitionPipeline session = await run.OpenAsync(0);
            await run.FeedAsync(session, 0, 5);
            session.LoseOffsets(5, 9);
            await run.FeedAsync(session, 0, 20, from: 9);
            session.LoseOffsets(20, 22);
            await session.DrainAsync(Cancel);
            Assert.Equal(6, run.Metrics.LostOffsets);
        }

        using var next = new PipelineRun(database, log);
        PartitionPipeline again = await next.OpenAsync(0);
        await next.FeedAsync(again, 0, long.MaxValue);
        await again.DrainAsync(Cancel);
        Assert.Equal([(5, 9), (20, 22)], (await next.ProgressAsync(0))!.Gaps);
        Assert.Equal(0, next.Metrics.LostOffsets);
    }

    [Fact]
    public async Task Poison_FirstAndLast_IsADeadLetterEach()
    {
        var log = new TestLog(1);
        log.Poison(0, "first");
        log.Append("upload", Ns(1), Lines(0));
        log.Put(0, default, "no header"u8.ToArray());
        log.Poison(0, "last");
        await using ProcessDatabase database = await engine.CreateAsync();
        await RunAsync(database, log, 2);

        Assert.Equal(
            [" cflogstream.log/0@0: unknown_schema first 5", " cflogstream.log/0@4: no_slice no header 9", " cflogstream.log/0@5: unknown_schema last 4"],
            await RowsAsync(database, "SELECT source, bytes, length FROM {0}.dead_letters FINAL WHERE reason = 'bad_slice' ORDER BY source"));
        Assert.Equal([" 4"], await RowsAsync(database, "SELECT sum(dead_lettered) FROM {0}.quality_1m FINAL"));
    }

    [Fact]
    public async Task Poison_Only_StopsThePartitionAndSaysSo()
    {
        var log = new TestLog(1);
        for (int i = 0; i < 100; i++)
        {
            log.Poison(0, i.ToString(CultureInfo.InvariantCulture));
        }

        await using ProcessDatabase database = await engine.CreateAsync();
        using var run = new PipelineRun(database, log, options => options with { BreakerMessages = 20 });
        PartitionPipeline session = await run.OpenAsync(0);
        await run.FeedAsync(session, 0, 20);
        await PipelineRun.UntilAsync(() => run.Metrics.Partitions[0].IsStopped);
        using LogMessage next = log.Partitions[0][20].Rent();

        Assert.False(session.TryTake(next));
        await session.DrainAsync(Cancel);
        Assert.Equal(20, session.CommitOffset);
        Assert.Equal(20, run.Metrics.DeadLettered);
        run.AssertBalance();
    }

    [Fact]
    public async Task Generation_Newer_WritesOpenWindowsAnewAndOlderIsRefused()
    {
        TestLog log = Traffic(minutes: 40);
        await using ProcessDatabase fresh = await engine.CreateAsync();
        await PipelineRun.RunWholeAsync(fresh, log);
        await using ProcessDatabase database = await engine.CreateAsync();
        await PipelineRun.RunWholeAsync(database, log);
        await database.Queries.ExecuteAsync(
            $"INSERT INTO {database.Name}.requests_1m (window, host, partition, requests, version) "
            + $"SELECT max(window), 'of the old settings', 0, 7, 1 FROM {database.Name}.requests_1m",
            null,
            Cancel);

        await PipelineRun.RunWholeAsync(database, log, options => options with { Generation = 2 });

        Assert.Equal(await fresh.DumpAsync(), await database.DumpAsync());
        using var older = new PipelineRun(database, log);
        GenerationException refusal = await Assert.ThrowsAsync<GenerationException>(() => older.OpenAsync(0));
        Assert.Equal(
            "Partition 0 of 'cflogstream.log' was processed under generation 2, but the configuration has generation 1. Configure 2, or a "
            + "greater one if the settings have changed.",
            refusal.Message);
    }

    [Fact]
    public async Task ClickHouse_DoesNotAnswer_TakesNoMoreAndLosesNothing()
    {
        TestLog log = Traffic(minutes: 60);
        await using ProcessDatabase whole = await engine.CreateAsync();
        await PipelineRun.RunWholeAsync(whole, log);
        var outage = new Outage();
        await using ProcessDatabase database = await engine.CreateAsync(outage.Before);
        using var run = new PipelineRun(database, log, options => Often(options) with { QueueBytes = 20_000, CutRecords = 1 });
        PartitionPipeline session = await run.OpenAsync(0);

        outage.IsOn = true;
        int taken = 0;
        foreach (TestLog.Message message in log.Partitions[0])
        {
            LogMessage rented = message.Rent();
            if (!session.TryTake(rented))
            {
                rented.Dispose();
                break;
            }

            taken++;
        }

        Assert.InRange(taken, 1, log.Partitions[0].Count - 1);
        await PipelineRun.UntilAsync(() => outage.Refused > 5);
        Assert.Null(session.CommitOffset);
        outage.IsOn = false;
        await run.FeedAsync(session, 0, long.MaxValue, from: taken);
        await session.DrainAsync(Cancel);

        Assert.Equal(await whole.DumpAsync(), await database.DumpAsync());
        Assert.Equal(log.Partitions[0].Count, session.CommitOffset);
        run.AssertBalance();
        Assert.Equal(0, run.Metrics.InFlight);
        Assert.Equal(log.Records, run.Metrics.Received);
    }

    [Fact]
    public async Task Clock_Ticks_WriteRowsOfOpenWindowsEarly()
    {
        TestLog log = Traffic(minutes: 3);
        await using ProcessDatabase database = await engine.CreateAsync();
        using var run = new PipelineRun(database, log);
        await using PartitionPipeline session = await run.OpenAsync(0);
        await run.FeedAsync(session, 0, long.MaxValue);
        await PipelineRun.UntilAsync(() => run.Metrics.InFlight == log.Records);
        Assert.Empty(await database.DumpAsync());

        run.Time.Advance(run.Options.CutInterval);
        await PipelineRun.UntilAsync(() => session.CommitOffset == log.Partitions[0].Count);

        Assert.NotEmpty(await database.DumpAsync("requests_1m"));
        Assert.Equal(0, run.Metrics.InFlight);
        run.AssertBalance();
        Assert.True(run.Metrics.Partitions[0].OpenWindows > 0);
    }

    private static ProcessOptions Often(ProcessOptions options) => options with { CutRecords = 40 };

    private static long Ns(int minute) => (Start + (minute * 60L)) * 1_000_000_000;

    private static TestLog Traffic(int minutes)
    {
        var log = new TestLog(1);
        for (int minute = 0; minute < minutes; minute++)
        {
            log.Append("upload", Ns(minute + 1), Lines(minute));
        }

        return log;
    }

    /// <summary>The records of a minute: requests, blocked ones with their events, a few lines that are none.</summary>
    private static byte[] Lines(int minute)
    {
        var lines = new StringBuilder();
        for (int i = 0; i < 12; i++)
        {
            string ray = (((ulong)minute << 16) + (ulong)i + 1).ToString("x16", CultureInfo.InvariantCulture);
            string time = (Ns(minute) + (i * 4_000_000_000L)).ToString(CultureInfo.InvariantCulture);
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

        return Encoding.UTF8.GetBytes(lines.Append(CultureInfo.InvariantCulture, $"no json {minute}\n").ToString());
    }

    private static Task<IReadOnlyList<string>> RowsAsync(ProcessDatabase database, string sql) =>
        database.RowsAsync(sql.Replace("{0}", database.Name, StringComparison.Ordinal));

    /// <summary>Processes partition 0, with a new process after every so many messages.</summary>
    private static async Task RunAsync(ProcessDatabase database, TestLog log, int every)
    {
        long last = log.Partitions[0][^1].Offset;
        for (long end = every; ; end += every)
        {
            using var run = new PipelineRun(database, log, Often);
            PartitionPipeline session = await run.OpenAsync(0);
            await run.FeedAsync(session, 0, end);
            await session.DrainAsync(Cancel);
            run.AssertBalance();
            if (end > last)
            {
                return;
            }
        }
    }

    /// <summary>Refuses every insert while it is on.</summary>
    private sealed class Outage
    {
        private volatile bool _isOn;
        private int _refused;

        public bool IsOn
        {
            get => _isOn;
            set => _isOn = value;
        }

        public int Refused => Volatile.Read(ref _refused);

        public HttpMessageHandler Before(HttpMessageHandler inner) => new Handler(this, inner);

        private sealed class Handler(Outage outage, HttpMessageHandler inner) : DelegatingHandler(inner)
        {
            protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            {
                if (outage.IsOn && request.RequestUri!.Query.Contains("INSERT", StringComparison.Ordinal))
                {
                    Interlocked.Increment(ref outage._refused);
                    throw new HttpRequestException("made up");
                }

                return base.SendAsync(request, cancellationToken);
            }
        }
    }
}

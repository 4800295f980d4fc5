using CfLogStream.Generator;
using CfLogStream.Server.Analysis;
using CfLogStream.Server.Configuration;
using CfLogStream.Server.Processing;
using CfLogStream.Server.Sources;
using CfLogStream.Server.Tests.Sources;

namespace CfLogStream.Server.Tests.Processing;

/// <summary>What a log of slices becomes in the tables, whatever happens on the way.</summary>
public sealed class PipelineTests(ProcessEngine engine)
{
    private static readonly GeneratorOptions s_generated = new()
    {
        Records = 2_500,
        Duration = TimeSpan.FromHours(3),
        BatchInterval = TimeSpan.FromMinutes(2),
        Disorder = Disorder.Typical,
        Oddities = Oddities.All,
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_Uploads_CountsAsTheAnalysisOfTheFiles()
    {
        using var folder = new TemporaryFolder();
        IReadOnlyList<Uploads.Upload> uploads = await Uploads.GenerateAsync(
            folder.Path, s_generated with { Disorder = Disorder.None, Oddities = Oddities.DeadLines | Oddities.CutLines });
        var log = new TestLog(3);
        Uploads.AppendTo(log, uploads);
        await using ProcessDatabase processed = await engine.CreateAsync();
        await PipelineRun.RunWholeAsync(processed, log);
        await using ProcessDatabase analysed = await engine.CreateAsync();
        var options = new CfLogStreamOptions { Clickhouse = new ClickHouseSection { Database = analysed.Name } };
        await new Analyzer(options, new AnalysisScope(), Task.FromResult(analysed.Writer), TimeProvider.System).RunAsync(
            [.. uploads.Select(upload => new LogFile(upload.Path, upload.Bytes.Length))], null, Cancel);

        // Requests are kept when their window closes.
        uint closed = await processed.Queries.ScalarAsync<uint>(
            $"SELECT toUnixTimestamp(min(closed_minutes_before)) FROM {processed.Name}.progress FINAL", null, Cancel);
        foreach (string sql in Sums(closed))
        {
            IReadOnlyList<string> expected = await analysed.RowsAsync(sql.Replace("db.", analysed.Name + ".", StringComparison.Ordinal));
            Assert.NotEmpty(expected);
            Assert.Equal(expected, await processed.RowsAsync(sql.Replace("db.", processed.Name + ".", StringComparison.Ordinal)));
        }
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(7, false)]
    [InlineData(7, true)]
    [InlineData(40, true)]
    public async Task Run_RestartedEveryFewMessages_WritesTheSameRows(int every, bool drains)
    {
        using var folder = new TemporaryFolder();
        var log = new TestLog(2, mostRecords: 60);
        Uploads.AppendTo(log, await Uploads.GenerateAsync(folder.Path, s_generated));
        await using ProcessDatabase whole = await engine.CreateAsync();
        await PipelineRun.RunWholeAsync(whole, log);
        await using ProcessDatabase parts = await engine.CreateAsync();

        long restarts = 0;
        bool resumed = false;
        foreach (List<TestLog.Message> messages in log.Partitions)
        {
            int partition = messages[0].Partition;
            for (long end = every; ; end += every * (drains ? 1 : 3))
            {
                using var run = new PipelineRun(parts, log, options => options with { CutRecords = 70 });
                PartitionPipeline session = await run.OpenAsync(partition);
                resumed |= session.StartOffset > 0;
                await run.FeedAsync(session, partition, end);
                if (end > messages[^1].Offset)
                {
                    await session.DrainAsync(Cancel);
                    break;
                }

                if (drains)
                {
                    await session.DrainAsync(Cancel);
                }
                else
                {
                    // Some of what was processed is written by then, and some of that is in progress.
                    await PipelineRun.UntilAsync(() => run.Metrics.Partitions[partition].QueuedBytes == 0);
                    await session.AbandonAsync();
                }

                restarts++;
                run.AssertBalance();
            }
        }

        Assert.True(restarts > 4);
        Assert.True(resumed);
        Assert.Equal(await whole.DumpAsync(), await parts.DumpAsync());
    }

    /// <summary>Sums by window and key, over partitions and chunks.</summary>
    private static IEnumerable<string> Sums(uint closed)
    {
        yield return "SELECT window, host, method, path, surface, client_class, client_name, trust, sum(requests), sum(event_only), sum(passed), "
            + "sum(exempted), sum(logged), sum(challenged), sum(challenge_solved), sum(rate_limited), sum(blocked), sum(dropped), sum(lost), "
            + "sum(edge_errors), sum(origin_errors), sum(response_bytes), uniqCombined64Merge(callers) FROM db.requests_1m FINAL "
            + "GROUP BY ALL ORDER BY ALL";
        yield return "SELECT window, host, method, path, client_class, client_name, control, rule_id, action, sum(count), sum(lost), "
            + "min(first_seen), max(last_seen) FROM db.mitigations_1m FINAL GROUP BY ALL ORDER BY ALL";
        yield return "SELECT hour, host, caller, sum(requests), sum(good), sum(lost), min(first_seen), max(last_seen) "
            + "FROM db.callers_1h FINAL GROUP BY ALL ORDER BY ALL";
        yield return "SELECT control, rule_id, action, sum(count) FROM db.rules FINAL GROUP BY ALL ORDER BY ALL";
        yield return $"SELECT ray, time, outcome, lost, has_request, has_events, subrequests FROM db.requests FINAL WHERE time < {closed} ORDER BY ALL";
        yield return "SELECT dataset, window, sum(received), sum(counted), sum(duplicates), sum(dead_lettered), sum(unmatched), "
            + "sum(subrequests), sum(internal) FROM db.quality_1m FINAL GROUP BY ALL ORDER BY ALL";
        yield return "SELECT reason, content_hash, count() FROM db.dead_letters FINAL GROUP BY ALL ORDER BY ALL";
    }
}

using CfLogStream.EndToEnd.Tests.Support;

namespace CfLogStream.EndToEnd.Tests.Log;

/// <summary>The rows are a function of the log: not of threads, of how much is read at a time, of how often is written, or of who does it.</summary>
public sealed class TimingTests(EngineFixture engine)
{
    private static readonly string[] s_tables =
        ["requests_1m", "mitigations_1m", "callers_1h", "rules", "requests", "quality_1m", "dead_letters"];

    [Fact]
    public async Task Log_ProcessedInDifferentWays_GivesTheSameRows()
    {
        await using LogCluster cluster = LogCluster.Start(engine);
        await cluster.GenerateAsync("bot-fight-webhooks", 81, 5_000);
        ServiceProcess ingest = cluster.Serve("ingest");
        await cluster.ProduceAsync();
        IReadOnlyList<long> end = await cluster.UntilLogIsAsync(5_000);
        ingest.Terminate();
        await ingest.WaitAsync(TimeSpan.FromSeconds(40));

        IReadOnlyList<string> calm = await RunAsync(cluster, end, 1, new ServiceSettings { Group = "calm", CutSecs = 8 });
        IReadOnlyList<string> busy = await RunAsync(cluster, end, 3, new ServiceSettings
        {
            Group = "busy",
            Database = cluster.Database + "_busy",
            CutRecords = 1_000,
            QueueBytes = 1_048_576,
            Properties = ["fetch.message.max.bytes=20000", "fetch.max.bytes=1000000", "queued.min.messages=1"],
            Environment = new Dictionary<string, string> { ["DOTNET_PROCESSOR_COUNT"] = "1", ["CFLOGSTREAM_SIMD"] = "scalar" },
        });

        Assert.True(calm.Count > 1_000, $"{calm.Count} rows");
        Assert.Equal(calm, busy);
    }

    private static async Task<IReadOnlyList<string>> RunAsync(LogCluster cluster, IReadOnlyList<long> end, int members, ServiceSettings settings)
    {
        string database = settings.Database ?? cluster.Database;
        ServiceProcess[] services = [.. Enumerable.Range(0, members).Select(_ => cluster.Serve("process", null, settings))];
        await cluster.UntilReadAsync(settings.Group, end);
        foreach (ServiceProcess service in services)
        {
            service.Terminate();
            Assert.True(await service.WaitAsync(TimeSpan.FromSeconds(60)) == 0, service.Stderr);
        }

        var rows = new List<string>();
        foreach (string table in s_tables)
        {
            string callers = table is "requests_1m" or "mitigations_1m" ? "* REPLACE finalizeAggregation(callers) AS callers" : "*";
            rows.AddRange(await cluster.RowsAsync($"SELECT concat('{table} ', toString(tuple({callers}))) AS line FROM {database}.{table} FINAL ORDER BY line"));
        }

        return rows;
    }
}

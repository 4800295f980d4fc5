using CfLogStream.EndToEnd.Tests.Support;

namespace CfLogStream.EndToEnd.Tests.Log;

/// <summary>What is wrong with the log itself: messages that are gone, messages that are no slices.</summary>
public sealed class LogContentTests(EngineFixture engine)
{
    [Fact]
    public async Task Trim_UnderALaggingConsumer_IsAGapOfExactlyTheMessagesThatAreGone()
    {
        await using LogCluster cluster = LogCluster.Start(engine, partitions: 2);
        ServiceProcess ingest = cluster.Serve("ingest");
        ServiceProcess process = cluster.Serve("process");
        await cluster.GenerateAsync("custom-rule-hits-api", 71, 3_000, TimeSpan.FromHours(2));
        await cluster.ProduceUploadsAsync();
        await cluster.UntilReadAsync("cflogstream", await cluster.UntilLogIsAsync(3_000));
        process.Terminate();
        await process.WaitAsync(TimeSpan.FromSeconds(40));

        // Nobody reads on, and the log is trimmed beyond what was read.
        await cluster.GenerateAsync("custom-rule-hits-api", 72, 3_000, TimeSpan.FromHours(2));
        await cluster.ProduceAsync();
        IReadOnlyList<long> end = await cluster.UntilLogIsAsync(6_000);
        string readFrom = Assert.Single(await cluster.RowsAsync(
            $"SELECT toString(intDiv(read_from, 4096)) FROM {cluster.Database}.progress FINAL WHERE partition = 0"));
        long to = end[0] - 3;
        cluster.Kafka.DeleteRecords(LogCluster.Topic, 0, to);
        (long untouched, _) = await cluster.RecordsBeforeAsync(1, end[1]);
        ingest.Terminate();
        await ingest.WaitAsync(TimeSpan.FromSeconds(40));
        process = cluster.Serve("process");
        await cluster.UntilReadAsync("cflogstream", end);

        Assert.Equal(
            [$"[{readFrom}] [{to}]"],
            await cluster.RowsAsync(
                $"SELECT concat(toString(gap_from), ' ', toString(gap_to)) FROM {cluster.Database}.progress FINAL WHERE partition = 0"));
        await process.UntilSaidAsync($"cflogstream.log/0 has no messages from offset {readFrom} to before {to} any more; they are lost.");
        Assert.Equal(
            [$"[] {untouched}"],
            await cluster.RowsAsync(
                $"SELECT concat(toString(any(gap_from)), ' ', toString((SELECT sum(received) FROM {cluster.Database}.quality_1m FINAL WHERE partition = 1))) "
                + $"FROM {cluster.Database}.progress FINAL WHERE partition = 1"));
    }

    [Fact]
    public async Task Poison_FirstAmongAndLast_IsSetAsideAndTheRestIsExact()
    {
        await using LogCluster cluster = LogCluster.Start(engine);
        await cluster.GenerateAsync("custom-rule-hits-api", 72, 4_000);
        int poisoned = 0;
        for (int partition = 0; partition < cluster.Partitions; partition++)
        {
            poisoned += await cluster.PoisonAsync(partition);
        }

        cluster.Serve("ingest,process");
        await cluster.ProduceAsync(async upload => poisoned += upload % 5 == 0 ? await cluster.PoisonAsync(upload % cluster.Partitions) : 0);
        await cluster.ExpectOracleAsync();
        for (int partition = 0; partition < cluster.Partitions; partition++)
        {
            poisoned += await cluster.PoisonAsync(partition);
        }

        await cluster.UntilRowsAsync(
            $"SELECT count() FROM {cluster.Database}.dead_letters FINAL WHERE reason = 'bad_slice'", (ulong)poisoned);
        await cluster.ExpectOracleAsync();
    }

    [Fact]
    public async Task Poison_NothingElse_StopsThatPartitionAndSaysSo()
    {
        await using LogCluster cluster = LogCluster.Start(engine);
        await Task.WhenAll(Enumerable.Range(0, 1_100).Select(_ => cluster.PoisonAsync(0)));

        ServiceProcess process = cluster.Serve("process");
        await process.UntilSaidAsync("Partition 0 of cflogstream.log is stopped");
        await cluster.UntilRowsAsync(
            $"SELECT toUInt64(max(next_message)) FROM {cluster.Database}.progress FINAL WHERE partition = 0", 1_000);
        process.Terminate();
        Assert.Equal(0, await process.WaitAsync(TimeSpan.FromSeconds(40)));
    }
}

using CfLogStream.EndToEnd.Tests.Support;

namespace CfLogStream.EndToEnd.Tests.Log;

/// <summary>ClickHouse, or the network before it, fails while the log is worked through: nothing is dropped, nothing counts twice.</summary>
public sealed class ClickHouseFaultTests(EngineFixture engine)
{
    private static readonly int[] s_codes = [241, 242, 252, 60, 516, 159, 202, 209, 210, 999];

    [Theory(Explicit = true)]
    [InlineData(InsertFault.ResetMidBody)]
    [InlineData(InsertFault.LoseRequest)]
    [InlineData(InsertFault.LoseAnswer)]
    [InlineData(InsertFault.ExceptionHeader)]
    [InlineData(InsertFault.Refuse)]
    [InlineData(InsertFault.Slow)]
    public async Task Inserts_EveryThirdFails_GivesWhatTheOracleCounts(object fault)
    {
        await using ClickHouseProxy proxy = await ClickHouseProxy.StartAsync(
            engine.Endpoint, insert => insert % 3 == 2 ? ((InsertFault)fault, s_codes[insert / 3 % s_codes.Length]) : default);
        await using LogCluster cluster = LogCluster.Start(engine, proxy.Endpoint);
        await cluster.GenerateAsync("custom-rule-hits-api", 31, 5_000);
        cluster.Serve("ingest,process");

        await cluster.ProduceAsync();
        await cluster.ExpectOracleAsync();
        Assert.True(proxy.Faults >= 5, $"{proxy.Faults} faults");
    }

    [Fact]
    public async Task Inserts_FailInEveryWayInTurn_GivesWhatTheOracleCounts()
    {
        InsertFault[] faults =
        [
            InsertFault.ResetMidBody, InsertFault.LoseRequest, InsertFault.LoseAnswer, InsertFault.ExceptionHeader, InsertFault.Refuse, InsertFault.Slow,
        ];
        await using ClickHouseProxy proxy = await ClickHouseProxy.StartAsync(
            engine.Endpoint, insert => insert % 3 == 2 ? (faults[insert / 3 % faults.Length], s_codes[insert / 3 % s_codes.Length]) : default);
        await using LogCluster cluster = LogCluster.Start(engine, proxy.Endpoint);
        await cluster.GenerateAsync("custom-rule-hits-api", 34, 5_000);
        cluster.Serve("ingest,process");

        await cluster.ProduceAsync(_ => Task.Delay(30, TestContext.Current.CancellationToken));
        await cluster.ExpectOracleAsync();
        Assert.True(proxy.Faults >= faults.Length, $"{proxy.Faults} faults");
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(3, Explicit = true)]
    public async Task ClickHouse_GoneForLong_MemoryStaysFlatAndItCatchesUp(double minutes)
    {
        await using ClickHouseProxy proxy = await ClickHouseProxy.StartAsync(engine.Endpoint, _ => default);
        await using LogCluster cluster = LogCluster.Start(engine, proxy.Endpoint, partitions: 8);
        cluster.Serve("ingest");
        ServiceProcess process = cluster.Serve("process", null, new ServiceSettings { QueueBytes = 1_048_576, Properties = ["queued.max.messages.kbytes=1024"] });
        using var time = new FaultTime(minutes);
        var resident = new List<long>();
        ulong seed = 90;
        do
        {
            await cluster.GenerateAsync("custom-rule-hits-api", seed++, 5_000, TimeSpan.FromHours(2));
            await cluster.ProduceUploadsAsync(async _ =>
            {
                await Task.Delay(50, TestContext.Current.CancellationToken);
                resident.Add(process.ResidentBytes);
            });
            proxy.IsGone = true;

            // librdkafka's broker keeps some megabytes of a partition: a fast machine that went on without a pause would have the log trimmed.
            await Task.Delay(TimeSpan.FromMinutes(minutes / 15), TestContext.Current.CancellationToken);
        }
        while (!time.IsOver || seed < 93);

        // What the first uploads took is the pipelines' start; from then on nothing is written, and all that comes waits in Kafka.
        long atFirst = resident.Skip(resident.Count / 3).Take(resident.Count / 3).Max();
        long atLast = resident.Skip(resident.Count * 2 / 3).Max();
        Assert.True(atLast < atFirst + (48L << 20), $"{atFirst >> 20} MB, then {atLast >> 20} MB");
        Assert.True(proxy.Missed > 5, $"{proxy.Missed} requests found nobody");
        proxy.IsGone = false;
        await cluster.CloseAsync();
        await cluster.ExpectOracleAsync();
        Assert.False(process.HasExited);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{proxy.Missed} requests found nobody; at most {atFirst >> 20} MB, at last {atLast >> 20} MB; {(seed - 90) * 5_000} records");
    }
}

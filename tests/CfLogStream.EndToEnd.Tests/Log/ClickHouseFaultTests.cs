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

    [Fact(Explicit = true)]
    public async Task ClickHouse_GoneForAWhile_CatchesUp()
    {
        await using ClickHouseProxy proxy = await ClickHouseProxy.StartAsync(engine.Endpoint, _ => default);
        await using LogCluster cluster = LogCluster.Start(engine, proxy.Endpoint);
        await cluster.GenerateAsync("custom-rule-hits-api", 32, 5_000);
        ServiceProcess service = cluster.Serve("ingest,process");

        await cluster.ProduceAsync(async upload =>
        {
            proxy.IsGone = upload is >= 5 and < 20;
            await Task.Delay(100, TestContext.Current.CancellationToken);
        });
        await cluster.ExpectOracleAsync();
        Assert.False(service.HasExited);
    }
}

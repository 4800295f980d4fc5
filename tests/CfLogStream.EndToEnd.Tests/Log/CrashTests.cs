using CfLogStream.EndToEnd.Tests.Support;

namespace CfLogStream.EndToEnd.Tests.Log;

/// <summary>The process role killed at named places and at random; broker and ClickHouse live on. Every number stays exact.</summary>
public sealed class CrashTests(EngineFixture engine)
{
    private const int Killed = 137;

    [Theory(Explicit = true)]
    [InlineData("after_read:3")]
    [InlineData("after_compute:7")]
    [InlineData("before_insert:2")]
    [InlineData("after_insert:2")]
    [InlineData("after_progress:1")]
    [InlineData("after_progress:4")]
    public async Task Kill_AtAPoint_LosesAndRepeatsNothing(string point)
    {
        await using LogCluster cluster = LogCluster.Start(engine);
        await cluster.GenerateAsync("custom-rule-hits-api", 21, 5_000);
        cluster.Serve("ingest");
        ServiceProcess first = cluster.Serve("process", point);

        await cluster.ProduceAsync();
        Assert.Equal(Killed, await first.WaitAsync(TimeSpan.FromSeconds(60)));
        cluster.Serve("process");
        await cluster.ExpectOracleAsync();
    }

    [Theory(Explicit = true)]
    [InlineData("shutdown:1")]
    [InlineData("drain:1")]
    public async Task Kill_WhileStopping_LosesAndRepeatsNothing(string point)
    {
        await using LogCluster cluster = LogCluster.Start(engine);
        await cluster.GenerateAsync("custom-rule-hits-api", 22, 5_000);
        cluster.Serve("ingest");
        ServiceProcess first = cluster.Serve("process", point);

        await cluster.ProduceAsync(async upload =>
        {
            if (upload == 8)
            {
                await cluster.HasRowsAsync();
                first.Terminate();
            }
        });
        Assert.Equal(Killed, await first.WaitAsync(TimeSpan.FromSeconds(60)));
        cluster.Serve("process");
        await cluster.ExpectOracleAsync();
    }

    [Theory(Explicit = true)]
    [InlineData(InsertFault.ResetMidBody)]
    [InlineData(InsertFault.LoseRequest)]
    [InlineData(InsertFault.LoseAnswer)]
    public async Task Kill_DuringAnInsert_LosesAndRepeatsNothing(object fault)
    {
        await using ClickHouseProxy proxy = await ClickHouseProxy.StartAsync(
            engine.Endpoint, insert => insert is 6 or 13 ? ((InsertFault)fault, 0) : default);
        await using LogCluster cluster = LogCluster.Start(engine, proxy.Endpoint);
        await cluster.GenerateAsync("custom-rule-hits-api", 23, 5_000);
        cluster.Serve("ingest");
        proxy.OnFault = _ => cluster.Services[^1].Kill();
        cluster.Serve("process");

        await cluster.ProduceAsync();
        for (int kill = 0; kill < 2; kill++)
        {
            Assert.Equal(Killed, await cluster.Services[^1].WaitAsync(TimeSpan.FromSeconds(60)));
            cluster.Serve("process");
        }

        await cluster.ExpectOracleAsync();
        Assert.Equal(2, proxy.Faults);
    }

    [Fact(Explicit = true)]
    public async Task Kill_AtRandomTimes_LosesAndRepeatsNothing()
    {
        var random = new Random(7);
        await using LogCluster cluster = LogCluster.Start(engine, partitions: 3);
        await cluster.GenerateAsync("bot-fight-webhooks", 24, 8_000);
        cluster.Serve("ingest");
        cluster.Serve("process");
        int kills = 0;
        await cluster.ProduceAsync(async upload =>
        {
            if (upload % 6 == 5)
            {
                await Task.Delay(random.Next(500, 3_000), TestContext.Current.CancellationToken);
                ServiceProcess victim = cluster.Services[^1];
                victim.Kill();
                kills += await victim.WaitAsync(TimeSpan.FromSeconds(10)) == Killed ? 1 : 0;
                cluster.Serve(kills % 3 == 0 ? "ingest,process" : "process");
            }
        });
        await cluster.ExpectOracleAsync();
        Assert.True(kills >= 3, $"{kills} kills");
    }
}

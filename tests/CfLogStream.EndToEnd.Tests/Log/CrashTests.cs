using CfLogStream.EndToEnd.Tests.Support;

namespace CfLogStream.EndToEnd.Tests.Log;

/// <summary>The process role killed at named places and at random; broker and ClickHouse live on. Every number stays exact.</summary>
public sealed class CrashTests(EngineFixture engine)
{
    private const int Killed = 137;

    [Theory]
    [InlineData("after_read:3", Explicit = true)]
    [InlineData("after_read:40", Explicit = true)]
    [InlineData("after_compute:7", Explicit = true)]
    [InlineData("before_insert:2", Explicit = true)]
    [InlineData("before_insert:9", Explicit = true)]
    [InlineData("after_insert:2")]
    [InlineData("after_progress:1", Explicit = true)]
    [InlineData("after_progress:4", Explicit = true)]
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

    [Theory]
    [InlineData("shutdown:1", Explicit = true)]
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

    [Theory]
    [InlineData(InsertFault.ResetMidBody, Explicit = true)]
    [InlineData(InsertFault.LoseRequest, Explicit = true)]
    [InlineData(InsertFault.LoseAnswer)]
    public async Task Kill_DuringAnInsert_LosesAndRepeatsNothing(object fault)
    {
        int armed = 0;
        await using ClickHouseProxy proxy = await ClickHouseProxy.StartAsync(
            engine.Endpoint, insert => insert == 6 || Interlocked.Exchange(ref armed, 0) == 1 ? ((InsertFault)fault, 0) : default);
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
            if (kill == 0)
            {
                // Nothing of the first process is on its way any more, and the second has inserted nothing yet.
                await cluster.Services[^1].UntilSaidAsync("The role process reads");
                armed = 1;
            }
        }

        await cluster.ExpectOracleAsync();
        Assert.Equal(2, proxy.Faults);
    }

    [Fact(Explicit = true)]
    public async Task Kill_AtRandomTimesForMinutes_LosesAndRepeatsNothing()
    {
        int seed = FaultTime.Seed(7);
        var random = new Random(seed);
        await using LogCluster cluster = LogCluster.Start(engine, partitions: 6);
        cluster.Serve("ingest");
        cluster.Serve("process");
        using var time = new FaultTime(2);
        int kills = 0;
        int segments = 0;
        Task killer = Task.Run(async () =>
        {
            while (!time.IsOver)
            {
                await Task.Delay(random.Next(500, 3_000), TestContext.Current.CancellationToken);
                bool killsIngest = random.Next(5) == 0;
                int victim = cluster.Services.Count - 1;
                while (cluster.Services[victim].HasExited || cluster.Services[victim].Roles == "ingest" != killsIngest)
                {
                    victim--;
                }

                cluster.Services[victim].Kill();
                kills += await cluster.Services[victim].WaitAsync(TimeSpan.FromSeconds(20)) == Killed ? 1 : 0;
                cluster.Serve(killsIngest ? "ingest" : "process");
            }
        }, TestContext.Current.CancellationToken);
        while (!time.IsOver)
        {
            await cluster.GenerateAsync("bot-fight-webhooks", (ulong)(100 + segments++), 4_000, TimeSpan.FromHours(2));
            await cluster.ProduceUploadsAsync(_ => Task.Delay(100, TestContext.Current.CancellationToken));
        }

        await killer;
        await cluster.CloseAsync();
        await cluster.ExpectOracleAsync();
        Assert.True(kills >= 10, $"{kills} kills, seed {seed}");
        TestContext.Current.TestOutputHelper?.WriteLine($"{kills} kills, {segments * 4_000} records, seed {seed}");
    }
}

using CfLogStream.EndToEnd.Tests.Support;

namespace CfLogStream.EndToEnd.Tests.Log;

/// <summary>Members of the group that come, go, are killed while they hand over, and that go on as if nothing had been after they were stopped.</summary>
public sealed class MembersTests(EngineFixture engine)
{
    private const string Reads = "Reading cflogstream.log/";
    private const string Released = "was given up; its session was finished.";
    private const string Lost = "was lost to another member";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(2, 2)]
    [InlineData(2, 12, Explicit = true)]
    [InlineData(3, 12, Explicit = true)]
    public async Task Members_JoinAndLeave_LoseAndRepeatNothing(int members, int changes)
    {
        await using LogCluster cluster = LogCluster.Start(engine, partitions: 6);
        await cluster.GenerateAsync("custom-rule-hits-api", 41, 6_000);
        cluster.Serve("ingest");
        ServiceProcess first = cluster.Serve("process");
        Task produced = cluster.ProduceAsync(_ => Task.Delay(changes * 40, Cancel));
        await first.UntilSaidAsync(Reads, 6);
        for (int change = 0; change < changes; change += 2)
        {
            ServiceProcess[] joined = [.. Enumerable.Range(1, members - 1).Select(_ => cluster.Serve("process"))];
            foreach (ServiceProcess member in joined)
            {
                await member.UntilSaidAsync(Reads);
            }

            foreach (ServiceProcess member in joined)
            {
                member.Terminate();
                Assert.True(await member.WaitAsync(TimeSpan.FromSeconds(60)) == 0, member.Stderr);
                Assert.True(member.Said(Released) > 0, member.Stderr);
            }
        }

        await produced;
        await cluster.ExpectOracleAsync();

        // Those that came had partitions and gave them back, each of them, as asked above; the first gave some to them.
        Assert.True(first.Said(Released) > 0, first.Stderr);
    }

    [Fact]
    public async Task Kill_WhilePartitionsAreHandedOver_LosesAndRepeatsNothing()
    {
        await using LogCluster cluster = LogCluster.Start(engine);
        await cluster.GenerateAsync("custom-rule-hits-api", 42, 4_000);
        cluster.Serve("ingest");
        ServiceProcess first = cluster.Serve("process", "drain:1");
        Task produced = cluster.ProduceAsync(_ => Task.Delay(50, Cancel));
        await cluster.HasRowsAsync();
        Assert.False(first.HasExited);
        cluster.Serve("process");

        Assert.Equal(137, await first.WaitAsync(TimeSpan.FromSeconds(60)));
        await produced;
        await cluster.ExpectOracleAsync();
    }

    [Fact]
    public async Task Zombie_StoppedForLongerThanTheSession_WritesTheSameRows()
    {
        int late = 0;
        await using ClickHouseProxy proxy = await ClickHouseProxy.StartAsync(
            engine.Endpoint, insert => insert >= 8 && Interlocked.Exchange(ref late, 1) == 0 ? (InsertFault.Late, 0) : default);
        await using LogCluster cluster = LogCluster.Start(engine, proxy.Endpoint);
        await cluster.GenerateAsync("custom-rule-hits-api", 43, 5_000);
        cluster.Serve("ingest");
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ServiceProcess zombie = cluster.Serve("process");
        proxy.OnFault = _ =>
        {
            zombie.Freeze();
            stopped.TrySetResult();
        };
        Task produced = cluster.ProduceAsync(_ => Task.Delay(50, Cancel));

        // It stands still in the middle of an insert; its partitions go to another member, which writes what it was about to write.
        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancel);
        ServiceProcess owner = cluster.Serve("process");
        await owner.UntilSaidAsync(Reads, 4);
        await produced;
        await cluster.ExpectOracleAsync();

        // Now its insert arrives, and it goes on with all that it has read.
        proxy.Late.SetResult();
        zombie.Continue();
        await zombie.UntilSaidAsync(Lost);
        await cluster.ExpectOracleAsync();
        zombie.Terminate();
        owner.Terminate();
        await zombie.WaitAsync(TimeSpan.FromSeconds(60));
        await owner.WaitAsync(TimeSpan.FromSeconds(60));
        await cluster.ExpectOracleAsync();
    }
}

using CfLogStream.EndToEnd.Tests.Support;

namespace CfLogStream.EndToEnd.Tests.Log;

/// <summary>Records through Kafka: the tables must say what an independent count of the uploads says, whatever happens on the way.</summary>
public sealed class LogOracleTests(EngineFixture engine)
{
    [Theory]
    [InlineData("custom-rule-hits-api")]
    [InlineData("bot-fight-webhooks")]
    public async Task Serve_Scenario_GivesWhatTheOracleCounts(string scenario)
    {
        await using LogCluster cluster = LogCluster.Start(engine);
        await cluster.GenerateAsync(scenario, 3, 6_000);
        ServiceProcess service = cluster.Serve("ingest,process");

        await cluster.ProduceAsync();
        await cluster.ExpectOracleAsync();

        service.Terminate();
        Assert.True(await service.WaitAsync(TimeSpan.FromSeconds(40)) == 0, service.Stderr);
    }

    [Fact]
    public async Task Serve_RolesApartAndInTwoMembers_GivesWhatTheOracleCounts()
    {
        await using LogCluster cluster = LogCluster.Start(engine, brokers: 3);
        await cluster.GenerateAsync("custom-rule-hits-api", 4, 6_000);
        cluster.Serve("ingest");
        cluster.Serve("process");
        cluster.Serve("process");

        await cluster.ProduceAsync();
        await cluster.ExpectOracleAsync();

        foreach (ServiceProcess service in cluster.Services)
        {
            service.Terminate();
            Assert.True(await service.WaitAsync(TimeSpan.FromSeconds(40)) == 0, service.Stderr);
        }
    }
}

using System.Diagnostics;
using CfLogStream.EndToEnd.Tests.Support;
using CfLogStream.Kafka.Testing;
using Confluent.Kafka;

namespace CfLogStream.EndToEnd.Tests.Log;

/// <summary>Brokers that go and come, lead other partitions, answer late, refuse or hang up, while records are brought to the log and worked through.</summary>
public sealed class BrokerFaultTests(EngineFixture engine)
{
    /// <summary>How long undisturbed rounds follow when some kind of request came too seldom: offsets are committed every few seconds, and only by who has joined.</summary>
    private static readonly TimeSpan s_calm = TimeSpan.FromMinutes(3);

    private const string CommitFailed = "Committing offsets failed";

    /// <summary>Event time runs 70 times as fast as the clock here, and a partition whose leader is away stays behind the others: what is asked is that
    /// nothing is lost or repeated, not that all of it is on time.</summary>
    private static readonly ServiceSettings s_patient = new() { More = "correlation: {allowed_lateness_secs: 14400}" };

    // Retriable ones of each kind of request; the transport error closes the connection.
    private static readonly (int Api, ErrorCode[] Errors)[] s_errors =
    [
        (MockKafka.ApiFetch, [ErrorCode.NotLeaderForPartition, ErrorCode.RequestTimedOut, ErrorCode.Local_Transport, ErrorCode.UnknownTopicOrPart]),
        (MockKafka.ApiMetadata, [ErrorCode.BrokerNotAvailable, ErrorCode.Local_Transport]),
        (MockKafka.ApiProduce, [ErrorCode.NotEnoughReplicas, ErrorCode.Local_Transport, ErrorCode.RequestTimedOut]),
        (MockKafka.ApiOffsetCommit, [ErrorCode.GroupLoadInProgress, ErrorCode.NotCoordinatorForGroup, ErrorCode.Local_Transport]),
        (MockKafka.ApiHeartbeat, [ErrorCode.RebalanceInProgress, ErrorCode.NotCoordinatorForGroup, ErrorCode.Local_Transport]),
        (MockKafka.ApiJoinGroup, [ErrorCode.GroupCoordinatorNotAvailable, ErrorCode.Local_Transport]),
        (MockKafka.ApiListOffsets, [ErrorCode.LeaderNotAvailable, ErrorCode.Local_Transport]),
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(6, Explicit = true)]
    public async Task Brokers_FailInEveryWay_LoseAndRepeatNothing(int rounds)
    {
        await using LogCluster cluster = LogCluster.Start(engine, brokers: 3);
        cluster.Kafka.TrackRequests();
        cluster.Serve("ingest", null, s_patient);
        cluster.Serve("process", null, s_patient);
        var calm = new Stopwatch();
        for (int round = 0; round < rounds || (calm.Elapsed < s_calm && s_errors.Any(kind => !IsMet(cluster, kind, rounds))); round++)
        {
            if (round == rounds)
            {
                calm.Start();
                cluster.Kafka.SetAllUp();
            }

            await cluster.GenerateAsync("custom-rule-hits-api", (ulong)(50 + round), 5_000, TimeSpan.FromHours(2));
            await cluster.ProduceUploadsAsync(async upload =>
            {
                if (upload % 3 == 0 && !calm.IsRunning)
                {
                    Disturb(cluster, upload / 3);
                }

                await Task.Delay(100, Cancel);
            });
        }

        Assert.All(s_errors, kind => Assert.True(IsMet(cluster, kind, rounds), $"Requests of kind {kind.Api} came too seldom to be refused."));
        cluster.Kafka.SetAllUp();
        await cluster.CloseAsync();
        await cluster.ExpectOracleAsync();
        Assert.All(cluster.Services, service => Assert.False(service.HasExited, service.Stderr));
    }

    /// <summary>Whether each error of a kind of request was met: in every round, or at least once where they are seldom.</summary>
    private static bool IsMet(LogCluster cluster, (int Api, ErrorCode[] Errors) kind, int rounds) =>
        cluster.Kafka.CountRequests(kind.Api) > kind.Errors.Length * (kind.Api == MockKafka.ApiOffsetCommit ? 1 : rounds);

    [Theory]
    [InlineData(0.1)]
    [InlineData(2, Explicit = true)]
    public async Task Commits_FailForLong_AndTheProcessIsKilled_CostsNothing(double minutes)
    {
        await using LogCluster cluster = LogCluster.Start(engine);
        cluster.Kafka.PushErrors(MockKafka.ApiOffsetCommit, [.. Enumerable.Repeat(ErrorCode.TopicAuthorizationFailed, 10_000)]);
        cluster.Serve("ingest", null, s_patient);
        cluster.Serve("process", null, s_patient);
        using var time = new FaultTime(minutes);
        ulong seed = 60;
        do
        {
            await cluster.GenerateAsync("custom-rule-hits-api", seed++, 3_000, TimeSpan.FromHours(2));
            await cluster.ProduceUploadsAsync(_ => Task.Delay(60, Cancel));
            foreach (ServiceProcess service in cluster.Services.Where(service => !service.HasExited).ToArray())
            {
                await service.UntilSaidAsync(CommitFailed);
                service.Kill();
                await service.WaitAsync(TimeSpan.FromSeconds(10));
                cluster.Serve(service.Roles, null, s_patient);
            }
        }
        while (!time.IsOver);

        await cluster.CloseAsync();
        await cluster.ExpectOracleAsync();
    }

    /// <summary>Makes one fault; what stands in the way of everybody is mended after a while.</summary>
    internal static void Disturb(LogCluster cluster, int step)
    {
        MockKafka kafka = cluster.Kafka;
        int broker = (step % kafka.Brokers) + 1;
        switch (step % 6)
        {
            case 0:
                kafka.SetBrokerDown(broker);
                _ = Task.Delay(1_500, CancellationToken.None).ContinueWith(_ => kafka.SetBrokerUp(broker), TaskScheduler.Default);
                break;
            case 1:
                kafka.SetRtt(broker, 300);
                break;
            case 2:
                kafka.SetRtt(((step - 1) % kafka.Brokers) + 1, 0);
                for (int partition = 0; partition < cluster.Partitions; partition++)
                {
                    kafka.SetLeader(LogCluster.Topic, partition, ((partition + step) % kafka.Brokers) + 1);
                }

                break;
            case 3:
                kafka.SetCoordinator("cflogstream", broker);
                kafka.SetCoordinator("cflogstream-ingest", broker);
                break;
            case 4:
                foreach ((int api, ErrorCode[] errors) in s_errors)
                {
                    kafka.PushErrors(api, errors);
                }

                break;
            default:
                kafka.SetAllDown();
                _ = Task.Delay(400, CancellationToken.None).ContinueWith(_ => kafka.SetAllUp(), TaskScheduler.Default);
                break;
        }
    }
}

using CfLogStream.Kafka.Client;
using CfLogStream.Kafka.Slices;
using Confluent.Kafka;

namespace CfLogStream.Kafka.Tests.Client;

public sealed class KafkaLogReaderTests
{
    [Fact]
    public async Task Read_AppendedSlices_AreTheSameInTheSameOrder()
    {
        await using var cluster = new LogCluster();
        await cluster.AppendAsync(300);
        LogCluster.Member member = cluster.Join(new RecordingHandler());
        await LogCluster.UntilAsync(() => member.Handler.Taken == 300, "300 messages");
        for (int partition = 0; partition < 3; partition++)
        {
            Seen[] seen = [.. member.Handler.Of(partition)];
            for (int i = 0; i < 100; i++)
            {
                Slice slice = LogCluster.Slice(partition, (i * 3) + partition);
                Assert.Equal(i, seen[i].Offset);
                Assert.Equal(slice.Header, seen[i].Header);
                Assert.Equal(slice.Value.ToArray(), seen[i].Value);
            }
        }

        await member.LeaveAsync();
        Assert.Equal(300, member.Metrics.Messages);
        Assert.Equal(0, member.Metrics.Gaps);
        Assert.All(member.Handler.Opened, session => Assert.True(session.Drained));
        Assert.Equal(100, await cluster.CommittedAsync(0));
    }

    [Fact]
    public async Task Read_FromAStartOffset_BeginsThere()
    {
        await using var cluster = new LogCluster();
        await cluster.AppendAsync(300);
        LogCluster.Member member = cluster.Join(new RecordingHandler { StartAt = partition => 40 + partition });
        await LogCluster.UntilAsync(() => member.Handler.Taken == 60 + 59 + 58, "the messages from the start offsets");
        Assert.Equal(Enumerable.Range(41, 59), member.Handler.Of(1).Select(seen => (int)seen.Offset));
        await LogCluster.UntilAsync(() => member.Metrics.Lag(cluster.Options.Topic, 1) == 0, "no lag");
        Assert.Empty(member.Handler.Sessions[1].Lost);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1024 * 1024)]
    public async Task Read_SessionFull_PausesAndLosesNothing(int heldBytes)
    {
        await using var cluster = new LogCluster();
        cluster.ReaderOptions = cluster.ReaderOptions with { HeldBytes = heldBytes };
        await cluster.AppendAsync(1500, bytes: 2000);
        var handler = new RecordingHandler { Room = 10 };
        LogCluster.Member member = cluster.Join(handler);
        await LogCluster.UntilAsync(
            () => handler.Taken == 30 && handler.Opened.All(session => session.Refused > 10), "full sessions that are offered the same again");
        await LogCluster.UntilAsync(() => heldBytes > 0 || member.Metrics.Pauses == 3, "three pauses");
        await cluster.AppendAsync(300, first: 1500);
        handler.Room = int.MaxValue;
        await LogCluster.UntilAsync(() => handler.Taken == 1800, "everything");
        for (int partition = 0; partition < 3; partition++)
        {
            Assert.Equal(Enumerable.Range(0, 600), handler.Of(partition).Select(seen => (int)seen.Offset));
        }
    }

    [Fact]
    public async Task Read_TwoMembers_ShareAndOneLeaves_NothingIsLost()
    {
        await using var cluster = new LogCluster(partitions: 4);
        await cluster.AppendAsync(400);
        // What a session of either member took is where the next session of the partition begins.
        var first = new RecordingHandler();
        var second = new RecordingHandler();
        long Next(int partition) => first.Of(partition).Concat(second.Of(partition)).Select(seen => seen.Offset + 1).DefaultIfEmpty(0).Max();
        first.StartAt = second.StartAt = Next;
        LogCluster.Member one = cluster.Join(first);
        await LogCluster.UntilAsync(() => first.Taken == 400, "400 messages at one member");
        LogCluster.Member two = cluster.Join(second);
        await LogCluster.UntilAsync(() => second.Opened.Count == 2, "two partitions at the second member");
        await cluster.AppendAsync(400, first: 400);
        await LogCluster.UntilAsync(() => first.Taken + second.Taken == 800, "800 messages at both");
        Assert.Equal(2, first.Opened.Count(session => session.Drained));
        Assert.True(second.Taken >= 200);
        await one.LeaveAsync();
        await LogCluster.UntilAsync(() => second.Opened.Count == 4, "all partitions at the second member");
        await cluster.AppendAsync(400, first: 800);
        await LogCluster.UntilAsync(() => first.Taken + second.Taken == 1200, "1200 messages");
        for (int partition = 0; partition < 4; partition++)
        {
            Assert.Equal(Enumerable.Range(0, 300), first.Of(partition).Concat(second.Of(partition)).Select(seen => (int)seen.Offset).Order());
        }

        await two.LeaveAsync();
        Assert.Equal(0, two.Metrics.Gaps);
    }

    [Fact]
    public async Task Leave_SessionDoesNotFinish_IsAbandonedWithoutACommit()
    {
        await using var cluster = new LogCluster(partitions: 1);
        cluster.ReaderOptions = cluster.ReaderOptions with { DrainLimit = TimeSpan.FromMilliseconds(300), CommitInterval = TimeSpan.FromHours(1) };
        await cluster.AppendAsync(10);
        LogCluster.Member member = cluster.Join(new RecordingHandler { Drain = _ => new TaskCompletionSource().Task });
        await LogCluster.UntilAsync(() => member.Handler.Taken == 10, "10 messages");
        await member.LeaveAsync();
        RecordingSession session = Assert.Single(member.Handler.Opened);
        Assert.True(session.Abandoned);
        Assert.False(session.Drained);
    }

    [Fact]
    public async Task Lost_AbandonsAndOpensAgain()
    {
        await using var cluster = new LogCluster(partitions: 1);
        cluster.ReaderOptions = cluster.ReaderOptions with { CommitInterval = TimeSpan.FromHours(1) };
        await cluster.AppendAsync(10);
        var handler = new RecordingHandler();
        LogCluster.Member member = cluster.Join(handler);
        await LogCluster.UntilAsync(() => handler.Taken == 10, "10 messages");
        cluster.Kafka.PushErrors(Testing.MockKafka.ApiHeartbeat, ErrorCode.UnknownMemberId);
        await LogCluster.UntilAsync(() => handler.Opened.Count == 2 && handler.Taken == 20, "a second session with everything again");
        Assert.True(handler.Opened.First().Abandoned);
        Assert.False(handler.Opened.First().Drained);
        Assert.Null(await cluster.CommittedAsync(0));
        await member.LeaveAsync();
        Assert.Equal(10, await cluster.CommittedAsync(0));
    }

    [Fact]
    public async Task Read_TrimmedBeforeTheStart_TellsTheLoss()
    {
        await using var cluster = new LogCluster(partitions: 1);
        await cluster.AppendAsync(100);
        cluster.Kafka.DeleteRecords(cluster.Options.Topic, 0, 30);
        LogCluster.Member member = cluster.Join(new RecordingHandler { StartAt = _ => 10 });
        await LogCluster.UntilAsync(() => member.Handler.Taken == 70, "the messages that are left");
        Assert.Equal((10, 30), Assert.Single(member.Handler.Sessions[0].Lost));
        Assert.Equal(30, member.Handler.Of(0).First().Offset);
        Assert.Equal(20, member.Metrics.LostOffsets);
    }

    [Fact]
    public async Task Read_TrimmedWhilePaused_TellsTheLoss()
    {
        await using var cluster = new LogCluster(partitions: 1);
        cluster.ReaderOptions = cluster.ReaderOptions with { HeldBytes = 0 };
        await cluster.AppendAsync(1);
        var handler = new RecordingHandler { Room = 1 };
        LogCluster.Member member = cluster.Join(handler);
        await LogCluster.UntilAsync(() => handler.Taken == 1, "the first message");
        await cluster.AppendAsync(1, first: 1);
        await LogCluster.UntilAsync(() => member.Metrics.Pauses == 1, "a pause");
        using (KafkaLogWriter writer = await cluster.OpenWriterAsync())
        {
            for (int i = 0; i < 100; i++)
            {
                await writer.AppendAsync([LogCluster.Slice(0, 2 + i)], LogCluster.Ct);
            }
        }

        cluster.Kafka.DeleteRecords(cluster.Options.Topic, 0, 50);
        handler.Room = int.MaxValue;
        await LogCluster.UntilAsync(() => handler.Taken == 2 + 52, "the messages that are left");
        Assert.Equal((2, 50), Assert.Single(handler.Sessions[0].Lost));
        await cluster.AppendAsync(1, first: 102);
        await LogCluster.UntilAsync(() => handler.Taken == 2 + 53, "what comes after");
    }

    [Fact]
    public async Task Read_StartBeyondTheEnd_FailsAndSaysWhatToDo()
    {
        await using var cluster = new LogCluster(partitions: 1);
        await cluster.AppendAsync(5);
        LogCluster.Member member = cluster.Join(new RecordingHandler { StartAt = _ => 9 });
        LogRecreatedException e = await Assert.ThrowsAsync<LogRecreatedException>(() => member.Running.WaitAsync(TimeSpan.FromSeconds(30), LogCluster.Ct));
        Assert.Equal(
            "Cannot read partition 0 of topic 'cflogstream.log' from offset 9: it ends at 5. The topic was created again or its newest messages were "
                + "lost. Stop all processes and begin a new generation with 'cflogstream reset --to oldest'.",
            e.Message);
        Assert.True(Assert.Single(member.Handler.Opened).Abandoned);
    }

    [Fact]
    public async Task Read_BrokerDownAndUp_GoesOn()
    {
        await using var cluster = new LogCluster();
        await cluster.AppendAsync(30);
        LogCluster.Member member = cluster.Join(new RecordingHandler());
        await LogCluster.UntilAsync(() => member.Handler.Taken == 30, "30 messages");
        using KafkaLogWriter writer = await cluster.OpenWriterAsync();
        cluster.Kafka.SetAllDown();
        Task append = writer.AppendAsync([.. Enumerable.Range(30, 30).Select(i => LogCluster.Slice(i % 3, i))], LogCluster.Ct);
        Assert.False(append.IsCompleted);
        cluster.Kafka.SetAllUp();
        await append;
        await LogCluster.UntilAsync(() => member.Handler.Taken == 60, "60 messages");
        Assert.All(member.Handler.Opened, session => Assert.Empty(session.Lost));
    }

    [Fact]
    public async Task Read_InjectedErrors_GoesOn()
    {
        await using var cluster = new LogCluster();
        await cluster.AppendAsync(30);
        cluster.Kafka.PushErrors(Testing.MockKafka.ApiListOffsets, ErrorCode.LeaderNotAvailable, ErrorCode.NotLeaderForPartition);
        cluster.Kafka.PushErrors(Testing.MockKafka.ApiJoinGroup, ErrorCode.GroupCoordinatorNotAvailable, ErrorCode.NotCoordinatorForGroup);
        LogCluster.Member member = cluster.Join(new RecordingHandler());
        await LogCluster.UntilAsync(() => member.Handler.Taken == 30, "30 messages");
        cluster.Kafka.PushErrors(Testing.MockKafka.ApiFetch, ErrorCode.NotLeaderForPartition, ErrorCode.Unknown, ErrorCode.RequestTimedOut);
        cluster.Kafka.PushErrors(
            Testing.MockKafka.ApiOffsetCommit, [.. Enumerable.Repeat(ErrorCode.TopicAuthorizationFailed, 3)]);
        await cluster.AppendAsync(30, first: 30);
        await LogCluster.UntilAsync(() => member.Handler.Taken == 60, "60 messages");
        await LogCluster.UntilAsync(() => member.Metrics.CommitFailures > 0, "a failed commit");
        await member.LeaveAsync();
        Assert.All(member.Handler.Opened, session => Assert.Empty(session.Lost));
    }

    [Fact]
    public async Task Read_LeaderAndCoordinatorMove_GoesOn()
    {
        await using var cluster = new LogCluster(partitions: 2, brokers: 2);
        await cluster.AppendAsync(20);
        LogCluster.Member member = cluster.Join(new RecordingHandler());
        await LogCluster.UntilAsync(() => member.Handler.Taken == 20, "20 messages");
        cluster.Kafka.SetCoordinator(cluster.Options.Group, 2);
        cluster.Kafka.SetLeader(cluster.Options.Topic, 0, 2);
        cluster.Kafka.SetLeader(cluster.Options.Topic, 1, 1);
        await cluster.AppendAsync(20, first: 20);
        await LogCluster.UntilAsync(() => member.Handler.Taken >= 40, "40 messages");
        Assert.All(member.Handler.Opened, session => Assert.Empty(session.Lost));
    }
}

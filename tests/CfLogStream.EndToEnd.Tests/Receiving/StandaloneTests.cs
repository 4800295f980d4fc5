using CfLogStream.EndToEnd.Tests.Support;

namespace CfLogStream.EndToEnd.Tests.Receiving;

/// <summary>Uploads to one program without Kafka: the tables must say what an independent count of the uploads says, whatever is killed
/// when.</summary>
public sealed class StandaloneTests(EngineFixture engine)
{
    private const int Killed = 137;
    private const int SentAgainAfter = 20;
    private const int MostKills = 6;

    [Fact]
    public async Task Serve_WithItsOwnClickHouse_GivesWhatTheOracleCountsAcrossAKill()
    {
        await using StandalonePlace place = StandalonePlace.Make(null);
        IReadOnlyList<byte[]> uploads = await place.GenerateAsync("custom-rule-hits-api", 31, 6_000);
        place.Serve();
        for (int i = 0; i < uploads.Count; i++)
        {
            await place.SendAsync(uploads[i]);
            if (i == uploads.Count / 2)
            {
                place.Service.Kill();
                Assert.Equal(Killed, await place.Service.WaitAsync(TimeSpan.FromSeconds(10)));
                place.Serve();
            }
        }

        await place.CloseAsync();
        await place.ExpectOracleAsync();

        Report(place, uploads.Count);
        place.Service.Terminate();
        Assert.True(await place.Service.WaitAsync(TimeSpan.FromSeconds(40)) == 0, place.Service.Stderr);
    }

    [Theory]
    [InlineData(41)]
    [InlineData(42)]
    public async Task Kill_AtRandomTimesWhileUploadsArrive_LosesAndRepeatsNothing(int seed)
    {
        var random = new Random(seed);
        await using StandalonePlace place = StandalonePlace.Make(engine.Endpoint, "spool: {segment_bytes: 1048576, max_bytes: 67108864}");
        IReadOnlyList<byte[]> uploads = await place.GenerateAsync("bot-fight-webhooks", (ulong)seed, 8_000);
        place.Serve();
        int kills = 0;
        Task killing = Task.CompletedTask;
        for (int i = 0; i < uploads.Count; i++)
        {
            await place.SendAsync(uploads[i]);
            if (i % 5 == 3 && i >= SentAgainAfter)
            {
                await place.SendAsync(uploads[i - SentAgainAfter]);
            }

            if (killing.IsCompleted && kills < MostKills)
            {
                await killing;
                kills++;
                killing = KillSoonAsync(place, TimeSpan.FromMilliseconds(random.Next(2_000)));
            }

            await Task.Delay(30, TestContext.Current.CancellationToken);
        }

        await killing;
        await place.CloseAsync();
        await place.ExpectOracleAsync();

        TestContext.Current.TestOutputHelper?.WriteLine($"{kills} kills, {place.Retried} uploads sent more than once");
        Report(place, uploads.Count);
        Assert.True(kills >= 3, $"{kills} kills");
    }

    [Theory]
    [InlineData("after_read:3", Explicit = true)]
    [InlineData("after_read:40")]
    [InlineData("after_compute:7", Explicit = true)]
    [InlineData("before_insert:2")]
    [InlineData("before_insert:12", Explicit = true)]
    [InlineData("after_insert:2")]
    [InlineData("after_progress:1", Explicit = true)]
    [InlineData("after_progress:4")]
    [InlineData("spool_write:1")]
    [InlineData("spool_write:50")]
    [InlineData("spool_commit:1", Explicit = true)]
    [InlineData("spool_commit:9")]
    public async Task Kill_AtANamedPoint_LosesAndRepeatsNothing(string point)
    {
        await using StandalonePlace place = StandalonePlace.Make(engine.Endpoint, "spool: {segment_bytes: 1048576, max_bytes: 67108864}");
        IReadOnlyList<byte[]> uploads = await place.GenerateAsync("bot-fight-webhooks", 43, 4_000);
        place.Serve(point);
        Task restarted = RestartAsync(place);
        foreach (byte[] upload in uploads)
        {
            await place.SendAsync(upload);
        }

        await place.CloseAsync();
        await restarted;
        await place.ExpectOracleAsync();

        TestContext.Current.TestOutputHelper?.WriteLine($"{place.Retried} of {uploads.Count} uploads sent more than once");
        place.Service.Terminate();
        Assert.True(await place.Service.WaitAsync(TimeSpan.FromSeconds(40)) == 0, place.Service.Stderr);
    }

    /// <summary>Waits for the service to kill itself, and starts it again without a point to do so.</summary>
    private static async Task RestartAsync(StandalonePlace place)
    {
        Assert.Equal(Killed, await place.Service.WaitAsync(TimeSpan.FromSeconds(60)));
        place.Serve();
    }

    private static async Task KillSoonAsync(StandalonePlace place, TimeSpan delay)
    {
        await Task.Delay(delay, TestContext.Current.CancellationToken);
        place.Service.Kill();
        await place.Service.WaitAsync(TimeSpan.FromSeconds(10));
        place.Serve();
    }

    private static void Report(StandalonePlace place, int uploads)
    {
        double[] ms = [.. place.AcknowledgedMs.Order()];
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{uploads} uploads, acknowledged in p50 {ms[ms.Length / 2]:0.0} ms, p99 {ms[(int)(ms.Length * 0.99)]:0.0} ms");
    }
}

using System.Globalization;
using CfLogStream.EndToEnd.Tests.Support;

namespace CfLogStream.EndToEnd.Tests.Log;

/// <summary>Ingest and process for a long time with faults at random: numbers exact, memory, handles, threads and parts flat. Run by tests/soak.sh.</summary>
public sealed class SoakTests(EngineFixture engine)
{
    private const int SegmentRecords = 4_000;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task Soak()
    {
        int seed = FaultTime.Seed(1);
        var random = new Random(seed);
        int faulty = 0;
        await using ClickHouseProxy proxy = await ClickHouseProxy.StartAsync(
            engine.Endpoint, _ => Interlocked.Exchange(ref faulty, 0) is > 0 and int fault ? ((InsertFault)fault, 241) : default);
        await using LogCluster cluster = LogCluster.Start(engine, proxy.Endpoint, brokers: 3, partitions: 6);

        // These two are watched; the third is killed, stopped and continued.
        ServiceProcess ingest = cluster.Serve("ingest");
        ServiceProcess process = cluster.Serve("process");
        var faults = new Dictionary<string, int>();
        var samples = new List<Sample>();
        using var time = new FaultTime(15);
        DateTimeOffset began = TimeProvider.System.GetUtcNow();
        Task disturber = Task.Run(
            async () =>
            {
                ServiceProcess victim = cluster.Serve("process");
                for (int step = 0; !time.IsOver; step++)
                {
                    await Task.Delay(random.Next(2_000, 8_000), Cancel);
                    string fault = random.Next(5) switch
                    {
                        0 => "process killed",
                        1 => "process stopped and continued",
                        2 => "ClickHouse gone",
                        3 => "insert misused",
                        _ => "brokers disturbed",
                    };
                    faults[fault] = faults.GetValueOrDefault(fault) + 1;
                    switch (fault)
                    {
                        case "process killed":
                            victim.Kill();
                            await victim.WaitAsync(TimeSpan.FromSeconds(20));
                            victim = cluster.Serve("process");
                            break;
                        case "process stopped and continued":
                            victim.Freeze();
                            await Task.Delay(TimeSpan.FromSeconds(LogCluster.SessionSecs + 3), Cancel);
                            victim.Continue();
                            break;
                        case "ClickHouse gone":
                            proxy.IsGone = true;
                            await Task.Delay(random.Next(1_000, 5_000), Cancel);
                            proxy.IsGone = false;
                            break;
                        case "insert misused":
                            faulty = random.Next((int)InsertFault.ResetMidBody, (int)InsertFault.Slow + 1);
                            break;
                        default:
                            BrokerFaultTests.Disturb(cluster, step);
                            break;
                    }
                }
            },
            Cancel);
        long records = 0;
        for (ulong segment = 0; !time.IsOver; segment++)
        {
            await cluster.GenerateAsync("bot-fight-webhooks", 1_000 + segment, SegmentRecords, TimeSpan.FromHours(2));
            await cluster.ProduceUploadsAsync(_ => Task.Delay(60, Cancel));
            records += SegmentRecords;
            samples.Add(await SampleAsync(cluster, ingest, process, TimeProvider.System.GetUtcNow() - began));
            Say(samples[^1].ToString());
        }

        await disturber;
        await cluster.CloseAsync();
        await cluster.ExpectOracleAsync();
        Say($"{records:N0} records, exact; seed {seed}; {string.Join(", ", faults.OrderBy(fault => fault.Key).Select(fault => $"{fault.Value} × {fault.Key}"))}");
        Assert.False(ingest.HasExited, ingest.Stderr);
        Assert.False(process.HasExited, process.Stderr);
        Assert.True(faults.Count >= 3 && faults.Values.Sum() >= FaultTime.Of(15), "Too few faults happened.");

        // The first third warms up; then nothing may grow from the second to the last.
        AssertFlat("ingest memory, MB", samples, sample => sample.IngestBytes >> 20, 48);
        AssertFlat("process memory, MB", samples, sample => sample.ProcessBytes >> 20, 64);
        AssertFlat("ingest handles", samples, sample => sample.IngestHandles, 12);
        AssertFlat("process handles", samples, sample => sample.ProcessHandles, 12);
        AssertFlat("process threads", samples, sample => sample.ProcessThreads, 12);
        AssertFlat("parts of one partition of a table", samples, sample => sample.Parts, 60);
    }

    private static void AssertFlat(string what, List<Sample> samples, Func<Sample, long> value, long tolerance)
    {
        Assert.True(samples.Count >= 6, "The soak is too short to judge.");
        long middle = Median(samples.Skip(samples.Count / 3).Take(samples.Count / 3).Select(value));
        long last = Median(samples.Skip(samples.Count * 2 / 3).Select(value));
        Say($"{what}: {middle} in the second third, {last} in the last, at most {samples.Max(value)}");
        Assert.True(last <= middle + tolerance, $"{what} grew from {middle} to {last}.");
    }

    private static long Median(IEnumerable<long> values)
    {
        long[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private static async Task<Sample> SampleAsync(LogCluster cluster, ServiceProcess ingest, ServiceProcess process, TimeSpan at)
    {
        IReadOnlyList<string> parts = await cluster.RowsAsync(
            $"SELECT toString(max(parts)) FROM (SELECT count() AS parts FROM system.parts WHERE active AND database = '{cluster.Database}' "
            + "GROUP BY table, partition)");
        return new Sample(
            at, ingest.ResidentBytes, process.ResidentBytes, ingest.Handles, process.Handles, process.Threads,
            long.Parse(parts[0], CultureInfo.InvariantCulture));
    }

    private static void Say(string text) => TestContext.Current.TestOutputHelper?.WriteLine(text);

    private sealed record Sample(
        TimeSpan At, long IngestBytes, long ProcessBytes, int IngestHandles, int ProcessHandles, int ProcessThreads, long Parts)
    {
        public override string ToString() =>
            $"{At:mm\\:ss} ingest {IngestBytes >> 20} MB, {IngestHandles} handles; process {ProcessBytes >> 20} MB, {ProcessHandles} handles, "
            + $"{ProcessThreads} threads; {Parts} parts";
    }
}

using System.Text;
using CfLogStream.Core.Logpush;
using CfLogStream.Kafka.Log;
using CfLogStream.Kafka.Slices;
using CfLogStream.Server.Requests;

namespace CfLogStream.Server.Tests.Processing;

/// <summary>Rejected lines that are given to the log again.</summary>
public sealed class DeadLetterReplayTests(ProcessEngine engine)
{
    private const long Received = 1_790_000_000L * 1_000_000_000;

    private const long Hour = 3_600L * 1_000_000_000;

    private static readonly ReaderOptions s_deeper = new() { MaxDepth = 100 };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Replay_OfLinesThatAreRecordsByNow_CountsEachOnceHoweverOftenItIsRepeated()
    {
        TestLog log = Log();
        await using ProcessDatabase database = await engine.CreateAsync();
        await PipelineRun.RunWholeAsync(database, log);
        Assert.Equal(["bad_json 1", "cut_line 1", "too_deep 1"], await ReasonsAsync(database));

        ReplayCounts dry = await new DeadLetterReplay(Lookup(database), null, s_deeper, new SlicerOptions(), TimeProvider.System)
            .RunAsync(new DeadLetterFilter(), 100, Cancel);
        Assert.Equal((1, 1, 1), (dry.Records, dry.Rejected, dry.Cut));

        // The mark is lost the first time: the process ends between the log's acknowledgement and it.
        var writer = new Writer(log);
        DeadLetterLookup lookup = Lookup(database);
        var outage = new OperationCanceledException("the process ends here");
        await Assert.ThrowsAsync<OperationCanceledException>(() => Replay(lookup, new Writer(log, outage)).RunAsync(new DeadLetterFilter(), 100, Cancel));
        ReplayCounts first = await Replay(lookup, writer).RunAsync(new DeadLetterFilter(), 100, Cancel);
        ReplayCounts second = await Replay(lookup, writer).RunAsync(new DeadLetterFilter(), 100, Cancel);
        Assert.Equal((1, 0), (first.Records, second.Records));
        Assert.Equal(2, log.Partitions.Sum(partition => partition.Count(message => message.Header.Batch == writer.Batch)));

        // An hour later, so that all waits end.
        log.Append("upload", Received + Hour, Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(100, 20).Select(i => Line(i, "1", Hour)))));
        await PipelineRun.RunWholeAsync(database, log);
        Assert.Equal([" 11 0"], await CountedAsync(database));

        // The log is processed again from its beginning: what was replayed stays replayed.
        await database.Queries.ExecuteAsync($"TRUNCATE TABLE {database.Name}.progress", null, Cancel);
        await database.Queries.ExecuteAsync($"TRUNCATE TABLE {database.Name}.batches", null, Cancel);
        await PipelineRun.RunWholeAsync(database, log);
        ReplayCounts third = await Replay(lookup, writer).RunAsync(new DeadLetterFilter(), 100, Cancel);
        Assert.Equal(0, third.Records);
        Assert.Equal([" 11 0"], await CountedAsync(database));
    }

    private static DeadLetterLookup Lookup(ProcessDatabase database) => new(database.Queries, PipelineRun.Log);

    private static DeadLetterReplay Replay(DeadLetterLookup lookup, ILogWriter log) =>
        new(lookup, log, s_deeper, new SlicerOptions(), TimeProvider.System);

    private static Task<IReadOnlyList<string>> CountedAsync(ProcessDatabase database) =>
        database.RowsAsync($"SELECT sum(counted), sum(received) - sum(counted) - sum(duplicates) - sum(dead_lettered) "
            + $"FROM {database.Name}.quality_1m FINAL WHERE window < fromUnixTimestamp({(Received / 1_000_000_000) + 60})");

    private static async Task<IReadOnlyList<string>> ReasonsAsync(ProcessDatabase database) =>
    [
        .. (await database.RowsAsync($"SELECT reason, count() FROM {database.Name}.dead_letters FINAL GROUP BY reason")).Select(row => row.Trim())
            .Order(StringComparer.Ordinal),
    ];

    private static TestLog Log()
    {
        var lines = new StringBuilder();
        for (int i = 0; i < 10; i++)
        {
            lines.Append(Line(i, "1")).Append('\n');
        }

        lines.Append(Line(10, new string('[', 80) + new string(']', 80))).Append('\n');
        lines.Append("no json\n");
        lines.Append("{\"RayID\":\"").Append('x', 8_000).Append('\n');
        var log = new TestLog(2);
        log.Append("upload", Received, Encoding.UTF8.GetBytes(lines.ToString()));
        return log;
    }

    private static string Line(int i, string extra, long laterNs = 0) =>
        $"{{\"RayID\":\"{i + 1:x16}\",\"EdgeStartTimestamp\":{Received - 1_000_000_000 + laterNs},\"ClientRequestHost\":\"api.example.com\","
        + $"\"ClientRequestMethod\":\"GET\",\"ClientRequestURI\":\"/v1\",\"EdgeResponseStatus\":200,\"OriginResponseStatus\":200,\"Extra\":{extra}}}";

    /// <summary>Appends to the log in memory; or appends, and then the process ends.</summary>
    private sealed class Writer(TestLog log, Exception? after = null) : ILogWriter
    {
        public int Partitions => log.Partitions.Count;

        public ulong Batch { get; private set; }

        public Task AppendAsync(IReadOnlyList<Slice> slices, CancellationToken ct)
        {
            foreach (Slice slice in slices)
            {
                Batch = slice.Header.Batch;
                log.Put(slice.Partition, slice.Header, slice.Value.ToArray());
            }

            return after is null ? Task.CompletedTask : Task.FromException(after);
        }
    }
}

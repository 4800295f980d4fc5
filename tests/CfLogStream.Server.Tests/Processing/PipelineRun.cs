using CfLogStream.ClickHouse.Writing;
using CfLogStream.Core.Correlation;
using CfLogStream.Core.Traffic;
using CfLogStream.Kafka.Log;
using CfLogStream.Server.Processing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CfLogStream.Server.Tests.Processing;

/// <summary>A process with a database: opens partitions of a log in memory and feeds them.</summary>
internal sealed class PipelineRun : IDisposable
{
    public const string Log = "cflogstream.log";

    private readonly ProcessDatabase _database;
    private readonly TestLog _log;
    private readonly LogHandler _handler;

    public PipelineRun(
        ProcessDatabase database,
        TestLog log,
        Func<ProcessOptions, ProcessOptions>? change = null,
        CrashPoints? crashPoints = null,
        ClickHouseWriter? writer = null)
    {
        _database = database;
        _log = log;
        Metrics = new ProcessMetrics(Time);
        var options = new ProcessOptions
        {
            Log = Log,
            Database = database.Name,
            Classification = new ClassificationTables(new ClassificationSettings()),
            CutRecords = 3_000,
        };
        Options = change?.Invoke(options) ?? options;
        Store = new ProgressStore(database.Queries, writer ?? database.Writer, database.Name, Log, Time);
        _handler = new LogHandler(
            Options, writer ?? database.Writer, Store, crashPoints ?? CrashPoints.None, Metrics, Time, NullLoggerFactory.Instance);
    }

    public ProcessOptions Options { get; }

    public ProgressStore Store { get; }

    public ProcessMetrics Metrics { get; }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Processes everything that there is, in one go.</summary>
    public static async Task RunWholeAsync(ProcessDatabase database, TestLog log, Func<ProcessOptions, ProcessOptions>? change = null)
    {
        using var run = new PipelineRun(database, log, change);
        for (int partition = 0; partition < log.Partitions.Count; partition++)
        {
            PartitionPipeline session = await run.OpenAsync(partition);
            await run.FeedAsync(session, partition, long.MaxValue);
            await session.DrainAsync(Cancel);
        }
    }

    public static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (!condition())
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    public async Task<PartitionPipeline> OpenAsync(int partition) => (PartitionPipeline)await _handler.OpenAsync(partition, Cancel);

    /// <summary>Feeds the messages from the session's start, or from an offset, to before another one.</summary>
    public async Task FeedAsync(IPartitionSession session, int partition, long end, long? from = null)
    {
        long start = from ?? session.StartOffset;
        foreach (TestLog.Message message in _log.Partitions[partition].Where(message => message.Offset >= start && message.Offset < end))
        {
            LogMessage rented = message.Rent();
            if (!session.TryTake(rented))
            {
                await UntilAsync(() => session.TryTake(rented));
            }
        }
    }

    public async Task<PartitionProgress?> ProgressAsync(int partition) => await Store.ReadAsync(partition, Cancel);

    public void AssertBalance() => Assert.Equal(
        Metrics.Received, Metrics.Counted + Metrics.Duplicates + Metrics.DeadLettered + Metrics.Abandoned + Metrics.InFlight);

    public void Dispose() => Metrics.Dispose();
}

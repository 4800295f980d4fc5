using CfLogStream.ClickHouse;
using CfLogStream.ClickHouse.Writing;
using CfLogStream.Kafka.Log;
using CfLogStream.Server.Configuration;
using CfLogStream.Server.Ingest;
using CfLogStream.Server.Processing;
using CfLogStream.Server.Receiving;
using CfLogStream.Server.Serving;
using CfLogStream.Server.Sources;
using CfLogStream.Server.Storage;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Server.Collecting;

/// <summary>Collects objects from all buckets and folders of a configuration and brings them to the log.</summary>
public sealed partial class Collection
{
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(2);

    private readonly CfLogStreamOptions _options;
    private readonly ReceiverOptions _uploads;
    private readonly string _folder;
    private readonly CollectorMetrics _metrics;
    private readonly IngestMetrics _ingest;
    private readonly HealthBoard _health;
    private readonly CrashPoints _crashPoints;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly LineBatchPool _pool;
    private readonly EventTimeGate _gate;

    /// <param name="options">The configuration.</param>
    /// <param name="uploads">The limits of uploads, which hold for objects too.</param>
    /// <param name="folder">Where objects wait while they are read.</param>
    public Collection(
        CfLogStreamOptions options,
        ReceiverOptions uploads,
        string folder,
        CollectorMetrics metrics,
        IngestMetrics ingest,
        HealthBoard health,
        CrashPoints crashPoints,
        TimeProvider time,
        ILogger<Collection> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(uploads);
        _options = options;
        _uploads = uploads;
        _folder = folder;
        _metrics = metrics;
        _ingest = ingest;
        _health = health;
        _crashPoints = crashPoints;
        _time = time;
        _logger = logger;
        _pool = new LineBatchPool(new LineBatchOptions { Reader = uploads.Reader });
        var ingestOptions = new IngestOptions();
        _gate = new EventTimeGate(ingestOptions.Tolerance, ingestOptions.Idle, time);
    }

    /// <summary>Runs until it is stopped.</summary>
    /// <param name="log">Where the slices go.</param>
    /// <param name="store">The ClickHouse that has the checkpoints, its schema up to date.</param>
    /// <param name="writer">Writes to it.</param>
    /// <param name="ct">Stops it.</param>
    public async Task RunAsync(ILogWriter log, Store store, ClickHouseWriter writer, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(store);
        Directory.CreateDirectory(_folder);
        foreach (string left in Directory.EnumerateFiles(_folder, "*.tmp"))
        {
            File.Delete(left);
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        List<Task> places =
        [
            .. _options.Buckets.Select(bucket => Run(CollectionSettings.Of(bucket, _uploads, _folder), CollectionSettings.Open(bucket))),
            .. _options.Folders.Select(folder => Run(CollectionSettings.Of(folder, _uploads, _folder), CollectionSettings.Open(folder, _time))),
        ];
        Task first = await Task.WhenAny(places).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(places).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first.ConfigureAwait(false);

        Task Run(CollectorOptions options, IObjectPlace place) =>
            Task.Run(() => RunPlaceAsync(options, place, log, store, writer, stop.Token), CancellationToken.None);
    }

    [LoggerMessage(1510, LogLevel.Information, "Collecting from {Place}: everything stored before {Floor:O} is read, and {Count} objects since.")]
    private partial void LogReading(string place, DateTimeOffset floor, int count);

    [LoggerMessage(1511, LogLevel.Warning, "The checkpoint of {Place} cannot be read; trying again in {Delay}. {Reason}")]
    private partial void LogWaiting(string place, TimeSpan delay, string reason);

    private async Task RunPlaceAsync(
        CollectorOptions options, IObjectPlace place, ILogWriter log, Store store, ClickHouseWriter writer, CancellationToken ct)
    {
        using IObjectPlace owned = place;
        using EventTimeGate.Source source = _gate.Open();
        var checkpoints = new CheckpointStore(store.Queries, writer, _options.Clickhouse.Database, options.Name, _time);
        var reader = new ObjectReader(options, place, log.Partitions, _pool, _time);
        var collector = new Collector(options, place, Round(source), checkpoints, source, _metrics, _health, _time, _logger);
        Checkpoint checkpoint = await UntilReadAsync(options.Name, () => collector.ReadCheckpointAsync(ct), ct).ConfigureAwait(false);
        LogReading(options.Name, DateTimeOffset.UnixEpoch.AddTicks(checkpoint.FloorNs / 100), checkpoint.Count);
        var parts = new List<Task> { collector.RunAsync(checkpoint, ct) };
        if (options.Backfill is var (from, to))
        {
            Checkpoint done = await UntilReadAsync(options.Name, () => checkpoints.ReadBackfillAsync(ct), ct).ConfigureAwait(false);
            parts.Add(new Backfill(options, place, Round(null), _health, _time, _logger).RunAsync(done, checkpoint.StartNs, from, to, ct));
        }

        await Task.WhenAll(parts).ConfigureAwait(false);

        ObjectRound Round(EventTimeGate.Source? gate) =>
            new(options, reader, log, checkpoints, gate, _metrics, _ingest, _health, _crashPoints, _time, _logger);
    }

    private async Task<Checkpoint> UntilReadAsync(string place, Func<Task<Checkpoint>> read, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                return await read().ConfigureAwait(false);
            }
            catch (Exception problem) when (problem is ServerAnswerException or HttpRequestException or IOException or TimeoutException)
            {
                _health.SetNotReady(place, $"waits for ClickHouse, which has the checkpoint: {problem.Message}");
                LogWaiting(place, s_retry, problem.Message);
                await Task.Delay(s_retry, _time, ct).ConfigureAwait(false);
            }
        }
    }
}

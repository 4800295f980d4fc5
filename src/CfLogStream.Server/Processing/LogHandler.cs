using CfLogStream.ClickHouse;
using CfLogStream.ClickHouse.Writing;
using CfLogStream.Kafka.Log;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Server.Processing;

/// <summary>Opens the pipelines of a log's partitions from what <c>progress</c> says of them.</summary>
public sealed partial class LogHandler : ILogHandler
{
    private readonly ProcessOptions _options;
    private readonly IBlockWriter _writer;
    private readonly ProgressStore _store;
    private readonly CrashPoints _crashPoints;
    private readonly ProcessMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger<LogHandler> _logger;
    private readonly RetryDelay _delay = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(30), new Random());

    public LogHandler(
        ProcessOptions options,
        IBlockWriter writer,
        ProgressStore store,
        CrashPoints crashPoints,
        ProcessMetrics metrics,
        TimeProvider time,
        ILoggerFactory loggers)
    {
        _options = options;
        _writer = writer;
        _store = store;
        _crashPoints = crashPoints;
        _metrics = metrics;
        _time = time;
        _loggers = loggers;
        _logger = loggers.CreateLogger<LogHandler>();
    }

    /// <summary>Opens a partition; tries for ever while ClickHouse does not answer.</summary>
    /// <exception cref="GenerationException">The partition was processed under a newer generation.</exception>
    public async Task<IPartitionSession> OpenAsync(int partition, CancellationToken ct)
    {
        for (int retry = 0; ; retry++)
        {
            try
            {
                return await TryOpenAsync(partition, ct).ConfigureAwait(false);
            }
            catch (Exception exception) when (!ct.IsCancellationRequested && IsOutside(exception))
            {
                TimeSpan delay = _delay.Before(Math.Min(retry, 62));
                Log.Retrying(_logger, exception, partition, _options.Log, delay);
                await Task.Delay(delay, _time, ct).ConfigureAwait(false);
            }
        }
    }

    private static bool IsOutside(Exception exception) =>
        exception is ServerAnswerException or HttpRequestException or IOException or TimeoutException or OperationCanceledException;

    private async Task<PartitionPipeline> TryOpenAsync(int partition, CancellationToken ct)
    {
        PartitionProgress? progress = await _store.ReadAsync(partition, ct).ConfigureAwait(false);
        if (progress is not null && progress.Generation > _options.Generation)
        {
            throw new GenerationException(
                $"Partition {partition} of '{_options.Log}' was processed under generation {progress.Generation}, but the configuration has "
                + $"generation {_options.Generation}. Configure {progress.Generation}, or a greater one if the settings have changed.");
        }

        if (progress is not null && (progress.IsResetPending || progress.Generation < _options.Generation))
        {
            Log.NewGeneration(_logger, partition, _options.Log, _options.Generation, progress.ReadFromMessage);
            await _store.DeleteOpenAsync(partition, progress, ct).ConfigureAwait(false);
            progress = progress with { Generation = _options.Generation, IsResetPending = false };
            await _store.WriteAsync(partition, progress, [], ct).ConfigureAwait(false);
        }

        IReadOnlyList<KnownBatch> batches = progress is null
            ? []
            : await _store.ReadBatchesAsync(partition, progress.ReadFromMessage, ct).ConfigureAwait(false);
        return new PartitionPipeline(
            _options,
            partition,
            progress,
            batches,
            _writer,
            _store,
            _crashPoints,
            _metrics,
            _time,
            _loggers.CreateLogger<PartitionPipeline>());
    }

    private static partial class Log
    {
        [LoggerMessage(3010, LogLevel.Warning, "Cannot read the progress of partition {Partition} of {Log}; trying again in {Delay}.")]
        public static partial void Retrying(ILogger logger, Exception exception, int partition, string log, TimeSpan delay);

        [LoggerMessage(
            3011,
            LogLevel.Information,
            "Partition {Partition} of {Log} goes to generation {Generation}: the rows of its open windows are written anew, from offset {Offset} on.")]
        public static partial void NewGeneration(ILogger logger, int partition, string log, uint generation, long offset);
    }
}

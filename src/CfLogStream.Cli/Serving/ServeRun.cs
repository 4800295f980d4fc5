using CfLogStream.Cli.Verbs;
using CfLogStream.ClickHouse.Embedded;
using CfLogStream.ClickHouse.Schema;
using CfLogStream.ClickHouse.Writing;
using CfLogStream.Core.Traffic;
using CfLogStream.Kafka.Client;
using CfLogStream.Kafka.Log;
using CfLogStream.Kafka.Slices;
using CfLogStream.Server.Collecting;
using CfLogStream.Server.Configuration;
using CfLogStream.Server.Ingest;
using CfLogStream.Server.Processing;
using CfLogStream.Server.Receiving;
using CfLogStream.Server.Serving;
using CfLogStream.Server.Spool;
using CfLogStream.Server.Storage;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Cli.Serving;

/// <summary>A running service: builds the graph of its roles by hand, runs it until it is stopped or a part fails for good.</summary>
internal sealed class ServeRun : IAsyncDisposable
{
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(2);

    private readonly CfLogStreamOptions _options;
    private readonly KafkaOptions _kafka;
    private readonly CrashPoints _crashPoints;
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _log;
    private readonly HealthBoard _health = new();
    private readonly KafkaReaderMetrics _readerMetrics = new();
    private readonly IngestMetrics _ingestMetrics = new();
    private readonly ReceiverMetrics _receiverMetrics = new();
    private readonly SpoolMetrics _spoolMetrics = new();
    private readonly ProcessMetrics _processMetrics;
    private readonly WriterMetrics _writerMetrics = new();
    private readonly CollectorMetrics _collectorMetrics;
    private readonly Lock _storeGate = new();
    private readonly CommandContext _context;
    private readonly ConfigurationReload _reload;
    private readonly OutputFormat _logFormat;
    private Store? _store;
    private Task<Store>? _opening;

    private ServeRun(CommandContext context, CfLogStreamOptions options, OutputFormat logFormat)
    {
        _context = context;
        _logFormat = logFormat;
        _options = options;
        _kafka = KafkaSettings.Of(options.Kafka);
        _processMetrics = new ProcessMetrics(_time);
        _collectorMetrics = new CollectorMetrics(_time);
        _crashPoints = CrashPoints.Parse(context.Host.Environment(CrashPoints.Variable));
        _loggers = ServiceLog.Create(context.Stderr, _time, logFormat);
        _log = _loggers.CreateLogger<ServeRun>();
        _reload = ConfigurationReload.Start(context, options, _time, _loggers);
    }

    /// <summary>Runs the roles; comes back when all of them have ended in good order.</summary>
    public static async Task<ExitCode> RunAsync(
        CommandContext context, Roles roles, StoreOptions storeOptions, OutputFormat logFormat, CancellationToken ct)
    {
        CfLogStreamOptions options = context.LoadOptions();
        bool hasKafka = options.Kafka.BootstrapServers.Length > 0;
        if (!hasKafka && roles != Roles.All)
        {
            throw CommandException.Failed(
                "kafka.bootstrap_servers is empty: without Kafka the log is a folder of this process, and its roles cannot be apart. "
                    + "Name the brokers in the "
                + "configuration file (--config FILE), or leave out '--roles'.");
        }

        if (!hasKafka && storeOptions.DataFolder == EmbeddedClickHouseDefaults.Memory)
        {
            throw CommandException.Usage("Without Kafka the log needs a folder; expected one after '--data', found ':memory:'.");
        }

        if (hasKafka && roles == Roles.Ingest && options.Ingest.Topics.Count == 0 && options.Receiver.Listen.Length == 0
            && !ObjectIntake.IsConfigured(options))
        {
            throw CommandException.Failed(
                "ingest.topics, receiver.listen, buckets and folders are empty: the ingest role has nothing to read. Name the topics with "
                    + "Logpush records, an address to take uploads on, or where objects are stored.");
        }

        ObjectIntake.Check(options, roles, storeOptions);

        if ((roles & Roles.Process) != 0 && storeOptions.Url is null && options.Clickhouse.Url.Length == 0)
        {
            EmbeddedClickHouse.Preload();
        }

        var run = new ServeRun(context, options, logFormat);
        await using (run.ConfigureAwait(false))
        {
            await run.ServeAsync(roles, storeOptions, ct).ConfigureAwait(false);
            return ExitCode.Ok;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _reload.DisposeAsync().ConfigureAwait(false);
        if (_store is not null)
        {
            await _store.DisposeAsync().ConfigureAwait(false);
        }

        _readerMetrics.Dispose();
        _ingestMetrics.Dispose();
        _receiverMetrics.Dispose();
        _spoolMetrics.Dispose();
        _processMetrics.Dispose();
        _writerMetrics.Dispose();
        _collectorMetrics.Dispose();
        _loggers.Dispose();
    }

    private async Task ServeAsync(Roles roles, StoreOptions storeOptions, CancellationToken ct)
    {
        ServeHealth.Starting(_health, roles, _options);
        StatusServer? status = await ListenAsync(ct).ConfigureAwait(false);
        try
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
            var parts = new List<Task>();
            if (_options.Kafka.BootstrapServers.Length == 0)
            {
                parts.Add(Task.Run(() => StandaloneAsync(storeOptions, stop.Token), CancellationToken.None));
            }
            else
            {
                AddRoles(parts, roles, storeOptions, stop.Token);
            }

            await JoinAsync(parts, stop).ConfigureAwait(false);
            _crashPoints.Reach(CrashPoints.Shutdown);
        }
        finally
        {
            if (status is not null)
            {
                await status.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private void AddRoles(List<Task> parts, Roles roles, StoreOptions storeOptions, CancellationToken ct)
    {
        if ((roles & Roles.Ingest) != 0 && _options.Ingest.Topics.Count > 0)
        {
            parts.Add(Task.Run(() => IngestAsync(ct), CancellationToken.None));
        }

        if ((roles & Roles.Ingest) != 0 && _options.Receiver.Listen.Length > 0)
        {
            parts.Add(Task.Run(() => ReceiveAsync(storeOptions, ct), CancellationToken.None));
        }

        if ((roles & Roles.Ingest) != 0 && ObjectIntake.IsConfigured(_options))
        {
            parts.Add(Task.Run(() => CollectAsync(storeOptions, ct), CancellationToken.None));
        }

        if ((roles & Roles.Process) != 0)
        {
            parts.Add(Task.Run(() => ProcessAsync(storeOptions, null, ct), CancellationToken.None));
        }
    }

    /// <summary>Waits for all parts. The first that fails stops the others and is thrown; being stopped is no failure.</summary>
    private static async Task JoinAsync(List<Task> parts, CancellationTokenSource stop)
    {
        Exception? failure = null;
        while (parts.Count > 0)
        {
            Task ended = await Task.WhenAny(parts).ConfigureAwait(false);
            parts.Remove(ended);
            bool wasStopped = stop.IsCancellationRequested;
            if (!wasStopped)
            {
                await stop.CancelAsync().ConfigureAwait(false);
            }

            if (ended.Exception?.InnerException is { } problem)
            {
                failure ??= problem;
            }
        }

        switch (failure)
        {
            case null or OperationCanceledException:
                return;
            case LogRecreatedException or GenerationException or SchemaException or InvalidOperationException or IOException:
                throw CommandException.Failed(failure.Message, failure);
            default:
                throw new InvalidOperationException("A part of the service has failed.", failure);
        }
    }

    private async Task<StatusServer?> ListenAsync(CancellationToken ct)
    {
        if (_options.Metrics.Listen.Length == 0)
        {
            return null;
        }

        try
        {
            StatusServer status = await StatusServer.StartAsync(_options.Metrics.Listen, _health, ct).ConfigureAwait(false);
            ServeLog.Listening(_log, status.Endpoint);
            return status;
        }
        catch (IOException problem)
        {
            throw CommandException.Failed($"metrics.listen ('{_options.Metrics.Listen}') cannot be listened on: "
                + $"{problem.Message}", problem);
        }
    }

    /// <summary>Ingest: topics → slices → log.</summary>
    private async Task IngestAsync(CancellationToken ct)
    {
        KafkaLogWriter log = await OpenLogAsync(ct).ConfigureAwait(false);
        using (log)
        {
            var ingest = new TopicIngest(
                new IngestOptions
                {
                    Reader = _options.Reader,
                    Slicer = KafkaSettings.SlicerOf(_options.Kafka),
                    BatchBytes = _options.Ingest.BatchBytes,
                    Linger = TimeSpan.FromMilliseconds(_options.Ingest.LingerMs),
                    InflatedBytes = _options.Ingest.InflatedBytes,
                },
                log,
                _ingestMetrics,
                _time,
                _loggers.CreateLogger<TopicIngest>());
            var source = new TopicSource(
                _kafka,
                new SourceOptions
                {
                    Topics = _options.Ingest.Topics,
                    Group = _options.Ingest.Group,
                    StartAtNewest = _options.Ingest.Start == "latest",
                },
                new KafkaReaderOptions { DrainLimit = _options.Process.Drain },
                ingest,
                _readerMetrics,
                _time,
                _loggers.CreateLogger<TopicSource>());
            ServeLog.Reading(_log, "ingest", string.Join(", ", _options.Ingest.Topics));
            await source.RunAsync(ct).ConfigureAwait(false);
        }
    }

    /// <summary>Ingest: uploads → slices → log.</summary>
    private async Task ReceiveAsync(StoreOptions storeOptions, CancellationToken ct)
    {
        using KafkaLogWriter log = await OpenLogAsync(ct).ConfigureAwait(false);
        ReceiverServer receiver = await UploadIntake.StartAsync(
            ReceiverSettings.Of(_options.Receiver, _options.Reader, KafkaSettings.SlicerOf(_options.Kafka), storeOptions.DataFolder),
            log,
            _receiverMetrics,
            _ingestMetrics,
            _time,
            _loggers,
            ct).ConfigureAwait(false);
        _reload.Attach(receiver);
        await using (receiver.ConfigureAwait(false))
        {
            ServeHealth.Receives(_health, null);
            await Task.Delay(Timeout.InfiniteTimeSpan, _time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Ingest: objects → slices → log.</summary>
    private async Task CollectAsync(StoreOptions storeOptions, CancellationToken ct)
    {
        using KafkaLogWriter log = await OpenLogAsync(ct).ConfigureAwait(false);
        await CollectAsync(storeOptions, KafkaSettings.SlicerOf(_options.Kafka), log, ct).ConfigureAwait(false);
    }

    private Task CollectAsync(StoreOptions storeOptions, SlicerOptions slicer, ILogWriter log, CancellationToken ct) => ObjectIntake.RunAsync(
        _options, storeOptions, slicer, log, SharedStoreAsync(storeOptions, ct), _collectorMetrics, _ingestMetrics, _health, _crashPoints, _time,
        _loggers, ct);

    /// <summary>One machine without Kafka: uploads → slices → spool → process. Uploads are taken also while ClickHouse does not
    /// answer.</summary>
    private async Task StandaloneAsync(StoreOptions storeOptions, CancellationToken ct)
    {
        SpoolOptions options = ReceiverSettings.Of(_options.Spool, _options.Process, storeOptions.DataFolder);
        bool isFirstRun = !Directory.Exists(options.Folder);
        DataFolderMarker.Check(storeOptions.DataFolder);
        using SpoolLog log = SpoolLog.Open(options, _spoolMetrics, _time, _loggers.CreateLogger<SpoolLog>(), _crashPoints);
        ReceiverServer receiver = await UploadIntake.StartAsync(
            ReceiverSettings.Of(_options.Receiver, _options.Reader, new SlicerOptions(), storeOptions.DataFolder),
            log,
            _receiverMetrics,
            _ingestMetrics,
            _time,
            _loggers,
            ct).ConfigureAwait(false);
        _reload.Attach(receiver);
        await using (receiver.ConfigureAwait(false))
        {
            ServeHealth.Receives(_health, log);
            StoreOptions reachable = storeOptions with { Port = _options.Clickhouse.EmbeddedPort };
            Uri? firstRun = isFirstRun ? receiver.Endpoint : null;
            await (ObjectIntake.IsConfigured(_options)
                ? ObjectIntake.BesideAsync(
                    stop => ProcessAsync(reachable, log, stop, firstRun),
                    stop => CollectAsync(reachable, new SlicerOptions(), log, stop),
                    ct)
                : ProcessAsync(reachable, log, ct, firstRun)).ConfigureAwait(false);
        }
    }

    /// <summary>Process: log → classify → correlate → ClickHouse.</summary>
    /// <param name="spool">The log on this machine; null for the one in Kafka.</param>
    /// <param name="firstRun">Where uploads are taken, when what to do next is to be said.</param>
    private async Task ProcessAsync(StoreOptions storeOptions, SpoolLog? spool, CancellationToken ct, Uri? firstRun = null)
    {
        string logName = spool is null ? _kafka.Topic : SpoolLog.Name;
        Store store = await SharedStoreAsync(storeOptions, ct).ConfigureAwait(false);
        var writer = new GatheredWriter(store.CreateWriter(_time, _loggers, _writerMetrics), new GatherOptions(), _time);
        var process = new ProcessOptions
        {
            Log = logName,
            Generation = (uint)_options.Classification.Generation,
            Correlation = _options.Correlation,
            Reader = _options.Reader,
            Classification = new ClassificationTables(_options.Classification with
            {
                ExtraFields = _options.Reader.ExtraFields,
                SampleOneOf = _options.Correlation.SampleOneOf,
            }),
            Database = _options.Clickhouse.Database,
            QueueBytes = _options.Process.QueueBytes,
            CutRecords = _options.Process.CutRecords,
            CutInterval = _options.Process.Cut,
            DeadLettersPerMessage = _options.Process.DeadLettersPerMessage,
            BreakerShare = _options.Process.PoisonPercent / 100.0,
        };
        var progress = new ProgressStore(store.Queries, writer, _options.Clickhouse.Database, logName, _time);
        var handler = new LogHandler(process, writer, progress, _crashPoints, _processMetrics, _time, _loggers);
        if (firstRun is not null && _logFormat == OutputFormat.Text)
        {
            await _context.Stderr.WriteLineAsync(FirstRun.Text(firstRun, store.Connection.Options.Endpoint, storeOptions.DataFolder)).ConfigureAwait(false);
        }

        ServeLog.Reading(_log, "process", logName);
        Task reading = spool is null
            ? ReadKafka(handler, ct)
            : new SpoolLogReader(spool, handler, ReadFromAsync, _time, _loggers.CreateLogger<SpoolLogReader>()).RunAsync(ct);
        await reading.ConfigureAwait(false);

        async Task<long?> ReadFromAsync(int partition, CancellationToken token) =>
            (await progress.ReadAsync(partition, token).ConfigureAwait(false))?.ReadFromMessage;
    }

    private Task ReadKafka(LogHandler handler, CancellationToken ct)
    {
        var reader = new KafkaLogReader(
            _kafka,
            new KafkaReaderOptions { DrainLimit = _options.Process.Drain },
            handler,
            SliceMessages.HeaderOf,
            _readerMetrics,
            _time,
            _loggers.CreateLogger<KafkaLogReader>());
        return reader.RunAsync(ct);
    }

    /// <summary>Connects to the log; waits for brokers and for the topic.</summary>
    private async Task<KafkaLogWriter> OpenLogAsync(CancellationToken ct)
    {
        const string Part = "ingest";
        while (true)
        {
            try
            {
                KafkaLogWriter log = await KafkaLogWriter.OpenAsync(
                    _kafka, SliceMessages.HeadersOf, _time, _loggers.CreateLogger<KafkaLogWriter>(), ct).ConfigureAwait(false);
                _health.SetReady(Part);
                return log;
            }
            catch (Exception problem) when (problem is TopicMissingException or Confluent.Kafka.KafkaException)
            {
                await WaitAsync(Part, "the log", problem, ct).ConfigureAwait(false);
            }
        }
    }

    /// <summary>The one ClickHouse of this process, opened by whichever part needs it first.</summary>
    private Task<Store> SharedStoreAsync(StoreOptions storeOptions, CancellationToken ct)
    {
        lock (_storeGate)
        {
            return _opening ??= OpenStoreAsync(storeOptions, ct);
        }
    }

    /// <summary>Opens ClickHouse and brings its schema up to date; waits for a server that does not answer.</summary>
    private async Task<Store> OpenStoreAsync(StoreOptions storeOptions, CancellationToken ct)
    {
        const string Part = "clickhouse";
        _store = await AnalysisRun.OpenStoreAsync(storeOptions, _options, _time, _loggers, ct).ConfigureAwait(false);
        while (true)
        {
            try
            {
                await _store.ApplySchemaAsync(_options.Clickhouse.RetentionDays, _time, ct).ConfigureAwait(false);
                _health.SetReady(Part);
                return _store;
            }
            catch (Exception problem) when (problem is not (OperationCanceledException or SchemaException))
            {
                await WaitAsync(Part, "ClickHouse", problem, ct).ConfigureAwait(false);
            }
        }
    }

    private async Task WaitAsync(string part, string what, Exception problem, CancellationToken ct)
    {
        _health.SetNotReady(part, $"waits for {what}: {problem.Message}");
        ServeLog.Waiting(_log, what, s_retry, problem.Message);
        await Task.Delay(s_retry, _time, ct).ConfigureAwait(false);
    }
}

using CfLogStream.Generator.Ledger;
using CfLogStream.Generator.Records;
using CfLogStream.Generator.Scenarios;
using CfLogStream.Generator.Simulation;
using CfLogStream.Generator.Uploads;
using CfLogStream.Generator.World;

namespace CfLogStream.Generator;

/// <summary>Generates Logpush uploads of a scenario, and beside them the ledger of what really happened.</summary>
/// <remarks>
/// The same options give the same bytes, on any machine and at any time; compressed uploads also depend on the runtime's zlib. Memory
/// does not depend on the number of records.
/// </remarks>
public sealed class LogpushGenerator
{
    private const int StepsPerFlush = 256;
    private const long BytesPerLine = 2500;

    private static readonly string[] s_datasets = ["http_requests", "firewall_events", "audit_logs", "audit_logs_v2"];

    private readonly GeneratorOptions _options;

    public LogpushGenerator(GeneratorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Validate(options);
        _options = options;
    }

    /// <summary>Generates everything.</summary>
    public async Task<GeneratorSummary> RunAsync(IProgress<GeneratorProgress>? progress, CancellationToken cancellationToken)
    {
        IUploadTarget target = _options.Uploads ?? new FolderUploads(_options.Folder);
        double lines = _options.TargetBytes is { } bytes ? bytes / (_options.Minimal ? 420.0 : BytesPerLine) : _options.Records;
        TimeSpan duration = _options.Duration ?? TimeSpan.FromHours(Math.Clamp(lines / 100_000, 2, 168));
        long startMs = _options.Start.ToUnixTimeMilliseconds();
        var world = new WorldModel(_options.Seed, startMs, (long)duration.TotalMilliseconds,
            lines)
        { UnknownValues = (_options.Oddities & Oddities.UnknownValues) != 0 };
        Incident? incident = new IncidentPlanner(world).Plan(_options.Scenario);
        var truth = new TruthLedger(world, incident);
        TimeSpan interval = _options.BatchInterval ?? TimeSpan.FromSeconds(Math.Clamp(1500 / (lines / duration.TotalSeconds), 30, 300));
        using var ledger = new LedgerWriter(target.OpenLedger(), world, truth);
        ConfigurationChange[] changes = [.. BackgroundChanges.Create(world), .. incident?.Changes ?? []];
        ledger.WriteHeader(_options, incident, interval);
        ledger.WriteChanges(changes);
        var writer = new UploadWriter(target, _options.Compress, _options.CompressionLevel);
        await using (writer.ConfigureAwait(false))
        {
            var batches = new LedgeredBatches(writer, ledger);
            DatasetStream[] streams = [.. s_datasets.Select(name =>
                new DatasetStream(name,
                    new DeliveryPlan(name, _options.Disorder, (long)interval.TotalMilliseconds, _options.Compress, _options.Seed),
                    batches, _options.BatchRecords, startMs))];
            var oddities = new OddityMaker(_options.Oddities, _options.Seed);
            var output = new RecordOutput(_options, oddities, streams, changes);
            var simulation = new TrafficSimulation(world, incident, output, truth);
            await SimulateAsync(simulation, output, streams, writer, ledger, progress, cancellationToken).ConfigureAwait(false);
            output.WriteChanges(long.MaxValue);
            foreach (DatasetStream stream in streams)
            {
                stream.Complete();
            }

            await writer.CompleteAsync(cancellationToken).ConfigureAwait(false);
            ledger.WriteMinutes(long.MaxValue);
            DatasetSummary[] datasets = [.. streams.Zip(s_datasets, (stream, name) =>
                new DatasetSummary(name, stream.Records, stream.Duplicates, stream.DeadLines, stream.Bytes, stream.Uploads))];
            ledger.WriteTotals(datasets, oddities.Counts, incident);
            return new GeneratorSummary { Datasets = datasets, StoredBytes = writer.StoredBytes, IncidentLost = truth.IncidentLost };
        }
    }

    private static async Task SimulateAsync(
        TrafficSimulation simulation,
        RecordOutput output,
        DatasetStream[] streams,
        UploadWriter writer,
        LedgerWriter ledger,
        IProgress<GeneratorProgress>? progress,
        CancellationToken cancellationToken)
    {
        bool more = true;
        int flushes = 0;
        while (more)
        {
            for (int i = 0; i < StepsPerFlush && more; i++)
            {
                more = simulation.Step();
            }

            foreach (DatasetStream stream in streams)
            {
                stream.Advance(simulation.NowMs);
            }

            ledger.WriteMinutes(simulation.NowMs);
            await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
            if (progress is not null && ++flushes % 64 == 0)
            {
                progress.Report(new GeneratorProgress(output.Used / output.Limit, streams.Sum(stream => stream.Records),
                    streams.Sum(stream => stream.Bytes)));
            }
        }
    }

    private static void Validate(GeneratorOptions options)
    {
        if (ScenarioCatalog.Find(options.Scenario) is null)
        {
            throw new ArgumentException(ScenarioCatalog.Unknown(options.Scenario), nameof(options));
        }

        if (options.TargetBytes is null && options.Records < 100)
        {
            throw new ArgumentException($"Records ({options.Records}) must be at least 100.", nameof(options));
        }

        if (options.TargetBytes is < 100_000)
        {
            throw new ArgumentException($"TargetBytes ({options.TargetBytes}) must be at least 100000.", nameof(options));
        }

        if (options.BatchRecords < 1)
        {
            throw new ArgumentException($"BatchRecords ({options.BatchRecords}) must be at least 1.", nameof(options));
        }

        if (options.Duration is { } duration && (duration < TimeSpan.FromMinutes(10) || duration > TimeSpan.FromDays(31)))
        {
            throw new ArgumentException($"Duration ({duration}) must be between 10 minutes and 31 days.", nameof(options));
        }

        if (options.BatchInterval is { } interval && (interval < TimeSpan.FromSeconds(1) || interval > TimeSpan.FromHours(1)))
        {
            throw new ArgumentException($"BatchInterval ({interval}) must be between 1 second and 1 hour.", nameof(options));
        }
    }

    /// <summary>Writes a ledger line for each batch as it ends.</summary>
    private sealed class LedgeredBatches(UploadWriter writer, LedgerWriter ledger) : IBatchWriter
    {
        public void Open(Batch batch) => writer.Open(batch);

        public void Write(Batch batch, ReadOnlySpan<byte> lines) => writer.Write(batch, lines);

        public void Close(Batch batch)
        {
            writer.Close(batch);
            ledger.WriteBatch(batch);
        }
    }
}

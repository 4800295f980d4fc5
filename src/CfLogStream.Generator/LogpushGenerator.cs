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
    private const double MaxRate = 20_000;
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(31);

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
        double lines = Lines(_options);
        var variety = new Variety(_options.Variation, _options.Seed, _options.Scenario);
        TimeSpan duration = _options.Duration ?? (_options.Rate is { } rate
            ? TimeSpan.FromSeconds(lines / rate)
            : variety.Duration(TimeSpan.FromHours(Math.Clamp(lines / 100_000, 2, 168)), lines));
        double busyness = Math.Max(1, (_options.Rate ?? 0) / GeneratorDefaults.Rate);
        long startMs = _options.Start.ToUnixTimeMilliseconds();
        var world = new WorldModel(_options.Seed, startMs, (long)duration.TotalMilliseconds, lines, busyness)
        { UnknownValues = (_options.Oddities & Oddities.UnknownValues) != 0 };
        var planner = new IncidentPlanner(world, variety);
        Incident? incident = planner.Plan(_options.Scenario);
        ConfigurationChange[] changes = planner.Changes(ref incident);
        var truth = new TruthLedger(world, incident);
        TimeSpan interval = _options.BatchInterval ?? TimeSpan.FromSeconds(Math.Clamp(1500 / (lines / duration.TotalSeconds), 30, 300));
        using var ledger = new LedgerWriter(target.OpenLedger(), world, truth);
        ledger.WriteHeader(_options, incident, interval, variety);
        ledger.WriteChanges(changes);
        var writer = new UploadWriter(target, _options.Compress, _options.CompressionLevel);
        await using (writer.ConfigureAwait(false))
        {
            var batches = new LedgeredBatches(writer, ledger);
            DatasetStream[] streams = [.. s_datasets.Select(name =>
                new DatasetStream(name,
                    new DeliveryPlan(name, _options.Disorder, (long)interval.TotalMilliseconds, _options.Compress, _options.Seed),
                    batches, _options.BatchRecords, startMs, DatasetStream.WaitingBytes(_options.Rate ?? 0)))];
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

    /// <summary>How many lines there will be, roughly when the run is sized by bytes.</summary>
    private static double Lines(GeneratorOptions options) =>
        options.TargetBytes is { } bytes ? bytes / (options.Minimal ? 420.0 : BytesPerLine) : options.Records;

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

        if (options.Duration is { } duration && (duration < TimeSpan.FromMinutes(10) || duration > s_longest))
        {
            throw new ArgumentException($"Duration ({duration}) must be between 10 minutes and 31 days.", nameof(options));
        }

        if (options.Rate is { } rate)
        {
            ValidateRate(options, rate);
        }

        if (options.BatchInterval is { } interval && (interval < TimeSpan.FromSeconds(1) || interval > TimeSpan.FromHours(1)))
        {
            throw new ArgumentException($"BatchInterval ({interval}) must be between 1 second and 1 hour.", nameof(options));
        }
    }

    private static void ValidateRate(GeneratorOptions options, double rate)
    {
        if (options.Duration is not null)
        {
            throw new ArgumentException(
                "Rate and Duration exclude each other: the rate decides how much time the records span.", nameof(options));
        }

        if (!(rate > 0 && rate <= MaxRate))
        {
            throw new ArgumentException(Text($"Rate ({rate}) must be above 0 and at most {MaxRate} records per second."), nameof(options));
        }

        double seconds = Lines(options) / rate;
        if (seconds < 10 || seconds > s_longest.TotalSeconds)
        {
            throw new ArgumentException(
                Text($"At the Rate ({rate}) the records span {seconds:0.#} seconds; it must be between 10 seconds and 31 days."),
                nameof(options));
        }
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);

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

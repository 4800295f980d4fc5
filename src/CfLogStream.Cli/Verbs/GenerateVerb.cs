using System.CommandLine;
using System.Globalization;
using CfLogStream.Cli.Reports;
using CfLogStream.Generator;

namespace CfLogStream.Cli.Verbs;

/// <summary><c>generate</c>: synthetic Logpush uploads from a scenario and a seed, with a ledger of the truth.</summary>
internal static class GenerateVerb
{
    public static Command Create()
    {
        var list = new Option<bool>("--list") { Description = "Names the scenarios and ends." };
        var scenario = new Option<string>("--scenario")
        {
            Description = "What happens in the logs.",
            HelpName = "NAME",
            DefaultValueFactory = static _ => GeneratorDefaults.Scenario,
        };
        var variation = new Option<Variation>("--variation")
        {
            Description = "Default or Wide: how far the scenario's parameters may be from the usual ones.",
            DefaultValueFactory = static _ => Variation.Default,
        };
        var seed = new Option<ulong>("--seed")
        {
            Description = "Decides everything that is random.",
            HelpName = "N",
            DefaultValueFactory = static _ => GeneratorDefaults.Seed,
        };
        var records = new Option<long>("--records")
        {
            Description = "Distinct records of all datasets together.",
            HelpName = "N",
            DefaultValueFactory = static _ => GeneratorDefaults.Records,
        };
        var bytes = new Option<long?>("--bytes") { Description = "Bytes of JSON instead of a number of records.", HelpName = "N" };
        var folder = new Option<string>("--out")
        {
            Description = "The folder for the uploads and ledger.ndjson; made when missing.",
            HelpName = "DIR",
            DefaultValueFactory = static _ => GeneratorDefaults.Folder,
        };
        var start = new Option<DateTimeOffset?>("--start") { Description = "The time of the first record.", HelpName = "TIME" };
        var rate = new Option<double?>("--rate")
        {
            Description = "Records per second on average: more callers in less time (default about 28).",
            HelpName = "N",
        };
        var plain = new Option<bool>("--plain") { Description = "Writes NDJSON without gzip." };
        var minimal = new Option<bool>("--minimal") { Description = "Few fields and no security arrays in http_requests." };
        var disorder = new Option<Disorder>("--disorder")
        {
            Description = "How late, disordered and repeated the uploads are.",
            DefaultValueFactory = static _ => Disorder.Typical,
        };
        var oddities = new Option<bool>("--oddities") { Description = "Mixes in cut lines, odd types, unknown fields and the like." };
        var command = new Command("generate", "Writes synthetic Logpush uploads with a ledger of the truth.")
        {
            list, scenario, variation, seed, records, bytes, folder, start, rate, plain, minimal, disorder, oddities,
        };
        return command.Runs((parse, context, ct) => parse.GetValue(list)
            ? ListAsync(context.Stdout, ct)
            : RunAsync(
                new GeneratorOptions
                {
                    Scenario = parse.GetValue(scenario)!,
                    Variation = parse.GetValue(variation),
                    Seed = parse.GetValue(seed),
                    Records = parse.GetValue(records),
                    TargetBytes = parse.GetValue(bytes),
                    Folder = parse.GetValue(folder)!,
                    Start = parse.GetValue(start) ?? GeneratorDefaults.Start,
                    Rate = parse.GetValue(rate),
                    Compress = !parse.GetValue(plain),
                    Minimal = parse.GetValue(minimal),
                    Disorder = parse.GetValue(disorder),
                    Oddities = parse.GetValue(oddities) ? Oddities.All : Oddities.None,
                },
                context,
                ct));
    }

    private static async Task<ExitCode> ListAsync(TextWriter stdout, CancellationToken ct)
    {
        int width = ScenarioCatalog.All.Max(scenario => scenario.Name.Length);
        foreach (ScenarioInfo scenario in ScenarioCatalog.All)
        {
            await stdout.WriteLineAsync($"{scenario.Name.PadRight(width)}  {scenario.Description}{(scenario.HeldOut ? " (held out)" : "")}".AsMemory(), ct).ConfigureAwait(false);
        }

        return ExitCode.Ok;
    }

    private static async Task<ExitCode> RunAsync(GeneratorOptions options, CommandContext context, CancellationToken ct)
    {
        GeneratorSummary summary = await GenerateAsync(options, ct).ConfigureAwait(false);
        foreach (DatasetSummary dataset in summary.Datasets)
        {
            await context.Stdout.WriteLineAsync(
                $"{dataset.Name,-16} {TextReport.Count(dataset.Records),12} records {TextReport.Count(dataset.Duplicates),10} sent again {TextReport.Count(dataset.DeadLines),8} dead lines".AsMemory(),
                ct).ConfigureAwait(false);
        }

        string ratio = summary.StoredBytes > 0
            ? string.Create(CultureInfo.InvariantCulture, $" (ratio {(double)summary.Bytes / summary.StoredBytes:0.0})")
            : "";
        await context.Stdout.WriteLineAsync(
            $"{TextReport.Bytes(summary.Bytes)} of JSON in {summary.Uploads} uploads, {TextReport.Bytes(summary.StoredBytes)} stored{ratio}: {options.Folder}".AsMemory(),
            ct).ConfigureAwait(false);
        return ExitCode.Ok;
    }

    /// <summary>Generates; what the options get wrong is the user's to understand.</summary>
    public static async Task<GeneratorSummary> GenerateAsync(GeneratorOptions options, CancellationToken ct)
    {
        if (File.Exists(Path.Combine(options.Folder, "ledger.ndjson")))
        {
            throw CommandException.Failed(
                $"The folder '{options.Folder}' already holds generated uploads and their ledger; choose another '--out' or remove it.");
        }

        try
        {
            return await new LogpushGenerator(options).RunAsync(null, ct).ConfigureAwait(false);
        }
        catch (ArgumentException problem)
        {
            throw CommandException.Usage(problem.Message);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Failed(problem.Message, problem);
        }
    }
}

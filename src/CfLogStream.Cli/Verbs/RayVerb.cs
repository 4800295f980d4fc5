using System.CommandLine;
using System.Globalization;
using CfLogStream.Cli.Reports;
using CfLogStream.Cli.Terminal;
using CfLogStream.Server.Configuration;
using CfLogStream.Server.Requests;
using CfLogStream.Server.Storage;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Cli.Verbs;

/// <summary><c>ray RAYID</c>: everything kept of one request.</summary>
internal static class RayVerb
{
    public static Command Create()
    {
        var ray = new Argument<string>("rayid") { Description = "The RayID: the value of the cf-ray header, with or without its '-COLO' end." };
        var store = new StoreArguments();
        var command = new Command("ray", "Prints all that is known of one request.") { ray };
        store.AddTo(command);
        return command.Runs((parse, context, ct) => RunAsync(context, Normalize(parse.GetValue(ray)!), store.Read(parse), ct));
    }

    /// <summary>Takes the colo off a cf-ray header's value and folds to lower case.</summary>
    internal static string Normalize(string ray)
    {
        string trimmed = ray.Trim().ToLowerInvariant();
        int dash = trimmed.IndexOf('-', StringComparison.Ordinal);
        return dash > 0 ? trimmed[..dash] : trimmed;
    }

    private static async Task<ExitCode> RunAsync(CommandContext context, string ray, StoreOptions storeOptions, CancellationToken ct)
    {
        CfLogStreamOptions options = context.LoadOptions();
        using ILoggerFactory loggers = CommandLog.Create(context.Stderr);
        Store store = await AnalysisRun.OpenStoreAsync(storeOptions, options, TimeProvider.System, loggers, ct).ConfigureAwait(false);
        await using (store.ConfigureAwait(false))
        {
            await store.ApplySchemaAsync(options.Clickhouse.RetentionDays, TimeProvider.System, ct).ConfigureAwait(false);
            var lookup = new RayLookup(store.Queries);
            IReadOnlyList<IReadOnlyDictionary<string, object?>> requests = await lookup.FindAsync(ray, ct).ConfigureAwait(false);
            if (context.Format == OutputFormat.Json)
            {
                await JsonOutput.WriteAsync(context.Stdout, json => RayReport.WriteJson(requests, json), ct).ConfigureAwait(false);
                return requests.Count > 0 ? ExitCode.Ok : ExitCode.Failed;
            }

            var report = new RayReport(context.Stdout, context.Host.Columns);
            foreach (IReadOnlyDictionary<string, object?> request in requests)
            {
                report.Write(request);
            }

            if (requests.Count == 0)
            {
                await ExplainAsync(context, lookup, ray, options.Correlation.SampleOneOf, ct).ConfigureAwait(false);
                return ExitCode.Failed;
            }

            return ExitCode.Ok;
        }
    }

    private static async Task ExplainAsync(CommandContext context, RayLookup lookup, string ray, int sampleOneOf, CancellationToken ct)
    {
        (ulong count, DateTime first, DateTime last) = await lookup.KeptAsync(ct).ConfigureAwait(false);
        string kept = count == 0
            ? "No request is kept here yet: run 'cflogstream analyze' first, with the same --data or --clickhouse."
            : string.Create(
                CultureInfo.InvariantCulture,
                $"Kept here: {count:N0} requests between {first:yyyy-MM-dd HH:mm:ss} and {last:yyyy-MM-dd HH:mm:ss} UTC.");
        string[] lines =
        [
            $"Ray '{TerminalText.Cut(ray, 64)}' is not among the kept requests. {kept}",
            "It can be absent for these reasons:",
            $"  - it passed: of requests that no control touched only one in {sampleOneOf} is kept (correlation.sample_one_of)",
            "  - past a limit per minute, host and rule lost requests are sampled too (correlation.lost_per_window_host_rule)",
            "  - it is younger than about 16 minutes of a running service: a request is kept once its minute is closed",
            "  - its upload has not been analysed, or lies outside --from, --to, --host or --zone",
            "  - the Logpush job filters or samples, or the request failed in the TLS handshake: then it is in no log",
        ];
        foreach (string line in lines)
        {
            await context.Stderr.WriteLineAsync(line.AsMemory(), ct).ConfigureAwait(false);
        }
    }
}

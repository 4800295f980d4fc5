using System.CommandLine;
using CfLogStream.Cli.Reports;
using CfLogStream.Cli.Terminal;
using CfLogStream.Core.Insight.Symptoms;
using CfLogStream.Server.Configuration;
using CfLogStream.Server.Insight.Symptoms;
using CfLogStream.Server.Storage;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Cli.Verbs;

/// <summary><c>explain SYMPTOM</c>: which control a symptom means, how to confirm it, and the rows that show it.</summary>
internal static class ExplainVerb
{
    public static Command Create()
    {
        var symptom = new Argument<string[]>("symptom")
        {
            Description = "What was seen: '1010', 'error code: 1015', 'Just a moment...', '403 on OPTIONS', or a piece of the page.",
            Arity = ArgumentArity.OneOrMore,
        };
        var host = new Option<string?>("--host") { Description = "Show the rows of this host.", HelpName = "HOST" };
        var since = new Option<string?>("--since")
        {
            Description = "Show the rows from this time on, or from so long before the newest: '2h' (24h).",
            HelpName = "TIME",
        };
        var until = new Option<string?>("--until") { Description = "Show the rows before this time (the newest).", HelpName = "TIME" };
        var store = new StoreArguments();
        var command = new Command("explain", "Says what an error or page of Cloudflare means, and shows its rows.") { symptom, host, since, until };
        store.AddTo(command);
        return command.Runs((parse, context, ct) =>
        {
            string text = string.Join(' ', parse.GetValue(symptom)!);
            string[] given = [parse.GetValue(host) ?? "", parse.GetValue(since) ?? "", parse.GetValue(until) ?? ""];
            return RunAsync(context, text, given, store.ReadKept(parse), ct);
        });
    }

    private static async Task<ExitCode> RunAsync(
        CommandContext context, string text, string[] given, StoreOptions storeOptions, CancellationToken ct)
    {
        SymptomMatch match = SymptomCatalog.Find(text);
        bool asksData = given.Any(static value => value.Length > 0);
        if (match.Symptom is not { } symptom)
        {
            await WriteUnknownAsync(context, text, match, ct).ConfigureAwait(false);
            return ExitCode.Failed;
        }

        SymptomEvidence? evidence = asksData ? await ReadAsync(context, symptom, given, storeOptions, ct).ConfigureAwait(false) : null;
        if (context.Format == OutputFormat.Json)
        {
            await JsonOutput.WriteAsync(context.Stdout, json => SymptomReport.WriteJson(symptom, evidence, json), ct).ConfigureAwait(false);
        }
        else
        {
            new SymptomReport(context.Stdout, context.Host.Columns).Write(symptom, evidence);
        }

        if (asksData && evidence is null)
        {
            throw CommandException.Failed(
                "No request is kept here yet: run 'cflogstream analyze' first, with the same --data or --clickhouse.");
        }

        return ExitCode.Ok;
    }

    private static async Task<SymptomEvidence?> ReadAsync(
        CommandContext context, Symptom symptom, string[] given, StoreOptions storeOptions, CancellationToken ct)
    {
        CfLogStreamOptions options = context.LoadOptions();
        if (AnalysisRun.IsMissing(storeOptions, options))
        {
            // What the symptom means is said all the same.
            return null;
        }

        using ILoggerFactory loggers = CommandLog.Create(context.Stderr);
        Store store = await AnalysisRun.OpenStoreAsync(storeOptions, options, TimeProvider.System, loggers, ct).ConfigureAwait(false);
        await using (store.ConfigureAwait(false))
        {
            await store.ApplySchemaAsync(options.Clickhouse.RetentionDays, TimeProvider.System, ct).ConfigureAwait(false);
            var reader = new SymptomReader(store.Queries, options.Clickhouse.Database);
            if (await reader.SpanAsync(ct).ConfigureAwait(false) is not { } kept)
            {
                return null;
            }

            var scope = new SymptomScope(
                given[0].Trim().ToLowerInvariant(),
                SpanOfTime.Read("--since", given[1], kept.End),
                SpanOfTime.Read("--until", given[2], kept.End));
            if (scope is { From: { } from } && from >= (scope.To ?? kept.End))
            {
                throw CommandException.Usage(
                    $"'--since' ({from:u}) must be before {(scope.To is null ? "the end of the data" : "'--until'")} ({scope.To ?? kept.End:u}).");
            }

            return await reader.ReadAsync(symptom, scope, ct).ConfigureAwait(false);
        }
    }

    private static async Task WriteUnknownAsync(CommandContext context, string text, SymptomMatch match, CancellationToken ct)
    {
        await context.Stderr.WriteLineAsync(
            $"cflogstream: '{TerminalText.Cut(text, 80)}' is no symptom that is known here; the known ones follow, the nearest first.".AsMemory(), ct)
            .ConfigureAwait(false);
        if (context.Format == OutputFormat.Json)
        {
            await JsonOutput.WriteAsync(context.Stdout, json => SymptomReport.WriteKnownJson(match.Nearest, json), ct).ConfigureAwait(false);
            return;
        }

        foreach (Symptom known in match.Nearest)
        {
            await context.Stdout.WriteLineAsync($"{known.Id,-12} {known.Title}".AsMemory(), ct).ConfigureAwait(false);
        }
    }
}

using System.CommandLine;
using CfLogStream.Cli.Reports;
using CfLogStream.Cli.Terminal;
using CfLogStream.Core.Insight.Findings;
using CfLogStream.Core.Insight.Ownership;
using CfLogStream.Server.Configuration;
using CfLogStream.Server.Insight.Diagnosing;
using CfLogStream.Server.Insight.Reporting;
using CfLogStream.Server.Storage;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Cli.Verbs;

/// <summary><c>diagnose</c>: which control stops whom wrongly, since when and why, and what to change.</summary>
internal static class DiagnoseVerb
{
    public static Command Create()
    {
        var arguments = new DiagnoseArguments();
        var owners = new OwnersArguments();
        var store = new StoreArguments();
        var command = new Command("diagnose", "Says which control stops legitimate API clients, since when and why, and what to change.");
        arguments.AddTo(command);
        owners.AddTo(command);
        store.AddTo(command);
        return command.Runs((parse, context, ct) =>
        {
            CfLogStreamOptions options = context.LoadOptions();
            TimeProvider time = TimeProvider.System;

            // What is wrong with the command line is said before the store is opened.
            DiagnosisScope scope = arguments.Read(parse, time.GetUtcNow().UtcDateTime);
            return RunAsync(context, options, scope, arguments.Html(parse), arguments.Markdown(parse), owners.Read(parse, options), store.ReadKept(parse), time, ct);
        });
    }

    private static async Task<ExitCode> RunAsync(
        CommandContext context, CfLogStreamOptions options, DiagnosisScope scope, string? html, bool markdown, OwnerBook owners, StoreOptions storeOptions,
        TimeProvider time, CancellationToken ct)
    {
        using ILoggerFactory loggers = CommandLog.Create(context.Stderr);
        Store store = await AnalysisRun.OpenStoreAsync(storeOptions, options, time, loggers, ct).ConfigureAwait(false);
        await using (store.ConfigureAwait(false))
        {
            await store.ApplySchemaAsync(options.Clickhouse.RetentionDays, time, ct).ConfigureAwait(false);
            Diagnosis? diagnosis = await new DiagnosisBuilder(store.Queries, options.Clickhouse.Database, owners).BuildAsync(scope, ct).ConfigureAwait(false);
            if (diagnosis is null)
            {
                throw CommandException.Failed(
                    "Nothing is kept here: there are no requests to look at. Run 'cflogstream analyze' or 'cflogstream serve' first, with the same "
                    + "'--data' or '--clickhouse'.");
            }

            if (html is not null)
            {
                await WriteHtmlAsync(html, diagnosis, context, ct).ConfigureAwait(false);
            }

            if (context.Format == OutputFormat.Json)
            {
                await JsonOutput.WriteAsync(context.Stdout, json => DiagnosisJson.Write(diagnosis, json), ct).ConfigureAwait(false);
            }
            else if (markdown)
            {
                DiagnosisMarkdown.Write(diagnosis, context.Stdout);
            }
            else
            {
                new DiagnosisText(context.Stdout, context.Host.Columns).Write(diagnosis);
            }

            return ExitCode.Ok;
        }
    }

    private static async Task WriteHtmlAsync(string path, Diagnosis diagnosis, CommandContext context, CancellationToken ct)
    {
        try
        {
            var file = new StreamWriter(path, append: false);
            await using (file.ConfigureAwait(false))
            {
                DiagnosisHtml.Write(diagnosis, file);
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Failed($"The report could not be written to '{TerminalText.Escape(path)}': {problem.Message} Name a file that can be made.", problem);
        }

        await context.Stderr.WriteLineAsync($"cflogstream: wrote {TerminalText.Escape(Path.GetFullPath(path))}".AsMemory(), ct).ConfigureAwait(false);
    }
}

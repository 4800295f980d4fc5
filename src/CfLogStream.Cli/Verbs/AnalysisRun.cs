using CfLogStream.Cli.Reports;
using CfLogStream.Cli.Terminal;
using CfLogStream.ClickHouse.Embedded;
using CfLogStream.ClickHouse.Schema;
using CfLogStream.ClickHouse.Writing;
using CfLogStream.Server.Analysis;
using CfLogStream.Server.Configuration;
using CfLogStream.Server.Reports;
using CfLogStream.Server.Sources;
using CfLogStream.Server.Storage;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Cli.Verbs;

/// <summary>An analysis from the command line: what <c>analyze</c> and <c>demo</c> share.</summary>
internal static class AnalysisRun
{
    /// <summary>Analyses files and prints the report; returns <see cref="ExitCode.Failed"/> when a file could not be read to its end.</summary>
    public static async Task<ExitCode> RunAsync(
        CommandContext context, IReadOnlyList<string> paths, AnalysisScope scope, StoreOptions storeOptions, int? threads, CancellationToken ct)
    {
        if (storeOptions.Url is null)
        {
            EmbeddedClickHouse.Preload();
        }

        CfLogStreamOptions options = context.LoadOptions();
        if (threads is { } count)
        {
            options = options with { Analysis = options.Analysis with { Threads = count } };
        }

        IReadOnlyList<LogFile> files = Discover(paths);
        TimeProvider time = TimeProvider.System;
        using ILoggerFactory loggers = CommandLog.Create(context.Stderr);
        // The store opens while the first files are read.
        Task<Store> opening = OpenStoreAsync(storeOptions with { ExpectedBytes = MostRowBytes(files) }, options, time, loggers, ct);
        var analyzer = new Analyzer(options, scope, PrepareAsync(opening, options, scope, time, loggers, ct), time);
        AnalysisSummary read;
        try
        {
            using var bar = new ProgressLine(context.Host, time);
            read = await analyzer.RunAsync(files, bar, ct).ConfigureAwait(false);
        }
        catch
        {
            await CloseAsync(opening).ConfigureAwait(false);
            throw;
        }

        Store store = await opening.ConfigureAwait(false);
        await using (store.ConfigureAwait(false))
        {
            IncidentReport report = await new ReportBuilder(store.Queries, options.Clickhouse.Database).BuildAsync(read, ct).ConfigureAwait(false);
            if (context.Format == OutputFormat.Json)
            {
                await JsonOutput.WriteAsync(context.Stdout, json => JsonReport.Write(report, json), ct).ConfigureAwait(false);
            }
            else
            {
                new TextReport(context.Stdout, context.Host.Columns).Write(report);
                if (report.Read.Errors.Count == 0)
                {
                    await HintAsync(context, storeOptions, ct).ConfigureAwait(false);
                }
            }

            foreach (string error in report.Read.Errors)
            {
                await context.Stderr.WriteLineAsync($"cflogstream: {TerminalText.Escape(error)}".AsMemory(), ct).ConfigureAwait(false);
            }

            return report.Read.Errors.Count == 0 ? ExitCode.Ok : ExitCode.Failed;
        }
    }

    /// <summary>Says what to ask next, where the rows stay.</summary>
    private static async Task HintAsync(CommandContext context, StoreOptions store, CancellationToken ct)
    {
        string config = context.ConfigFile is { } file ? $" {CommandContext.ConfigOption} {ShellWord.Quote(file)}" : "";
        string where = store.Url is { } url ? $" --clickhouse {ShellWord.Quote(url.ToString())}"
            : store.DataFolder == StoreOptions.DefaultFolder ? "" : $" --data {ShellWord.Quote(store.DataFolder)}";
        if (store.Url is not null || store.DataFolder != EmbeddedClickHouseDefaults.Memory)
        {
            string line = $"cflogstream: why, since when and what to change: cflogstream diagnose{config}{where}";
            await context.Stderr.WriteLineAsync(TerminalText.Escape(line).AsMemory(), ct).ConfigureAwait(false);
        }
    }

    /// <summary>Brings the store's schema up to date and removes the rows of the last analysis of this name.</summary>
    private static async Task<ClickHouseWriter> PrepareAsync(
        Task<Store> opening, CfLogStreamOptions options, AnalysisScope scope, TimeProvider time, ILoggerFactory loggers, CancellationToken ct)
    {
        Store store = await opening.ConfigureAwait(false);
        IReadOnlyList<string> applied = await store.ApplySchemaAsync(options.Clickhouse.RetentionDays, time, ct).ConfigureAwait(false);
        if (!SchemaManager.MadeDatabase(applied))
        {
            await new AnalysisRows(store.Queries).DeleteAsync(scope.Partition, ct).ConfigureAwait(false);
        }

        return store.CreateWriter(time, loggers);
    }

    private static async Task CloseAsync(Task<Store> opening)
    {
        await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (opening.IsCompletedSuccessfully)
        {
            await opening.Result.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Opens the store; what keeps it shut is the user's to understand.</summary>
    public static async Task<Store> OpenStoreAsync(
        StoreOptions storeOptions, CfLogStreamOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken ct)
    {
        if (IsMissing(storeOptions, options))
        {
            throw CommandException.Failed(
                $"There is no folder '{TerminalText.Escape(storeOptions.DataFolder)}', so nothing is kept there. Name the folder that 'cflogstream analyze' or "
                + "'cflogstream serve' wrote with '--data', or the server with '--clickhouse'.");
        }

        try
        {
            return await Store.OpenAsync(storeOptions, options.Clickhouse, time, loggers, ct).ConfigureAwait(false);
        }
        catch (Exception problem) when (problem is InvalidOperationException or DllNotFoundException or IOException or UnauthorizedAccessException)
        {
            throw CommandException.Failed(problem.Message, problem);
        }
    }

    /// <summary>Whether the data folder has to be there and is not.</summary>
    public static bool IsMissing(StoreOptions store, CfLogStreamOptions options) =>
        store is { MustExist: true, Url: null } && options.Clickhouse.Url.Length == 0
            && store.DataFolder != EmbeddedClickHouseDefaults.Memory && !Directory.Exists(store.DataFolder);

    /// <summary>How much the rows of files can take on disk; null when that is unknown.</summary>
    /// <remarks>Rows hold a part of a record's fields, compressed: about a hundredth of the records as text, a quarter at the very most. A
    /// compressed file counts as twenty times its size.</remarks>
    private static long? MostRowBytes(IReadOnlyList<LogFile> files) =>
        files.Any(file => file.Path == LogFile.StandardInput)
            ? null
            : files.Sum(file => Path.GetExtension(file.Path) is ".gz" or ".zst" or ".zstd" ? file.Length * 5 : file.Length / 4);

    /// <summary>Finds the files; an argument that matches nothing is an error before anything is read.</summary>
    private static IReadOnlyList<LogFile> Discover(IReadOnlyList<string> paths)
    {
        DiscoveredFiles found = FileDiscovery.Find(paths);
        if (found.Errors.Count > 0)
        {
            throw CommandException.Failed(string.Join(' ', found.Errors.Select(error => error.ToString())));
        }

        return found.Files.Count > 0
            ? found.Files
            : throw CommandException.Failed($"There is nothing to read: {found.Skipped.Count} files hold no records; expected Logpush uploads.");
    }
}

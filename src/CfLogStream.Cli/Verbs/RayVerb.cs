using System.CommandLine;
using CfLogStream.Cli.Reports;
using CfLogStream.Cli.Terminal;
using CfLogStream.ClickHouse;
using CfLogStream.Core.Insight.Ownership;
using CfLogStream.Core.Traffic;
using CfLogStream.Server.Configuration;
using CfLogStream.Server.Insight.Requests;
using CfLogStream.Server.Storage;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Cli.Verbs;

/// <summary><c>ray RAYID</c>: what happened to one request, on one screen.</summary>
internal static class RayVerb
{
    public static Command Create()
    {
        var ray = new Argument<string>("rayid") { Description = "The RayID: the value of the cf-ray header, with or without its '-COLO' end." };
        var all = new Option<bool>("--all") { Description = "Also everything else that is stored of it." };
        var zone = new Option<string?>("--tz") { Description = "Show its time in this zone too, for instance 'Europe/Berlin'.", HelpName = "ZONE" };
        var owners = new OwnersArguments();
        var store = new StoreArguments();
        var command = new Command("ray", "Says what happened to one request: who answered, which rules matched, who called, and what to change.") { ray, all, zone };
        owners.AddTo(command);
        store.AddTo(command);
        return command.Runs((parse, context, ct) =>
        {
            TimeZoneInfo shown = parse.GetValue(zone) is { } name ? MomentReader.Zone("--tz", name) : TimeZoneInfo.Utc;
            string words = store.Words(parse, context.ConfigFile);
            CfLogStreamOptions options = context.LoadOptions();
            OwnerBook book = owners.Read(parse, options);
            var view = new RayView(parse.GetValue(all), shown, words);
            return RunAsync(context, options, Normalize(parse.GetValue(ray)!), store.ReadKept(parse), book, view, TimeProvider.System, ct);
        });
    }

    /// <summary>Judges a request; when that cannot be asked, says so: the rest of the screen is known all the same.</summary>
    private static async Task<RequestVerdict?> JudgeAsync(CommandContext context, RequestJudge judge, RequestScreen screen, CancellationToken ct)
    {
        try
        {
            return await judge.OfAsync(screen, ct).ConfigureAwait(false);
        }
        catch (Exception problem) when (problem is ServerAnswerException or HttpRequestException)
        {
            string line = $"cflogstream: Whether it was stopped rightly could not be asked: {TerminalText.Escape(problem.Message)}";
            await context.Stderr.WriteLineAsync(line.AsMemory(), ct).ConfigureAwait(false);
            return null;
        }
    }

    /// <summary>Takes the colo off a cf-ray header's value and folds to lower case.</summary>
    internal static string Normalize(string ray)
    {
        string trimmed = ray.Trim().ToLowerInvariant();
        int dash = trimmed.IndexOf('-', StringComparison.Ordinal);
        return dash > 0 ? trimmed[..dash] : trimmed;
    }

    private static async Task<ExitCode> RunAsync(
        CommandContext context, CfLogStreamOptions options, string ray, StoreOptions storeOptions, OwnerBook owners, RayView view, TimeProvider time,
        CancellationToken ct)
    {
        using ILoggerFactory loggers = CommandLog.Create(context.Stderr);
        Store store = await AnalysisRun.OpenStoreAsync(storeOptions, options, time, loggers, ct).ConfigureAwait(false);
        await using (store.ConfigureAwait(false))
        {
            await store.ApplySchemaAsync(options.Clickhouse.RetentionDays, time, ct).ConfigureAwait(false);
            var tables = new ClassificationTables(options.Classification with { ExtraFields = options.Reader.ExtraFields });
            var screens = (await new RequestScreens(store.Queries, tables).OfAsync(ray, ct).ConfigureAwait(false)).ToArray();
            var judge = new RequestJudge(store.Queries, options.Clickhouse.Database, owners);
            for (int i = 0; i < screens.Length; i++)
            {
                screens[i] = screens[i] with { Verdict = await JudgeAsync(context, judge, screens[i], ct).ConfigureAwait(false) };
            }

            IReadOnlyList<AbsenceCheck> absence = screens.Length > 0
                ? []
                : await new RayAbsence(store.Queries, options.Correlation, options.Clickhouse.RetentionDays.Requests, time).ExplainAsync(ray, ct)
                    .ConfigureAwait(false);
            if (context.Format == OutputFormat.Json)
            {
                await JsonOutput.WriteAsync(context.Stdout, json => RayJson.Write(ray, screens, absence, json), ct).ConfigureAwait(false);
            }
            else if (screens.Length > 0)
            {
                var report = new RayReport(context.Stdout, context.Host.Columns, view);
                for (int i = 0; i < screens.Length; i++)
                {
                    report.Write(screens[i], isFirst: i == 0);
                }
            }
            else
            {
                // The answer to what was asked: it goes where the screen would have gone.
                AbsenceReport.Write(context.Stdout, context.Host.Columns, ray, absence);
            }

            return screens.Length > 0 ? ExitCode.Ok : ExitCode.Failed;
        }
    }
}

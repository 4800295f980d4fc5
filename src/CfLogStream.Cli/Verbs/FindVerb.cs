using System.CommandLine;
using CfLogStream.Cli.Reports;
using CfLogStream.Cli.Terminal;
using CfLogStream.Server.Configuration;
using CfLogStream.Server.Insight.Requests;
using CfLogStream.Server.Storage;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Cli.Verbs;

/// <summary><c>find</c>: requests by what a person remembers of one, when there is no RayID.</summary>
internal static class FindVerb
{
    public static Command Create()
    {
        var arguments = new FindArguments();
        var store = new StoreArguments();
        var command = new Command("find", "Finds kept requests by time, path, address, status and more, the newest first.");
        arguments.AddTo(command);
        store.AddTo(command);
        return command.Runs((parse, context, ct) => RunAsync(parse, context, arguments, store, TimeProvider.System, ct));
    }

    private static async Task<ExitCode> RunAsync(
        ParseResult parse, CommandContext context, FindArguments arguments, StoreArguments storeArguments, TimeProvider time, CancellationToken ct)
    {
        DateTime now = time.GetUtcNow().UtcDateTime;

        // What is wrong with the command line is said before the store is opened.
        await arguments.ReadAsync(parse, now, static () => Task.FromResult<DateTime?>(null)).ConfigureAwait(false);
        CfLogStreamOptions options = context.LoadOptions();
        using ILoggerFactory loggers = CommandLog.Create(context.Stderr);
        Store store = await AnalysisRun.OpenStoreAsync(storeArguments.ReadKept(parse), options, time, loggers, ct).ConfigureAwait(false);
        await using (store.ConfigureAwait(false))
        {
            await store.ApplySchemaAsync(options.Clickhouse.RetentionDays, time, ct).ConfigureAwait(false);
            var finder = new RequestFinder(store.Queries);
            (FindFilter filter, TimeZoneInfo zone) = await arguments.ReadAsync(parse, now, () => finder.NewestAsync(ct)).ConfigureAwait(false);
            (IReadOnlyList<FoundRequest> found, bool isCut) = await finder.FindAsync(filter, ct).ConfigureAwait(false);
            var report = new FindReport(filter, zone, options.Correlation.SampleOneOf, storeArguments.Words(parse, context.ConfigFile));
            if (context.Format == OutputFormat.Json)
            {
                await JsonOutput.WriteAsync(context.Stdout, json => report.WriteJson(json, found, isCut), ct).ConfigureAwait(false);
            }
            else
            {
                report.Write(context.Stdout, context.Stderr, context.Host.Columns, found, isCut);
            }

            return found.Count > 0 ? ExitCode.Ok : ExitCode.Failed;
        }
    }
}

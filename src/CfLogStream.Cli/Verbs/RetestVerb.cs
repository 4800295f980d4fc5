using System.CommandLine;
using CfLogStream.Cli.Reports;
using CfLogStream.Cli.Terminal;
using CfLogStream.Core.Insight.Findings;
using CfLogStream.Core.Insight.Retesting;
using CfLogStream.Server.Configuration;
using CfLogStream.Server.Insight.Changes;
using CfLogStream.Server.Insight.Requests;
using CfLogStream.Server.Insight.Retesting;
using CfLogStream.Server.Storage;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Cli.Verbs;

/// <summary><c>retest</c>: whether a client gets through since a change.</summary>
internal static class RetestVerb
{
    /// <summary>How often the store is asked while waiting.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    /// <summary>A change takes a moment until it holds everywhere.</summary>
    private static readonly TimeSpan s_settling = TimeSpan.FromMinutes(2);

    public static Command Create() => Create(TimeProvider.System);

    /// <param name="time">The clock that is waited on.</param>
    internal static Command Create(TimeProvider time)
    {
        var arguments = new RetestArguments();
        var store = new StoreArguments();
        var command = new Command("retest", "Follows a client after a change and says whether it gets through again; prints a curl that copies its request.");
        arguments.AddTo(command);
        store.AddTo(command);
        return command.Runs((parse, context, ct) =>
        {
            RetestRequest request = arguments.Read(parse, time.GetUtcNow().UtcDateTime);
            return RunAsync(context, request, store.ReadKept(parse), store.Words(parse, context.ConfigFile), time, ct);
        });
    }

    private static async Task<ExitCode> RunAsync(
        CommandContext context, RetestRequest request, StoreOptions storeOptions, string storeWords, TimeProvider time, CancellationToken ct)
    {
        CfLogStreamOptions options = context.LoadOptions();
        using ILoggerFactory loggers = CommandLog.Create(context.Stderr);
        Store store = await AnalysisRun.OpenStoreAsync(storeOptions, options, time, loggers, ct).ConfigureAwait(false);
        await using (store.ConfigureAwait(false))
        {
            await store.ApplySchemaAsync(options.Clickhouse.RetentionDays, time, ct).ConfigureAwait(false);
            var reader = new RetestReader(store.Queries, options.Clickhouse.Database);
            RequestColumns? given = request.Ray.Length > 0 ? await RequestAsync(store, request.Ray, ct).ConfigureAwait(false) : null;
            RetestSubject subject = given is null ? request.Subject! : RetestArguments.With(request.Subject, given);
            Change? change = request.Change.Length > 0 ? await ChangeAsync(store, request.Change, ct).ConfigureAwait(false) : null;
            DateTime from = RetestReader.WholeMinute(change is null ? request.Since!.Value : change.Time + s_settling);
            RetestAnswer answer = await FollowAsync(context, reader, request, subject, from, time, ct).ConfigureAwait(false);
            IReadOnlyList<string> known = answer.Verdict.LastSeen is null
                ? await reader.KnownEndpointsAsync(subject, from, ct).ConfigureAwait(false)
                : [];
            RequestColumns? example = given ?? await reader.ExampleAsync(subject, from, ct).ConfigureAwait(false);
            var report = new RetestReport(answer, example is null ? null : CurlCopy.Of(example), change, known, storeWords);
            if (context.Format == OutputFormat.Json)
            {
                await JsonOutput.WriteAsync(context.Stdout, report.WriteJson, ct).ConfigureAwait(false);
            }
            else
            {
                report.Write(context.Stdout, context.Host.Columns);
            }

            return answer.Verdict.State == RetestState.Fixed ? ExitCode.Ok : ExitCode.Failed;
        }
    }

    /// <summary>Asks until it is decided or the time is up, with a line on stderr whenever something has changed.</summary>
    private static async Task<RetestAnswer> FollowAsync(
        CommandContext context, RetestReader reader, RetestRequest request, RetestSubject subject, DateTime from, TimeProvider time, CancellationToken ct)
    {
        DateTimeOffset end = time.GetUtcNow() + (request.Wait ?? TimeSpan.Zero);
        string said = "";
        while (true)
        {
            RetestAnswer answer = await reader.ReadAsync(subject, from, request.Successes, ct).ConfigureAwait(false);
            TimeSpan left = end - time.GetUtcNow();
            if (answer.Verdict.IsDecided || left <= TimeSpan.Zero)
            {
                return answer;
            }

            string line = RetestReport.Progress(answer);
            if (line != said)
            {
                said = line;
                string shown = TerminalText.Cut($"{time.GetUtcNow():HH:mm:ss} {line}", context.Host.Columns);
                await context.Stderr.WriteLineAsync(shown.AsMemory(), ct).ConfigureAwait(false);
            }

            await Task.Delay(left < Pause ? left : Pause, time, ct).ConfigureAwait(false);
        }
    }

    private static async Task<RequestColumns> RequestAsync(Store store, string ray, CancellationToken ct)
    {
        IReadOnlyList<RequestColumns> found = await new RayLookup(store.Queries).FindAsync(ray, ct).ConfigureAwait(false);
        return found.FirstOrDefault(row => row.Text("ray") == ray)
            ?? throw CommandException.Failed(
                $"The ray '{TerminalText.Cut(ray, 60)}' is not among the kept requests; 'cflogstream ray' says why that can be. "
                + "Give '--client' and '--endpoint' instead.");
    }

    private static async Task<Change> ChangeAsync(Store store, string id, CancellationToken ct)
    {
        IReadOnlyList<Change> changes = await new ChangeReader(store.Queries)
            .ReadAsync(DateTime.UnixEpoch, DateTime.UnixEpoch.AddYears(135), null, ct).ConfigureAwait(false);
        return changes.LastOrDefault(change => change.Id == id)
            ?? throw CommandException.Failed($"There is no change with the id '{TerminalText.Cut(id, 200)}'; 'cflogstream change list' shows those there are.");
    }
}

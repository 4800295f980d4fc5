using System.CommandLine;
using System.Globalization;
using CfLogStream.Cli.Reports;
using CfLogStream.Cli.Terminal;
using CfLogStream.Core.Insight.Ownership;
using CfLogStream.Server.Configuration;
using CfLogStream.Server.Insight.Ownership;
using CfLogStream.Server.Storage;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Cli.Verbs;

/// <summary><c>owners lint|coverage|export</c>: whether it is known who owns what.</summary>
internal static class OwnersVerb
{
    private const int DefaultDays = 30;
    private const int MaxDays = 400;

    public static Command Create() => new("owners", "Who owns rules, exemptions and endpoints: checks, gaps and a table, from owners.yaml.")
    {
        Lint(),
        Coverage(),
        Export(),
    };

    private static Command Lint()
    {
        var owners = new OwnersArguments();
        var seen = new Option<int?>("--seen")
        {
            Description = "Also reports entries that matched nothing in so many last days of the data.",
            HelpName = "DAYS",
        };
        var strict = new Option<bool>("--strict") { Description = "Fails on warnings as well." };
        var store = new StoreArguments();
        var command = new Command("lint", "Checks the file: what cannot be read, days that have passed, entries that contradict or match nothing.")
        {
            seen, strict,
        };
        owners.AddTo(command);
        store.AddTo(command);
        return command.Runs((parse, context, ct) =>
        {
            CfLogStreamOptions options = context.LoadOptions();
            int? days = parse.GetValue(seen) is { } number ? Days("--seen", number) : null;
            string file = Named(owners.FileOf(parse, options));
            return LintAsync(context, options, file, days, store.ReadKept(parse), parse.GetValue(strict), ct);
        });
    }

    private static Command Coverage()
    {
        var owners = new OwnersArguments();
        var days = new Option<int?>("--days") { Description = $"So many last days of the data; {DefaultDays} without it.", HelpName = "DAYS" };
        var minimum = new Option<int?>("--min") { Description = "Fails when less than this percentage of the rules has an owner.", HelpName = "PERCENT" };
        var store = new StoreArguments();
        var command = new Command("coverage", "Lists rules that act on APIs, and endpoints of APIs, that have no owner.") { days, minimum };
        owners.AddTo(command);
        store.AddTo(command);
        return command.Runs((parse, context, ct) =>
        {
            CfLogStreamOptions options = context.LoadOptions();
            int? percent = parse.GetValue(minimum);
            if (percent is < 0 or > 100)
            {
                throw CommandException.Usage($"The value of '--min' is {percent}; expected a percentage between 0 and 100.");
            }

            return CoverageAsync(
                context, options, owners.Read(parse, options), Days("--days", parse.GetValue(days) ?? DefaultDays), percent ?? 0, store.ReadKept(parse), ct);
        });
    }

    private static Command Export()
    {
        var owners = new OwnersArguments();
        var form = new Option<string?>("--as") { Description = "markdown, csv or json; markdown without it.", HelpName = "FORM" };
        form.AcceptOnlyFromAmong("markdown", "csv", "json");
        var command = new Command("export", "Prints the owners as a table for documentation.") { form };
        owners.AddTo(command);
        return command.Runs(async (parse, context, ct) =>
        {
            CfLogStreamOptions options = context.LoadOptions();
            OwnerBook book = OwnersArguments.Read(Named(owners.FileOf(parse, options)), options);
            string wanted = parse.GetValue(form) ?? (context.Format == OutputFormat.Json ? "json" : "markdown");
            if (wanted == "json")
            {
                await JsonOutput.WriteAsync(context.Stdout, json => OwnerTable.Json(book, json), ct).ConfigureAwait(false);
                return ExitCode.Ok;
            }

            string table = wanted == "csv" ? OwnerTable.Csv(book) : OwnerTable.Markdown(book);
            await context.Stdout.WriteAsync(table.AsMemory(), ct).ConfigureAwait(false);
            return ExitCode.Ok;
        });
    }

    private static async Task<ExitCode> LintAsync(
        CommandContext context, CfLogStreamOptions options, string file, int? days, StoreOptions storeOptions, bool strict, CancellationToken ct)
    {
        var problems = new List<OwnerProblem>();
        try
        {
            OwnerBook book = OwnersArguments.Read(file, options);
            problems.AddRange(OwnerLint.Check(book, DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime)));
            if (days is { } number)
            {
                problems.AddRange(await SurveyAsync(
                    context,
                    options,
                    storeOptions,
                    number,
                    async (survey, from, to) => OwnerLint.CheckSeen(
                        book,
                        await survey.RulesAsync(from, to, onlyApi: false, ct).ConfigureAwait(false),
                        await survey.EndpointsAsync(from, to, onlyApi: false, ct).ConfigureAwait(false),
                        number),
                    ct).ConfigureAwait(false));
            }
        }
        catch (ConfigurationException problem)
        {
            problems.AddRange(problem.Problems.Select(one => new OwnerProblem(
                true, one.Line > 0 ? string.Create(CultureInfo.InvariantCulture, $"{one.File}:{one.Line}:{one.Column}") : one.File, one.Message)));
        }

        await OwnersReport.WriteAsync(context, problems, ct).ConfigureAwait(false);
        return problems.Any(problem => problem.IsError || strict) ? ExitCode.Failed : ExitCode.Ok;
    }

    private static async Task<ExitCode> CoverageAsync(
        CommandContext context, CfLogStreamOptions options, OwnerBook book, int days, int minimum, StoreOptions storeOptions, CancellationToken ct)
    {
        OwnerCoverage coverage = await SurveyAsync(
            context,
            options,
            storeOptions,
            days,
            async (survey, from, to) => OwnerCoverage.Of(
                book,
                await survey.RulesAsync(from, to, onlyApi: true, ct).ConfigureAwait(false),
                await survey.EndpointsAsync(from, to, onlyApi: true, ct).ConfigureAwait(false)),
            ct).ConfigureAwait(false);
        await OwnersReport.WriteAsync(context, coverage, days, ct).ConfigureAwait(false);
        return coverage.RulesOwned * 100L < (long)minimum * coverage.Rules ? ExitCode.Failed : ExitCode.Ok;
    }

    private static async Task<T> SurveyAsync<T>(
        CommandContext context,
        CfLogStreamOptions options,
        StoreOptions storeOptions,
        int days,
        Func<OwnerSurvey, DateTime, DateTime, Task<T>> ask,
        CancellationToken ct)
    {
        using ILoggerFactory loggers = CommandLog.Create(context.Stderr);
        Store store = await AnalysisRun.OpenStoreAsync(storeOptions, options, TimeProvider.System, loggers, ct).ConfigureAwait(false);
        await using (store.ConfigureAwait(false))
        {
            await store.ApplySchemaAsync(options.Clickhouse.RetentionDays, TimeProvider.System, ct).ConfigureAwait(false);
            var survey = new OwnerSurvey(store.Queries);
            DateTime end = await survey.EndAsync(ct).ConfigureAwait(false)
                ?? throw CommandException.Failed("There is no data here: run 'cflogstream analyze' first, with the same --data or --clickhouse.");
            return await ask(survey, end - TimeSpan.FromDays(days), end).ConfigureAwait(false);
        }
    }

    private static string Named(string? file) => file ?? throw CommandException.Usage(
        "No file of owners is named; give '--owners FILE', or 'insight.owners_file' in the configuration.");

    private static int Days(string option, int days) => days is >= 1 and <= MaxDays
        ? days
        : throw CommandException.Usage($"The value of '{option}' is {days}; expected between 1 and {MaxDays} days.");
}

using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using CfLogStream.Cli.Terminal;
using CfLogStream.Server.Configuration;
using CfLogStream.Server.Doctor;
using CfLogStream.Server.Sources;
using CfLogStream.Server.Storage;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Cli.Verbs;

/// <summary><c>doctor [PATH…]</c>: looks at the configuration, and at uploads or at a running service, and says what is missing and
/// what that costs.</summary>
internal static class DoctorVerb
{
    private const int DefaultMinutes = 60;

    // Ten years: further back a DateTime of ClickHouse comes to its end.
    private const int MostMinutes = 5_256_000;

    public static Command Create()
    {
        var paths = new Argument<string[]>("path")
        {
            Description = "Uploads to look at: files, directories, globs, or '-' for standard input. Without any the running service is asked.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var minutes = new Option<int>("--minutes")
        {
            Description = $"How far the service is looked back ({DefaultMinutes}).",
            HelpName = "N",
            DefaultValueFactory = static _ => DefaultMinutes,
        };
        var store = new StoreArguments();
        var command = new Command("doctor", "Says what is missing in what arrives, what that costs, and what to change. Ends with 1 when there is a problem.") { paths, minutes };
        store.AddTo(command);
        return command.Runs((parse, context, ct) =>
        {
            int back = parse.GetValue(minutes);
            return back is > 0 and <= MostMinutes
                ? RunAsync(context, parse.GetValue(paths) ?? [], back, store.ReadKept(parse), ct)
                : throw CommandException.Usage($"The value of '--minutes' is {back}; expected 1 to {MostMinutes}.");
        });
    }

    private static async Task<ExitCode> RunAsync(
        CommandContext context,
        string[] paths,
        int minutes,
        StoreOptions store,
        CancellationToken ct)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        var findings = new List<Finding>();
        CfLogStreamOptions? options = Configuration(context, findings);
        if (options is not null)
        {
            findings.AddRange(SetupChecks.Run(options, store.DataFolder, now));
        }

        if (paths.Length > 0)
        {
            findings.AddRange(Arrival(paths, options ?? new CfLogStreamOptions(), now, ct));
        }
        else if (options is not null)
        {
            findings.AddRange(await ServiceChecks.RunAsync(options.Metrics, ct).ConfigureAwait(false));
            findings.AddRange(await StoreAsync(context, options, store, minutes, now, ct).ConfigureAwait(false));
        }

        await WriteAsync(context, findings, ct).ConfigureAwait(false);
        return findings.Exists(finding => finding.Level == FindingLevel.Problem) ? ExitCode.Failed : ExitCode.Ok;
    }

    /// <summary>Returns the configuration; null when it has problems, which are findings then.</summary>
    private static CfLogStreamOptions? Configuration(CommandContext context, List<Finding> findings)
    {
        const string Check = "configuration";
        try
        {
            CfLogStreamOptions options = context.LoadOptions();
            findings.Add(Finding.Ok(Check, context.ConfigFile is { } file ? $"'{file}' is valid" : "none is named, the defaults hold"));
            return options;
        }
        catch (ConfigurationException problem)
        {
            findings.AddRange(problem.Problems.Select(one =>
                Finding.Problem(Check, one.ToString().TrimEnd('.'), "the service does not start with it", "")));
            return null;
        }
    }

    private static IReadOnlyList<Finding> Arrival(string[] paths, CfLogStreamOptions options, DateTimeOffset now, CancellationToken ct)
    {
        DiscoveredFiles found = FileDiscovery.Find(paths);
        var survey = new ArrivalSurvey(options.Reader);
        foreach (LogFile file in found.Files)
        {
            survey.Read(file, ct);
        }

        return
        [
            .. found.Errors.Select(error => Finding.Problem("reading", error.ToString().TrimEnd('.'), "it was not looked at", "")),
            .. ArrivalChecks.Run(survey, options.Receiver, now),
        ];
    }

    private static async Task<IReadOnlyList<Finding>> StoreAsync(
        CommandContext context, CfLogStreamOptions options, StoreOptions given, int minutes, DateTimeOffset now, CancellationToken ct)
    {
        const string Check = "store";
        Uri? url = given.Url ?? (options.Clickhouse.Url.Length > 0 ? new Uri(options.Clickhouse.Url) : null);
        if (url is null && (options.Clickhouse.EmbeddedPort == 0 || options.Kafka.BootstrapServers.Length > 0))
        {
            return
            [
                Finding.Warning(
                    Check,
                    "the engine inside the service has no known port",
                    "what has arrived cannot be looked at",
                    "Give clickhouse.embedded_port a number, or name the port that it logs with '--clickhouse'."),
            ];
        }

        // A running service owns its data folder: it is asked, the folder is not opened.
        url ??= new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{options.Clickhouse.EmbeddedPort}"));
        using ILoggerFactory loggers = CommandLog.Create(context.Stderr);
        try
        {
            Store store = await Store.OpenAsync(new StoreOptions { Url = url }, options.Clickhouse, TimeProvider.System, loggers, ct).ConfigureAwait(false);
            await using (store.ConfigureAwait(false))
            {
                return await new StoreChecks(store.Queries, minutes).RunAsync(now, ct).ConfigureAwait(false);
            }
        }
        catch (Exception problem) when (problem is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            return [Finding.Problem(
                Check,
                $"ClickHouse does not answer on {url} ({problem.Message})",
                "nothing is written until it does",
                "Start it, or name it with '--clickhouse'.")];
        }
    }

    private static async Task WriteAsync(CommandContext context, List<Finding> findings, CancellationToken ct)
    {
        int problems = findings.Count(finding => finding.Level == FindingLevel.Problem);
        int warnings = findings.Count(finding => finding.Level == FindingLevel.Warning);
        if (context.Format == OutputFormat.Json)
        {
            await JsonOutput.WriteAsync(context.Stdout, json => Write(json, findings, problems, warnings), ct).ConfigureAwait(false);
            return;
        }

        foreach (Finding finding in findings)
        {
            string line = $"{Word(finding.Level),-7}  {TerminalText.Escape(finding.ToString())}";
            await context.Stdout.WriteLineAsync(line.AsMemory(), ct).ConfigureAwait(false);
        }

        string sum = $"{Count(problems, "problem")}, {Count(warnings, "warning")}.";
        await context.Stdout.WriteLineAsync(sum.AsMemory(), ct).ConfigureAwait(false);
    }

    private static void Write(Utf8JsonWriter json, List<Finding> findings, int problems, int warnings)
    {
        json.WriteStartObject();
        json.WriteNumber("problems", problems);
        json.WriteNumber("warnings", warnings);
        json.WriteStartArray("checks");
        foreach (Finding finding in findings)
        {
            json.WriteStartObject();
            json.WriteString("level", Word(finding.Level));
            json.WriteString("check", finding.Check);
            json.WriteString("found", finding.Found);
            json.WriteString("cost", finding.Cost);
            json.WriteString("action", finding.Action);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string Word(FindingLevel level) => level switch
    {
        FindingLevel.Ok => "ok",
        FindingLevel.Warning => "warning",
        _ => "problem",
    };

    private static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}

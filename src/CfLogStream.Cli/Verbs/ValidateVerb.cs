using System.CommandLine;
using System.Text.Json;
using CfLogStream.Cli.Terminal;
using CfLogStream.Core.Traffic;
using CfLogStream.Server.Configuration;
using CfLogStream.Server.Serving;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Cli.Verbs;

/// <summary><c>cflogstream validate</c>: checks a configuration and all it refers to; connects to nothing unless told to.</summary>
internal static class ValidateVerb
{
    public static Command Create()
    {
        var connect = new Option<bool>("--connect") { Description = "Also tries the connections that the configuration names." };
        return new Command("validate", "Checks the configuration and the files it names, and prints every problem with its file and line.") { connect }
            .Runs(async (parse, context, ct) =>
            {
                ExitCode code = await RunAsync(context, context.Format, context.Stdout, ct).ConfigureAwait(false);
                return code == ExitCode.Ok && parse.GetValue(connect) ? await ConnectAsync(context, ct).ConfigureAwait(false) : code;
            });
    }

    internal static async Task<ExitCode> RunAsync(
        CommandContext context,
        OutputFormat format,
        TextWriter stdout,
        CancellationToken ct)
    {
        if (format == OutputFormat.Text)
        {
            return await WriteSummaryAsync(context.ConfigFile, Check(context), stdout, ct).ConfigureAwait(false);
        }

        CfLogStreamOptions? options = null;
        IReadOnlyList<ConfigurationProblem> problems = [];
        try
        {
            options = Check(context);
        }
        catch (ConfigurationException problem)
        {
            problems = problem.Problems;
        }

        await JsonOutput.WriteAsync(stdout, json => Write(json, context.ConfigFile, options, problems), ct).ConfigureAwait(false);
        return problems.Count == 0 ? ExitCode.Ok : ExitCode.Configuration;
    }

    /// <summary>Tries the connections; the results of a valid configuration in JSON are a document of their own, after the first.</summary>
    private static async Task<ExitCode> ConnectAsync(CommandContext context, CancellationToken ct)
    {
        using ILoggerFactory loggers = CommandLog.Create(context.Stderr);
        IReadOnlyList<ConnectionResult> results = await ConnectionCheck.RunAsync(Check(context), TimeProvider.System, loggers, ct).ConfigureAwait(false);
        if (context.Format == OutputFormat.Json)
        {
            await JsonOutput.WriteAsync(context.Stdout, json => Write(json, results), ct).ConfigureAwait(false);
        }
        else
        {
            foreach (ConnectionResult result in results)
            {
                string line = $"  {result.Key}: {result.Target}: {(result.IsOk ? "ok, " : "failed: ")}{result.Text}";
                await context.Stdout.WriteLineAsync(TerminalText.Escape(line).AsMemory(), ct).ConfigureAwait(false);
            }
        }

        return results.All(result => result.IsOk) ? ExitCode.Ok : ExitCode.Failed;
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<ConnectionResult> results)
    {
        json.WriteStartArray();
        foreach (ConnectionResult result in results)
        {
            json.WriteStartObject();
            json.WriteString("key", result.Key);
            json.WriteString("target", result.Target);
            json.WriteBoolean("ok", result.IsOk);
            json.WriteString("text", result.Text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static CfLogStreamOptions Check(CommandContext context)
    {
        LoadedConfiguration? configuration = context.LoadConfiguration();
        if (configuration is null)
        {
            return new CfLogStreamOptions();
        }

        var found = new List<(string Key, string Message)>();
        ClassificationSettings classification = ApiDescriptions.Apply(configuration.Options, found);
        return found.Count == 0
            ? configuration.Options with { Classification = classification }
            : throw new ConfigurationException([.. found.Select(problem => configuration.Problem(problem.Key, problem.Message))]);
    }

    private static async Task<ExitCode> WriteSummaryAsync(
        string? file,
        CfLogStreamOptions options,
        TextWriter stdout,
        CancellationToken ct)
    {
        string what = file is null
            ? $"No configuration file was named (--config or {CommandContext.ConfigVariable}): the defaults hold."
            : $"{TerminalText.Escape(file)}: the configuration is valid.";
        string server = options.Clickhouse.Url.Length == 0 ? "the engine inside this program" : options.Clickhouse.Url;
        string[] lines =
        [
            what,
            $"  ClickHouse: {TerminalText.Escape(server)}, database {options.Clickhouse.Database}",
            $"  classification: generation {options.Classification.Generation}, "
            + $"{Count(options.Classification.PathTemplates.Count, "path template")}, "
                + $"{Count(options.Classification.Surfaces.Count, "surface")}, {Count(options.Classification.Clients.Count, "client")}, "
                + $"{Count(options.OpenapiFiles.Count, "OpenAPI file")} with "
                + $"{Count(options.Classification.ApiTemplates.Count, "template")}",
            $"  reading: {Count(options.Reader.ExtraFields.Count, "extra field")}, "
                + (options.Analysis.Threads == 0 ? "one thread per core" : Count(options.Analysis.Threads, "thread")),
            .. Kafka(options),
        ];
        foreach (string line in lines)
        {
            await stdout.WriteLineAsync(line.AsMemory(), ct).ConfigureAwait(false);
        }

        return ExitCode.Ok;
    }

    private static IEnumerable<string> Kafka(CfLogStreamOptions options)
    {
        if (options.Kafka.BootstrapServers.Length > 0)
        {
            string topics = options.Ingest.Topics.Count == 0 ? "no topics" : string.Join(", ", options.Ingest.Topics);
            yield return TerminalText.Escape(
                $"  Kafka: {options.Kafka.BootstrapServers} ({options.Kafka.SecurityProtocol}), log {options.Kafka.Topic}, ingest from {topics}");
        }
    }

    private static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";

    private static void Write(
        Utf8JsonWriter json,
        string? file,
        CfLogStreamOptions? options,
        IReadOnlyList<ConfigurationProblem> problems)
    {
        json.WriteStartObject();
        json.WriteString("file", file);
        json.WriteBoolean("valid", problems.Count == 0);
        json.WriteStartArray("problems");
        foreach (ConfigurationProblem problem in problems)
        {
            json.WriteStartObject();
            json.WriteString("file", problem.File);
            json.WriteNumber("line", problem.Line);
            json.WriteNumber("column", problem.Column);
            json.WriteString("key", problem.Key);
            json.WriteString("message", problem.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (options is not null)
        {
            json.WriteStartObject("settings");
            foreach (EffectiveValue value in EffectiveValue.Of(options))
            {
                json.WritePropertyName(value.Key);
                JsonSerializer.Serialize(json, value.Value);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}

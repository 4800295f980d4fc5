using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using CfLogStream.Cli.Terminal;
using CfLogStream.Kafka.Client;
using CfLogStream.Server.Configuration;
using CfLogStream.Server.Requests;
using CfLogStream.Server.Serving;
using CfLogStream.Server.Storage;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Cli.Verbs;

/// <summary><c>dead-letters replay</c>: gives lines to the log again that are records by now.</summary>
internal static class DeadLetterReplayCommand
{
    public static Command Create()
    {
        var filter = new DeadLetterArguments(10_000);
        var dryRun = new Option<bool>("--dry-run") { Description = "Only says what it would do." };
        var store = new StoreArguments();
        var command = new Command(
            "replay", "Gives kept lines of the log to it again, those that are records with this program and configuration. Each counts once.") { dryRun };
        filter.AddTo(command);
        store.AddTo(command);
        return command.Runs((parse, context, ct) => RunAsync(
            context, store.Read(parse), filter.Read(parse), filter.Limit(parse), parse.GetValue(dryRun), ct));
    }

    private static async Task<ExitCode> RunAsync(
        CommandContext context, StoreOptions storeOptions, DeadLetterFilter filter, int limit, bool dryRun, CancellationToken ct)
    {
        KafkaSection kafka = TopicsVerb.Section(context);
        CfLogStreamOptions options = context.LoadOptions();
        using ILoggerFactory loggers = CommandLog.Create(context.Stderr);
        Store store = await AnalysisRun.OpenStoreAsync(storeOptions, options, TimeProvider.System, loggers, ct).ConfigureAwait(false);
        await using (store.ConfigureAwait(false))
        {
            await store.ApplySchemaAsync(options.Clickhouse.RetentionDays, TimeProvider.System, ct).ConfigureAwait(false);
            ReplayCounts counts;
            try
            {
                using KafkaLogWriter? log = dryRun ? null : await KafkaLogWriter.OpenAsync(
                    KafkaSettings.Of(kafka), SliceMessages.HeadersOf, TimeProvider.System, loggers.CreateLogger<KafkaLogWriter>(), ct).ConfigureAwait(false);
                var replay = new DeadLetterReplay(
                    new DeadLetterLookup(store.Queries, kafka.Topic), log, options.Reader, KafkaSettings.SlicerOf(kafka), TimeProvider.System);
                counts = await replay.RunAsync(filter, limit, ct).ConfigureAwait(false);
            }
            catch (Exception problem) when (problem is TopicMissingException or LogAppendException or Confluent.Kafka.KafkaException)
            {
                throw CommandException.Failed(problem.Message + " Nothing counts twice: run it again.", problem);
            }

            await WriteAsync(context, counts, dryRun, ct).ConfigureAwait(false);
            return ExitCode.Ok;
        }
    }

    private static async Task WriteAsync(CommandContext context, ReplayCounts counts, bool dryRun, CancellationToken ct)
    {
        if (context.Format == OutputFormat.Json)
        {
            await JsonOutput.WriteAsync(context.Stdout, json => Write(counts, json), ct).ConfigureAwait(false);
            return;
        }

        string verb = dryRun ? "would be given" : "were given";
        string line = string.Create(
            CultureInfo.InvariantCulture,
            $"{counts.Records:N0} lines {verb} to the log again; {counts.Rejected:N0} are still no records; of {counts.Cut:N0} only the beginning was kept.");
        await context.Stdout.WriteLineAsync(line.AsMemory(), ct).ConfigureAwait(false);
    }

    private static void Write(ReplayCounts counts, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("records", counts.Records);
        json.WriteNumber("rejected", counts.Rejected);
        json.WriteNumber("cut", counts.Cut);
        json.WriteEndObject();
    }
}

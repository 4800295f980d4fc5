using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using CfLogStream.Cli.Terminal;
using CfLogStream.ClickHouse.Writing;
using CfLogStream.Core.Traffic;
using CfLogStream.Kafka.Client;
using CfLogStream.Server.Configuration;
using CfLogStream.Server.Processing;
using CfLogStream.Server.Serving;
using CfLogStream.Server.Storage;
using Microsoft.Extensions.Logging;

namespace CfLogStream.Cli.Verbs;

/// <summary><c>reset --to …</c>: has the log processed again under a new generation of the settings.</summary>
internal static class ResetVerb
{
    private const string TimeFormat = "yyyy-MM-dd HH:mm 'UTC'";

    public static Command Create()
    {
        var to = new Option<string>("--to")
        {
            Description = "From where: 'earliest', a time in UTC such as '2026-08-06T12:00Z', or an offset of the log (with --partition).",
            HelpName = "PLACE",
            Required = true,
        };
        var partition = new Option<int?>("--partition") { Description = "Only this partition of the log.", HelpName = "N" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only says what it would do." };
        var store = new StoreArguments();
        var command = new Command(
            "reset", "Has the log processed again from an earlier place, under a greater 'classification.generation'. Stop the process role before.")
        {
            to, partition, dryRun,
        };
        store.AddTo(command);
        return command.Runs((parse, context, ct) =>
            RunAsync(context, store.Read(parse), parse.GetValue(to)!, parse.GetValue(partition), parse.GetValue(dryRun), ct));
    }

    /// <summary>Reads a place: a time (the beginning of 1970 for the earliest), or an offset.</summary>
    internal static (DateTimeOffset Time, long? Offset) ParsePlace(string text, int? partition)
    {
        if (text == "earliest")
        {
            return (DateTimeOffset.UnixEpoch, null);
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long offset))
        {
            return partition is not null
                ? (DateTimeOffset.UnixEpoch, offset)
                : throw CommandException.Usage($"The offset {offset} is one of a partition; name that with '--partition N'.");
        }

        return DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time)
            && time >= DateTimeOffset.UnixEpoch
            ? (time, null)
            : throw CommandException.Usage(
                $"The value of '--to' is '{text}'; expected 'earliest', a time such as '2026-08-06T12:00Z', or an offset.");
    }

    private static async Task<ExitCode> RunAsync(
        CommandContext context, StoreOptions storeOptions, string to, int? only, bool dryRun, CancellationToken ct)
    {
        (DateTimeOffset time, long? offset) = ParsePlace(to, only);
        KafkaOptions kafka = KafkaSettings.Of(TopicsVerb.Section(context));
        CfLogStreamOptions options = context.LoadOptions();
        using ILoggerFactory loggers = CommandLog.Create(context.Stderr);
        Store store = await AnalysisRun.OpenStoreAsync(storeOptions, options, TimeProvider.System, loggers, ct).ConfigureAwait(false);
        await using (store.ConfigureAwait(false))
        {
            await store.ApplySchemaAsync(options.Clickhouse.RetentionDays, TimeProvider.System, ct).ConfigureAwait(false);
            ClickHouseWriter writer = store.CreateWriter(TimeProvider.System, loggers);
            var progress = new ProgressStore(store.Queries, writer, options.Clickhouse.Database, kafka.Topic, TimeProvider.System);
            try
            {
                using var log = new LogInspector(kafka);
                int partitions = await Task.Run(log.CountPartitions, ct).ConfigureAwait(false);
                Check(only, partitions, kafka.Topic);
                using LogHold? hold = dryRun ? null : await HoldAsync(context, kafka, partitions, ct).ConfigureAwait(false);
                var planner = new ResetPlanner(SettingsOf(options, kafka), progress);
                var resets = new List<PartitionReset>();
                foreach (int partition in Enumerable.Range(0, partitions).Where(number => only is null || number == only))
                {
                    DateTimeOffset from = offset is { } place ? TimeOf(log, partition, place, kafka.Topic) : time;
                    resets.Add(await planner.PlanAsync(partition, PlacesOf(log, partition), from, ct).ConfigureAwait(false));
                }

                await WriteAsync(context, resets, dryRun, ct).ConfigureAwait(false);
                if (hold is not null && !hold.Poll())
                {
                    throw CommandException.Failed("Another process began to work on the log meanwhile; nothing was changed. Stop it and try again.");
                }

                foreach (PartitionReset reset in resets.Where(reset => !dryRun && reset.Progress is not null))
                {
                    await progress.WriteAsync(reset.Partition, reset.Progress!, [], ct).ConfigureAwait(false);
                }

                return ExitCode.Ok;
            }
            catch (Exception problem) when (problem is GenerationException or TopicMissingException or Confluent.Kafka.KafkaException)
            {
                throw CommandException.Failed(problem.Message, problem);
            }
        }
    }

    private static ProcessOptions SettingsOf(CfLogStreamOptions options, KafkaOptions kafka) => new()
    {
        Log = kafka.Topic,
        Generation = (uint)options.Classification.Generation,
        Correlation = options.Correlation,
        Classification = new ClassificationTables(options.Classification),
    };

    private static void Check(int? only, int partitions, string topic)
    {
        if (only is { } number && (number < 0 || number >= partitions))
        {
            throw CommandException.Usage($"The value of '--partition' is {number}; the topic '{topic}' has the partitions 0 to {partitions - 1}.");
        }
    }

    private static async Task<LogHold> HoldAsync(CommandContext context, KafkaOptions kafka, int partitions, CancellationToken ct)
    {
        await context.Stderr.WriteLineAsync($"Joining the group '{kafka.Group}' to see that nobody works on the log …".AsMemory(), ct).ConfigureAwait(false);
        return await Task.Run(() => LogHold.TryTake(kafka, partitions, TimeProvider.System, ct), ct).ConfigureAwait(false)
            ?? throw CommandException.Failed(
                $"Other members of the group '{kafka.Group}' work on the log, so nothing was changed. Stop every process role "
                + "('cflogstream serve'), then try again.");
    }

    private static LogPlaces PlacesOf(LogInspector log, int partition)
    {
        (long low, long high) = log.Ends(partition);
        DateTimeOffset? lowTime = low < high ? log.TimeOf(partition, low) : null;
        return new LogPlaces(low, high, lowTime, (time, ct) => Task.Run(() => log.FirstSince(partition, time), ct));
    }

    private static DateTimeOffset TimeOf(LogInspector log, int partition, long offset, string topic)
    {
        (long low, long high) = log.Ends(partition);
        return offset >= low && offset < high && log.TimeOf(partition, offset) is { } time
            ? time
            : throw CommandException.Failed($"Partition {partition} of '{topic}' has no offset {offset}; it has {low} to before {high}.");
    }

    private static async Task WriteAsync(CommandContext context, IReadOnlyList<PartitionReset> resets, bool dryRun, CancellationToken ct)
    {
        if (context.Format == OutputFormat.Json)
        {
            await JsonOutput.WriteAsync(context.Stdout, json => Write(resets, json), ct).ConfigureAwait(false);
            return;
        }

        foreach (PartitionReset reset in resets)
        {
            string what = reset.Progress is not { } progress
                ? $"stays as it is: {reset.Why}."
                : string.Create(CultureInfo.InvariantCulture, $"from offset {progress.NextMessage:N0}: ") + Rows(reset.From)
                    + " are deleted and written anew.";
            await context.Stdout.WriteLineAsync($"partition {reset.Partition,3}: {what}".AsMemory(), ct).ConfigureAwait(false);
        }

        bool any = resets.Any(reset => reset.Progress is not null);
        string end = !any ? "Nothing is changed."
            : dryRun ? "Nothing is changed: this is what would be done."
            : "Done when 'cflogstream serve' runs again with this configuration: a partition's owner first deletes, then reads the log again.";
        await context.Stdout.WriteLineAsync(end.AsMemory(), ct).ConfigureAwait(false);
    }

    private static string Rows(DateTimeOffset from) =>
        from == DateTimeOffset.UnixEpoch ? "all rows" : "rows since " + from.ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static void Write(IReadOnlyList<PartitionReset> resets, Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (PartitionReset reset in resets)
        {
            json.WriteStartObject();
            json.WriteNumber("partition", reset.Partition);
            json.WriteBoolean("reset", reset.Progress is not null);
            if (reset.Progress is { } progress)
            {
                json.WriteNumber("offset", progress.NextMessage);
                json.WriteNumber("generation", progress.Generation);
                json.WriteString("rows_since", reset.From.UtcDateTime);
            }
            else
            {
                json.WriteString("why", reset.Why);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}

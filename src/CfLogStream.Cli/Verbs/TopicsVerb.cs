using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using CfLogStream.Cli.Terminal;
using CfLogStream.Kafka.Client;
using CfLogStream.Server.Configuration;
using CfLogStream.Server.Serving;

namespace CfLogStream.Cli.Verbs;

/// <summary><c>topics create|describe</c> and <c>lag</c>: the log in Kafka.</summary>
internal static class TopicsVerb
{
    private const int MaxPartitions = 10_000;

    public static Command Create() => new("topics", "Creates and describes the topic that is the log.")
    {
        CreateCommand(),
        new Command("describe", "Prints partitions, leaders, offsets and settings.").Runs((_, context, ct) => DescribeAsync(context, ct)),
    };

    private static Command CreateCommand()
    {
        var partitions = Number("--partitions", "How many partitions it has, for good: as many processes can share the work.", 12, 1, MaxPartitions);
        var replication = Number("--replication", "How many brokers keep a copy of each.", 3, 1, 100);
        var hours = Number("--retention-hours", "How long messages are kept.", 72, 1, 100_000);
        var command = new Command("create", "Creates the topic that is the log, or says how the one that is there differs.")
        {
            partitions.Option,
            replication.Option,
            hours.Option,
        };
        return command.Runs(async (parse, context, ct) =>
        {
            KafkaSection kafka = Section(context);
            var settings = new TopicSettings(
                partitions.Read(parse), replication.Read(parse), hours.Read(parse) * 3_600_000L, -1, kafka.MessageBytes);
            using var admin = new TopicAdmin(KafkaSettings.Of(kafka));
            TopicCreation creation = await AskAsync(() => admin.CreateAsync(kafka.Topic, settings, ct)).ConfigureAwait(false);
            string result = creation.Created ? $"Created the topic '{kafka.Topic}' with {settings.Partitions} partitions."
                : creation.Differences.Count == 0 ? $"The topic '{kafka.Topic}' is there as it should be."
                : $"The topic '{kafka.Topic}' is there, but not as asked for:";
            await context.Stdout.WriteLineAsync(result.AsMemory(), ct).ConfigureAwait(false);
            foreach (string difference in creation.Differences)
            {
                await context.Stdout.WriteLineAsync($"  {TerminalText.Escape(difference)}".AsMemory(), ct).ConfigureAwait(false);
            }

            return creation.Created || creation.Differences.Count == 0 ? ExitCode.Ok : ExitCode.Failed;
        });
    }

    /// <summary>Returns the section, which must name brokers.</summary>
    internal static KafkaSection Section(CommandContext context)
    {
        KafkaSection kafka = context.LoadOptions().Kafka;
        return kafka.BootstrapServers.Length > 0
            ? kafka
            : throw CommandException.Failed("kafka.bootstrap_servers is empty. Name the brokers in the configuration file (--config FILE).");
    }

    /// <summary>Asks the brokers; what they answer is the user's to understand.</summary>
    internal static async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask().ConfigureAwait(false);
        }
        catch (Exception problem) when (problem is TopicMissingException or Confluent.Kafka.KafkaException)
        {
            throw CommandException.Failed(problem.Message, problem);
        }
    }

    private static async Task<ExitCode> DescribeAsync(CommandContext context, CancellationToken ct)
    {
        KafkaSection kafka = Section(context);
        using var admin = new TopicAdmin(KafkaSettings.Of(kafka));
        KafkaTopic topic = await AskAsync(() => admin.DescribeAsync(kafka.Topic, ct)).ConfigureAwait(false);
        if (context.Format == OutputFormat.Json)
        {
            await JsonOutput.WriteAsync(context.Stdout, json => Write(topic, json), ct).ConfigureAwait(false);
            return ExitCode.Ok;
        }

        var lines = new List<string> { $"{topic.Name}: {topic.Partitions.Count} partitions", "partition  leader  replicas  in sync          oldest          newest" };
        lines.AddRange(topic.Partitions.Select(partition => string.Create(
            CultureInfo.InvariantCulture,
            $"{partition.Partition,9}  {partition.Leader,6}  {partition.Replicas,8}  {partition.InSync,7}  {partition.Low,14:N0}  {partition.High,14:N0}")));
        lines.AddRange(topic.Settings.OrderBy(setting => setting.Key, StringComparer.Ordinal)
            .Select(setting => $"{TerminalText.Escape(setting.Key)} = {TerminalText.Escape(setting.Value)}"));
        foreach (string line in lines)
        {
            await context.Stdout.WriteLineAsync(line.AsMemory(), ct).ConfigureAwait(false);
        }

        return ExitCode.Ok;
    }

    private static void Write(KafkaTopic topic, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("topic", topic.Name);
        json.WriteStartArray("partitions");
        foreach (KafkaTopicPartition partition in topic.Partitions)
        {
            json.WriteStartObject();
            json.WriteNumber("partition", partition.Partition);
            json.WriteNumber("leader", partition.Leader);
            json.WriteNumber("replicas", partition.Replicas);
            json.WriteNumber("in_sync", partition.InSync);
            json.WriteNumber("low", partition.Low);
            json.WriteNumber("high", partition.High);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("settings");
        foreach ((string name, string value) in topic.Settings.OrderBy(setting => setting.Key, StringComparer.Ordinal))
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static NumberOption Number(string name, string description, int value, int minimum, int maximum) => new(name, description, value, minimum, maximum);

    private sealed class NumberOption(string name, string description, int value, int minimum, int maximum)
    {
        public Option<int> Option { get; } = new(name)
        {
            Description = $"{description} ({value})",
            HelpName = "N",
            DefaultValueFactory = _ => value,
        };

        public int Read(ParseResult parse)
        {
            int given = parse.GetValue(Option);
            return given >= minimum && given <= maximum
                ? given
                : throw CommandException.Usage($"The value of '{name}' is {given}; expected {minimum} to {maximum}.");
        }
    }
}

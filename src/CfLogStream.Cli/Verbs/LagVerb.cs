using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using CfLogStream.Cli.Terminal;
using CfLogStream.Kafka.Client;
using CfLogStream.Server.Configuration;
using CfLogStream.Server.Serving;

namespace CfLogStream.Cli.Verbs;

/// <summary><c>lag</c>: how far ingest and process are behind.</summary>
internal static class LagVerb
{
    public static Command Create() =>
        new Command("lag", "Prints how many messages ingest and process have not finished, by what they committed.")
            .Runs((_, context, ct) => RunAsync(context, ct));

    private static async Task<ExitCode> RunAsync(CommandContext context, CancellationToken ct)
    {
        KafkaSection kafka = TopicsVerb.Section(context);
        IngestSection ingest = context.LoadOptions().Ingest;
        using var admin = new TopicAdmin(KafkaSettings.Of(kafka));
        var lags = new List<(string Role, PartitionLag Lag)>();
        foreach (string topic in ingest.Topics)
        {
            lags.AddRange((await TopicsVerb.AskAsync(() => admin.LagAsync(topic, ingest.Group, ct)).ConfigureAwait(false)).Select(lag => ("ingest", lag)));
        }

        lags.AddRange((await TopicsVerb.AskAsync(() => admin.LagAsync(kafka.Topic, kafka.Group, ct)).ConfigureAwait(false)).Select(lag => ("process", lag)));
        if (context.Format == OutputFormat.Json)
        {
            await JsonOutput.WriteAsync(context.Stdout, json => Write(lags, json), ct).ConfigureAwait(false);
            return ExitCode.Ok;
        }

        await context.Stdout.WriteLineAsync("role     topic                            partition       committed          newest             lag".AsMemory(), ct)
            .ConfigureAwait(false);
        foreach ((string role, PartitionLag lag) in lags)
        {
            string committed = lag.Committed?.ToString("N0", CultureInfo.InvariantCulture) ?? "never";
            string line = string.Create(
                CultureInfo.InvariantCulture,
                $"{role,-7}  {TerminalText.Fit(lag.Topic, 31)}  {lag.Partition,9}  {committed,14}  {lag.High,14:N0}  {lag.Messages,14:N0}")
                + (lag.Lost > 0 ? string.Create(CultureInfo.InvariantCulture, $"  {lag.Lost:N0} are gone") : "");
            await context.Stdout.WriteLineAsync(line.AsMemory(), ct).ConfigureAwait(false);
        }

        return ExitCode.Ok;
    }

    private static void Write(IEnumerable<(string Role, PartitionLag Lag)> lags, Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach ((string role, PartitionLag lag) in lags)
        {
            json.WriteStartObject();
            json.WriteString("role", role);
            json.WriteString("topic", lag.Topic);
            json.WriteNumber("partition", lag.Partition);
            json.WriteNumber("low", lag.Low);
            json.WriteNumber("high", lag.High);
            if (lag.Committed is { } committed)
            {
                json.WriteNumber("committed", committed);
            }
            else
            {
                json.WriteNull("committed");
            }

            json.WriteNumber("lag", lag.Messages);
            json.WriteNumber("lost", lag.Lost);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}

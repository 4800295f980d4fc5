using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CfLogStream.Cli.Terminal;
using CfLogStream.ClickHouse.Rows;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic;
using CfLogStream.Kafka.Client;
using CfLogStream.Kafka.Log;
using CfLogStream.Server.Configuration;
using CfLogStream.Server.Serving;
using CfLogStream.Server.Tapping;

namespace CfLogStream.Cli.Verbs;

/// <summary><c>tap</c>: records of the log as they come.</summary>
internal static class TapVerb
{
    public static Command Create()
    {
        var host = new Option<string>("--host") { Description = "Only this host.", HelpName = "HOST", DefaultValueFactory = static _ => "" };
        var path = new Option<string>("--path")
        {
            Description = "Only endpoints whose path template begins so.",
            HelpName = "PATH",
            DefaultValueFactory = static _ => "",
        };
        var ray = new Option<string>("--ray") { Description = "Only this RayID.", HelpName = "RAYID", DefaultValueFactory = static _ => "" };
        var client = new Option<string>("--client")
        {
            Description = "Only this client class, for instance 'webhook'.",
            HelpName = "CLASS",
            DefaultValueFactory = static _ => "",
        };
        var stopped = new Option<bool>("--stopped") { Description = "Only what a control challenged, limited, blocked or dropped." };
        var back = new Option<int>("--back") { Description = "Begin so many messages per partition before the newest (0).", HelpName = "N" };
        var limit = new Option<int>("--limit") { Description = "Stop after so many records (0: never).", HelpName = "N" };
        var command = new Command("tap", "Prints records of the log as they come, until it is stopped.") { host, path, ray, client, stopped, back, limit };
        return command.Runs((parse, context, ct) =>
        {
            var filter = new TapFilter
            {
                Host = parse.GetValue(host)!.ToLowerInvariant(),
                Path = parse.GetValue(path)!,
                Ray = RayVerb.Normalize(parse.GetValue(ray)!),
                Client = parse.GetValue(client)!,
                Stopped = parse.GetValue(stopped),
            };
            return RunAsync(context, filter, Math.Max(0, parse.GetValue(back)), parse.GetValue(limit), ct);
        });
    }

    private static Task<ExitCode> RunAsync(CommandContext context, TapFilter filter, int back, int limit, CancellationToken ct)
    {
        CfLogStreamOptions options = context.LoadOptions();
        using var tail = new LogTail(KafkaSettings.Of(TopicsVerb.Section(context)));
        var tap = new LogTap(new ClassificationTables(options.Classification with { ExtraFields = options.Reader.ExtraFields }), filter);
        try
        {
            tail.Start(back);
        }
        catch (Exception problem) when (problem is TopicMissingException or Confluent.Kafka.KafkaException)
        {
            throw CommandException.Failed(problem.Message, problem);
        }

        int left = limit > 0 ? limit : int.MaxValue;
        while (left > 0 && !ct.IsCancellationRequested)
        {
            using LogMessage? message = tail.Read();
            if (message is null)
            {
                context.Stdout.Flush();
                continue;
            }

            bool isSlice = tap.Read(message, (in TrafficRecord record, long _) =>
            {
                if (left > 0)
                {
                    left--;
                    Write(context, record);
                }
            });
            if (!isSlice)
            {
                context.Stderr.WriteLine($"cflogstream: The message at partition {message.Partition}, offset {message.Offset} is no slice.");
            }
        }

        return Task.FromResult(ExitCode.Ok);
    }

    private static void Write(CommandContext context, in TrafficRecord record)
    {
        string time = DateTime.UnixEpoch.AddTicks(record.Head.TimeNs / 100).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        string outcome = Encoding.ASCII.GetString(TableWords.Of(record.Head.Outcome));
        if (context.Format == OutputFormat.Json)
        {
            WriteJson(context.Stdout, record, time, outcome);
            return;
        }

        var line = new StringBuilder(time).Append(' ').Append(DatasetNames.Of(record.Head.Dataset) == "http_requests" ? "http " : "event");
        line.Append(' ').Append(TerminalText.Fit(TerminalText.Escape(record[RecordText.Ray]), 16));
        line.Append(CultureInfo.InvariantCulture, $" {record.Head.EdgeStatus,3} {outcome,-16} ");
        line.Append(TerminalText.Escape(record[RecordText.ClientClass])).Append('/').Append(TerminalText.Escape(record[RecordText.ClientName]));
        line.Append("  ").Append(TerminalText.Escape(record[RecordText.Method])).Append(' ');
        line.Append(TerminalText.Escape(record[RecordText.Host])).Append(TerminalText.Escape(record[RecordText.Template]));
        for (int i = 0; i < record.Head.EntryCount; i++)
        {
            SecurityEntry entry = record.Entry(i);
            line.Append("  ").Append(TerminalText.Escape(entry.Control)).Append(' ').Append(TerminalText.Escape(entry.Action));
            line.Append(' ').Append(TerminalText.Cut(entry.RuleId, 32));
        }

        context.Stdout.WriteLine(line);
    }

    private static void WriteJson(TextWriter stdout, in TrafficRecord record, string time, string outcome)
    {
        var bytes = new System.Buffers.ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("time", time);
            json.WriteString("dataset", DatasetNames.Of(record.Head.Dataset));
            json.WriteString("ray", record[RecordText.Ray]);
            json.WriteString("zone", record[RecordText.Zone]);
            json.WriteString("host", record[RecordText.Host]);
            json.WriteString("method", record[RecordText.Method]);
            json.WriteString("path", record[RecordText.Template]);
            json.WriteNumber("status", record.Head.EdgeStatus);
            json.WriteString("outcome", outcome);
            json.WriteString("client_class", record[RecordText.ClientClass]);
            json.WriteString("client_name", record[RecordText.ClientName]);
            json.WriteStartArray("controls");
            for (int i = 0; i < record.Head.EntryCount; i++)
            {
                SecurityEntry entry = record.Entry(i);
                json.WriteStartObject();
                json.WriteString("control", entry.Control);
                json.WriteString("action", entry.Action);
                json.WriteString("rule_id", entry.RuleId);
                json.WriteString("rule", entry.Description);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        stdout.WriteLine(Encoding.UTF8.GetString(bytes.WrittenSpan));
    }
}

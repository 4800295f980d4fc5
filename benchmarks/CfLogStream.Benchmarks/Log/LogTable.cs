using System.Text;

namespace CfLogStream.Benchmarks.Log;

/// <summary>Writes a report of <c>log</c> as Markdown.</summary>
internal static class LogTable
{
    public static string Write(LogReport report)
    {
        LogRound last = report.Rounds[^1];
        LogFigure ingest = report.Median(round => round.Ingest);
        LogFigure process = report.Median(round => round.Process);
        LogFigure peer = report.Median(round => round.Peer);
        var text = new StringBuilder();
        text.AppendLine("# The log beside ClickHouse's Kafka table engine").AppendLine();
        text.Append(Text($"{report.JsonBytes / 1e6:N0} MB of NDJSON, {report.HttpRequests:N0} records of http_requests and "));
        text.Append(Text($"{report.FirewallEvents:N0} of firewall_events in {last.Messages:N0} messages, on {report.Machine.Cores} cores; "));
        text.AppendLine(Text($"medians of {report.Rounds.Count} rounds.")).AppendLine();
        text.AppendLine("| | time | records/s | MB/s of JSON | CPU | records per CPU-second | bytes per record read from the broker |");
        text.AppendLine("|---|---|---|---|---|---|---|");
        Row("**`serve --roles ingest`**: topics → log", ingest, last.SourceBytes);
        Row("**`serve --roles process`**: log → ClickHouse, embedded in the same process", process, last.LogBytes);
        Row("both, one after the other", new(ingest.WallSeconds + process.WallSeconds, ingest.CpuSeconds + process.CpuSeconds), null);
        Row("ClickHouse `ENGINE = Kafka` and materialized views (libchdb): topics → tables", peer, last.SourceBytes);
        text.AppendLine();
        text.AppendLine(Text($"Records per CPU-second of both roles together, to the peer's: **{report.CpuRatio:0.00} ×** (aim: at least 5 ×)."));
        text.AppendLine(Text($"A record takes {(double)last.LogBytes / report.Records:0} bytes on the log as stored, of {(double)report.JsonBytes / report.Records:N0} bytes of JSON."));
        AppendRounds(text, report);
        AppendCounts(text, report);
        AppendCircumstances(text, report);
        return text.ToString().ReplaceLineEndings("\n");

        void Row(string name, LogFigure figure, long? bytes)
        {
            text.Append(Text($"| {name} | {figure.WallSeconds:0.00} s | {report.Records / figure.WallSeconds:N0} "));
            text.Append(Text($"| {report.JsonBytes / 1e6 / figure.WallSeconds:N0} | {figure.CpuSeconds:0.00} s "));
            string each = bytes is { } all ? Text($"{(double)all / report.Records:0}") : "";
            text.AppendLine(Text($"| {report.Records / figure.CpuSeconds:N0} | {each} |"));
        }
    }

    private static void AppendRounds(StringBuilder text, LogReport report)
    {
        text.AppendLine().AppendLine("## Every round").AppendLine();
        text.AppendLine("| round | ingest: time, CPU | process: time, CPU | Kafka table engine: time, CPU |").AppendLine("|---|---|---|---|");
        for (int i = 0; i < report.Rounds.Count; i++)
        {
            LogRound round = report.Rounds[i];
            text.AppendLine($"| {i + 1} | {Figure(round.Ingest)} | {Figure(round.Process)} | {Figure(round.Peer)} |");
        }

        static string Figure(LogFigure figure) => Text($"{figure.WallSeconds:0.00} s, {figure.CpuSeconds:0.00} s");
    }

    private static void AppendCounts(StringBuilder text, LogReport report)
    {
        LogRound last = report.Rounds[^1];
        text.AppendLine().AppendLine($"## The counts {(report.IsComplete ? "agree" : "DIFFER")}").AppendLine();
        text.AppendLine("| | records |").AppendLine("|---|---|");
        text.AppendLine(Text($"| generated: lines of the files | {report.Records:N0} |"));
        text.AppendLine(Text($"| ours: `received` of `quality_1m` | {last.Ours.Received:N0} |"));
        text.AppendLine(Text($"| ours: counted + duplicates | {last.Ours.Counted:N0} + {last.Ours.Duplicates:N0} |"));
        text.AppendLine(Text($"| peer: requests + events in its tables | {last.PeerCounted.Requests:N0} + {last.PeerCounted.Events:N0} |"));
        text.AppendLine();
        text.AppendLine(
            """
            Asked of the tables afterwards, in every round. The peer counts uploads that were sent again twice, joins no events to their requests, knows no
            outcomes, classes or templates and writes two tables of sums per minute; ours writes all its tables, exact under faults. Both
            group by minute.
            """);
    }

    private static void AppendCircumstances(StringBuilder text, LogReport report)
    {
        string command = $"dotnet run -c Release --project benchmarks/CfLogStream.Benchmarks -- log {string.Join(' ', report.Arguments)}";
        text.AppendLine().AppendLine("## On what").AppendLine();
        text.AppendLine($"- Command: `{command.TrimEnd()}`");
        text.AppendLine($"- Machine: {report.Machine.Text}");
        text.AppendLine(Text($"- Product: commit {report.Machine.Commit}, {TimeProvider.System.GetUtcNow():yyyy-MM-dd} UTC"));
        text.AppendLine($"- Peer: ClickHouse {report.Rounds[^1].PeerVersion} (libchdb)");
        text.AppendLine(
            $"""
            - Broker: librdkafka's own, one thread in the measuring process, whose time is not in the table but which shares the cores; topics
              `{LogBroker.Requests}` ({report.Options.Partitions} partitions), `{LogBroker.Events}` ({LogBroker.EventPartitions}), `{LogBroker.Log}` ({report.Options.Partitions}); nothing of them was dropped (checked)
            - Messages: whole lines, at most {report.Options.MessageBytes} bytes, compressed with zstd by the producer, since the peer does not unpack
              compressed uploads; all are there before anybody starts
            - Time: ours from the start of the process until all records are acknowledged by the log (ingest), or are written and the process has
              ended (process); the peer from its first statement until its tables have everything, without its start
            - CPU: of the whole process, start included, all threads; the embedded engine is in the process for both
            - Bytes per record: what a consumer receives that reads the topics once, so as stored, with the answers' frames
            - Each round with new topics and empty tables: peer, ingest, process
            """);
        text.AppendLine().AppendLine("## The peer's statements").AppendLine().AppendLine("```sql");
        text.AppendLine(string.Join(";\n\n", KafkaEngineSql.Statements("BROKERS"))).AppendLine("```");
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}

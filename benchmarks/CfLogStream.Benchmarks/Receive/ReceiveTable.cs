using System.Text;

namespace CfLogStream.Benchmarks.Receive;

/// <summary>Writes a report of <c>receive</c> as Markdown.</summary>
internal static class ReceiveTable
{
    private const double AcknowledgeAim = 2;
    private const double EndToEndAim = 1.5;

    public static string Write(ReceiveReport report)
    {
        var text = new StringBuilder();
        text.AppendLine("# Uploads to the spool and to rows").AppendLine();
        text.Append(Text($"{report.Gigabytes:0.00} GB of NDJSON, {report.Load.Records:N0} records in {report.Load.Uploads.Count:N0} uploads "));
        text.Append(Text($"({report.GzipBytes / 1e6:N0} MB of gzip), {report.Options.Senders} sent at the same time, on {report.Machine.Cores} cores "));
        text.AppendLine(Text($"that the senders share; {(report.Rounds.Count == 1 ? "one round" : $"medians of {report.Rounds.Count} rounds")}.")).AppendLine();
        text.AppendLine("| | time | records/s | MB/s of JSON | CPU | of it before the first upload | CPU per GB | acknowledged p50, p99 | peak memory |");
        text.AppendLine("|---|---|---|---|---|---|---|---|---|");
        Row("bare Kestrel endpoint that inflates and discards: the floor", round => round.Floor, round => round.FloorLoad.AcknowledgedMs);
        Row("**`serve`, ClickHouse away**: receiver → spool, acknowledged", round => round.Acknowledge, round => round.AcknowledgeLoad.AcknowledgedMs);
        Row("**`serve`**: receiver → spool → process → embedded ClickHouse, rows there", round => round.EndToEnd, round => round.EndToEndLoad.AcknowledgedMs);
        Row("`analyze` of the same files", round => round.Analyze, null);
        text.AppendLine();
        double acknowledge = report.Median(round => round.AcknowledgeRatio);
        double endToEnd = report.Median(round => round.EndToEndRatio);
        text.Append(Text($"CPU to acknowledge, to the floor's: **{acknowledge:0.00} ×** (aim: at most {AcknowledgeAim} ×, {Reached(acknowledge, AcknowledgeAim)}); "));
        text.AppendLine(Text($"without what each took before the first upload: {report.Median(round => round.AcknowledgeRatioAfterStart):0.00} ×."));
        text.Append(Text($"CPU end to end, to that of `analyze` and the floor together: **{endToEnd:0.00} ×** "));
        text.AppendLine(Text($"(aim: at most {EndToEndAim} ×, {Reached(endToEnd, EndToEndAim)})."));
        AppendFreshness(text, report);
        AppendRounds(text, report);
        AppendCounts(text, report);
        AppendCircumstances(text, report);
        return text.ToString().ReplaceLineEndings("\n");

        void Row(string name, Func<ReceiveRound, ReceiveFigure> who, Func<ReceiveRound, IReadOnlyCollection<double>>? acknowledged)
        {
            ReceiveFigure figure = report.Median(who);
            text.Append(Text($"| {name} | {figure.WallSeconds:0.00} s | {report.Load.Records / figure.WallSeconds:N0} "));
            text.Append(Text($"| {report.Load.JsonBytes / 1e6 / figure.WallSeconds:N0} | {figure.CpuSeconds:0.00} s "));
            text.Append(acknowledged is null ? "| " : Text($"| {figure.StartCpuSeconds:0.00} s "));
            text.Append(Text($"| {figure.CpuSeconds / report.Gigabytes:0.00} s "));
            text.Append(acknowledged is null ? "| " : $"| {Percentiles([.. report.Rounds.SelectMany(acknowledged)])} ");
            text.AppendLine(Text($"| {figure.PeakBytes / 1e6:N0} MB |"));
        }
    }

    private static void AppendFreshness(StringBuilder text, ReceiveReport report)
    {
        double[] visible = [.. report.Rounds.SelectMany(round => round.Freshness.VisibleMs)];
        double[] acknowledged = [.. report.Rounds.SelectMany(round => round.Freshness.AcknowledgedMs)];
        text.AppendLine().AppendLine("## From acknowledgement to a row that can be asked for").AppendLine();
        text.Append(Text($"Under half the load that was sustained end to end ({report.Median(round => round.Freshness.RecordsPerSecond):N0} records/s), "));
        text.AppendLine("with an upload of one record every second, whose row is looked for over ClickHouse's HTTP interface:").AppendLine();
        text.AppendLine("| | number | p50, p99 | longest |").AppendLine("|---|---|---|---|");
        Row("from the acknowledgement of a probe until its row is in `requests_1m`", visible);
        Row("acknowledgement of the load's uploads meanwhile", acknowledged);

        void Row(string name, double[] ms) => text.AppendLine(
            ms.Length == 0 ? $"| {name} | 0 | | |" : Text($"| {name} | {ms.Length:N0} | {Percentiles(ms)} | {ms.Max():N0} ms |"));
    }

    private static void AppendRounds(StringBuilder text, ReceiveReport report)
    {
        text.AppendLine().AppendLine("## Every round").AppendLine();
        text.AppendLine("| round | floor: time, CPU | acknowledged: time, CPU | end to end: time, CPU | analyze: time, CPU | answers 503 |");
        text.AppendLine("|---|---|---|---|---|---|");
        for (int i = 0; i < report.Rounds.Count; i++)
        {
            ReceiveRound round = report.Rounds[i];
            text.Append($"| {i + 1} | {Figure(round.Floor)} | {Figure(round.Acknowledge)} | {Figure(round.EndToEnd)} | {Figure(round.Analyze)} ");
            text.AppendLine(Text($"| {round.AcknowledgeLoad.Refused + round.EndToEndLoad.Refused} |"));
        }

        static string Figure(ReceiveFigure figure) => Text($"{figure.WallSeconds:0.00} s, {figure.CpuSeconds:0.00} s");
    }

    private static void AppendCounts(StringBuilder text, ReceiveReport report)
    {
        ReceiveRound last = report.Rounds[^1];
        StoredRecords fresh = last.Freshness.Stored;
        text.AppendLine().AppendLine($"## The counts {(report.IsComplete ? "agree" : "DIFFER")}").AppendLine();
        text.AppendLine("| last round | records |").AppendLine("|---|---|");
        text.AppendLine(Text($"| sent, all acknowledged: lines of the uploads | {report.Load.Records:N0} |"));
        text.AppendLine(Text($"| of these in uploads that were sent again, to be recognised | {report.Load.Records - report.Load.Distinct:N0} |"));
        text.AppendLine(Text($"| in the spool while ClickHouse was away | {last.Spooled:N0} |"));
        text.AppendLine(Text($"| end to end: `received` of `quality_1m` | {last.Stored.Received:N0} |"));
        text.AppendLine(Text($"| end to end: counted + duplicates | {last.Stored.Counted:N0} + {last.Stored.Duplicates:N0} |"));
        text.AppendLine(Text($"| under half the load, {ReceiveReport.Probes(last):N0} probes included: received | {fresh.Received:N0} |"));
        text.AppendLine(Text($"| under half the load: counted + duplicates | {fresh.Counted:N0} + {fresh.Duplicates:N0} |"));
        text.AppendLine(Text($"| acknowledged probes whose row never came | {last.Freshness.Missing:N0} |"));
        text.AppendLine();
        text.AppendLine("Asked of the service in every round, after records of a later time have ended all windows.");
        foreach (string difference in report.Differences)
        {
            text.AppendLine($"- {difference}");
        }
    }

    private static void AppendCircumstances(StringBuilder text, ReceiveReport report)
    {
        string command = $"dotnet run -c Release --project benchmarks/CfLogStream.Benchmarks -- receive {string.Join(' ', report.Arguments)}";
        text.AppendLine().AppendLine("## On what").AppendLine();
        text.AppendLine($"- Command: `{command.TrimEnd()}`");
        text.AppendLine($"- Machine: {report.Machine.Text}");
        text.AppendLine(Text($"- Product: commit {report.Machine.Commit}, {TimeProvider.System.GetUtcNow():yyyy-MM-dd} UTC"));
        text.AppendLine("- Program: what `--program` names, or without it the one that CfLogStream.Cli builds, precompiled");
        text.AppendLine($"- ClickHouse {report.ClickHouse} (libchdb, in the process of the service)");
        text.AppendLine(Text($"- Uploads: {report.Options.Input.Rate:N0} records a second of event time, in the order of their times, both datasets"));
        text.AppendLine(
            $"""
              mixed; HTTP/1.1 over loopback without TLS, connections stay open; the senders read them from the page cache, in the measuring
              process, whose CPU is not in the table
            - Time: from the first upload sent until the last one is acknowledged; end to end until a last upload has ended all windows and every
              record is in rows that ClickHouse has acknowledged (`in_flight` 0), looked at every 100 ms; `analyze` from start to end
            - CPU: of the whole process, start included, all threads. Peak memory: the most of all rounds
            - Percentiles: of all uploads of all rounds, the sending of the body included; with fewer than 100 of them p99 is the longest
            - Rows of probes are looked for every {Probes.Poll.TotalMilliseconds:0} ms
            - Each round with empty folders: floor, acknowledge, end to end, analyze, freshness
            """);
        text.AppendLine().AppendLine("## The configuration").AppendLine().AppendLine("```yaml");
        text.AppendLine(StandaloneService.Configuration("127.0.0.1:PORT", "embedded_port: PORT"));
        text.AppendLine("```").AppendLine();
        text.AppendLine("With ClickHouse away it has the `url` of a port on which nobody listens instead of `embedded_port`.");
    }

    private static string Reached(double found, double aim) => found <= aim ? "reached" : "missed";

    private static string Percentiles(IReadOnlyCollection<double> ms) =>
        Text($"{Statistics.Percentile(ms, 0.5):N0} ms, {Statistics.Percentile(ms, 0.99):N0} ms");

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}

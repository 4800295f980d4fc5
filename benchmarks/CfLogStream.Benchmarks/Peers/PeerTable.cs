using System.Globalization;
using System.Text;
using CfLogStream.Benchmarks.Results;

namespace CfLogStream.Benchmarks.Peers;

/// <summary>Writes a report of <c>peers</c> as Markdown: the block for the README, then everything in full.</summary>
internal static class PeerTable
{
    private const string Question =
        """
        The question: per minute, zone, host, method, user agent, control and rule, over both datasets joined by ray, the number of client
        requests (each ray once; Cloudflare's own requests and Workers' left out), of lost ones (blocked, rate limited, dropped, or challenged
        without a later event that says the challenge was solved), of errors made by the edge, the bytes, and the distinct client addresses;
        then the sums over all groups. The analysis answers more: path templates, client classes with their trust, callers per hour, rules,
        single requests kept; it writes all that as rows to its ClickHouse engine, which it starts, and builds its report from them. It has no
        sums of bytes and callers per user agent, so these are compared among the others only. The engines' statements print one row.
        Everybody runs as a process of its own, start included, on all cores, with the files in the page cache.
        """;

    private static readonly string[] s_columns =
    [
        "time", "fastest to slowest round", "of which the question", "CPU", "peak memory", "JSON read", "time to ours", "CPU to ours",
    ];

    /// <summary>Writes the whole results file.</summary>
    /// <param name="folder">The folder in the statements, which is shown as DIR.</param>
    public static string Write(PeerReport report, string folder)
    {
        var text = new StringBuilder();
        text.AppendLine("# The whole analysis beside other engines").AppendLine();
        text.AppendLine(ReadmeBlock.Begin).Append(Block(report)).AppendLine(ReadmeBlock.End).AppendLine();
        AppendResults(text, report);
        AppendAnswers(text, report);
        AppendCircumstances(text, report);
        AppendStatements(text, folder);
        return text.ToString().ReplaceLineEndings("\n");
    }

    /// <summary>Writes what a terminal shows: the tables and whether the answers agree.</summary>
    public static string Summary(PeerReport report)
    {
        var text = new StringBuilder();
        AppendResults(text, report);
        text.AppendLine(report.Agree ? "The answers agree." : string.Join('\n', report.Differences));
        return text.ToString().ReplaceLineEndings("\n");
    }

    /// <summary>Writes what the README shows.</summary>
    public static string Block(PeerReport report)
    {
        var text = new StringBuilder();
        string rate = report.Options.Rate is { } given ? Number(given, "N0") : "28";
        text.Append(Text($"{report.Gigabytes:0.00} GB of NDJSON ({report.HttpRequests + report.FirewallEvents:N0} records, {rate} a second) "));
        text.Append(Text($"on {report.Machine.Cores} cores, {report.Machine.Processor}, {report.Machine.Vectors}; "));
        text.AppendLine(Text($"medians of {report.Options.Rounds} rounds in turn; the answers {(report.Agree ? "agree" : "DIFFER")}:"));
        text.AppendLine();
        AppendHeader(text, "plain files", "CPU", "read", "to ours", "gzip files", "CPU", "read", "to ours");
        foreach (string name in report.Forms.SelectMany(form => form.Results).Select(result => result.Name).Distinct())
        {
            text.AppendLine($"| {Marked(name)} |{Cells(report, report.Plain, name)}{Cells(report, report.Gzip, name)}");
        }

        string link = ReadmeBlock.Link(report.ResultsPath);
        string shown = link.Replace("benchmarks/", "", StringComparison.Ordinal);
        text.AppendLine().AppendLine($"How, on what, and the statements: [{shown}]({link}).");
        return text.ToString().ReplaceLineEndings("\n");
    }

    private static string Cells(PeerReport report, IReadOnlyList<PeerResult> results, string name)
    {
        if (results.FirstOrDefault(result => result.Name == name) is not { } result)
        {
            return " | | | |";
        }

        double wall = result.WallSeconds;
        double ratio = wall / results[0].WallSeconds;
        return Text($" {wall:0.00} s | {result.CpuSeconds:0.00} s | {report.Gigabytes / wall:0.00} GB/s | {ratio:0.00} × |");
    }

    private static void AppendResults(StringBuilder text, PeerReport report)
    {
        foreach ((string form, IReadOnlyList<PeerResult> results) in report.Forms.Where(form => form.Results.Count > 0))
        {
            text.AppendLine($"## {(form == "plain" ? "Plain files" : "Gzip files")}").AppendLine();
            AppendHeader(text, s_columns);
            PeerResult ours = results[0];
            foreach (PeerResult result in results)
            {
                double wall = result.WallSeconds;
                string question = result.QuestionSeconds is { } seconds ? Text($"{seconds:0.00} s") : "";
                text.Append(Text($"| {Marked(result.Name)} | {wall:0.00} s "));
                text.Append(Text($"| {result.WallRange.Least:0.00} to {result.WallRange.Most:0.00} s | {question} "));
                text.Append(Text($"| {result.CpuSeconds:0.00} s | {result.PeakBytes / 1e6:N0} MB | {report.Gigabytes / wall:0.00} GB/s "));
                text.AppendLine(Text($"| {wall / ours.WallSeconds:0.00} × | {result.CpuSeconds / ours.CpuSeconds:0.00} × |"));
            }

            text.AppendLine();
            if (results.FirstOrDefault(result => result.Name == Peer.Inflate) is { } inflate)
            {
                double ratio = ours.WallSeconds / inflate.WallSeconds;
                text.Append(Text($"The whole analysis of gzip files takes {ratio:0.00} times what .NET needs "));
                text.AppendLine("only to inflate them on the same cores.").AppendLine();
            }
        }
    }

    private static void AppendAnswers(StringBuilder text, PeerReport report)
    {
        text.AppendLine($"## The answers {(report.Agree ? "agree" : "DIFFER")}").AppendLine();
        foreach (string difference in report.Differences)
        {
            text.AppendLine($"- {difference}");
        }

        if (!report.Agree)
        {
            text.AppendLine();
        }

        AppendHeader(text, [.. new PeerAnswer().Quantities.Select(quantity => quantity.Name)]);
        foreach ((string engine, PeerAnswer answer) in report.Answers)
        {
            IEnumerable<string> values = answer.Quantities.Select(quantity => quantity.Value is { } value ? Text($"{value:N0}") : "");
            text.AppendLine($"| {engine} | {string.Join(" | ", values)} |");
        }

        text.AppendLine().AppendLine(Question).AppendLine();
    }

    private static void AppendCircumstances(StringBuilder text, PeerReport report)
    {
        IEnumerable<string> versions = report.Answers.Select(answer => answer.Answer.Version).OfType<string>();
        string command = $"dotnet run -c Release --project benchmarks/CfLogStream.Benchmarks -- peers {string.Join(' ', report.Arguments)}";
        string generate = $"cflogstream {string.Join(' ', PeerInput.Arguments(report.Options, "DIR", "--plain"))}";
        text.AppendLine("## On what").AppendLine();
        text.AppendLine($"- Command: `{command.TrimEnd()}`");
        text.AppendLine($"- Machine: {report.Machine.Text}");
        text.AppendLine(Text($"- Product: commit {report.Machine.Commit}, {TimeProvider.System.GetUtcNow():yyyy-MM-dd} UTC"));
        text.AppendLine($"- Engines: {string.Join("; ", versions.Distinct())}");
        text.Append($"- Input: `{generate}`, and the same without `--plain`: ");
        text.Append(Text($"{report.HttpRequests:N0} records of http_requests (90 fields), {report.FirewallEvents:N0} of firewall_events, "));
        text.AppendLine(Text($"{report.Files} files, {report.JsonBytes / 1e6:N1} MB plain, {report.GzipBytes / 1e6:N1} MB as gzip"));
        text.Append(Text($"- Rounds: {report.Options.Rounds} after {report.Options.WarmUp} not counted; "));
        text.AppendLine("in each round everybody once, in turn; figures are medians").AppendLine();
    }

    private static void AppendStatements(StringBuilder text, string folder)
    {
        text.AppendLine("## The statements").AppendLine();
        Append("DuckDB", $"{DuckDbQuestion.Settings};\n{DuckDbQuestion.Sql(folder)}");
        foreach (ClickHouseForm form in Enum.GetValues<ClickHouseForm>())
        {
            Append($"ClickHouse, {form}", ClickHouseQuestion.Sql(folder, form));
        }

        void Append(string title, string sql) => text.AppendLine($"{title}:").AppendLine().AppendLine("```sql")
            .AppendLine(sql.Replace(folder, "DIR", StringComparison.Ordinal)).AppendLine("```").AppendLine();
    }

    private static void AppendHeader(StringBuilder text, params string[] columns) =>
        text.AppendLine($"| | {string.Join(" | ", columns)} |").AppendLine($"|---|{string.Concat(columns.Select(_ => "---|"))}");

    private static string Marked(string name) => name == Peer.Ours ? $"**`{name}`**" : name;

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}

using System.Globalization;
using System.Text;
using CfLogStream.Benchmarks.Results;

namespace CfLogStream.Benchmarks.Peers;

/// <summary>Writes a report of <c>peers</c> as Markdown: the block for the README, then everything in full.</summary>
internal static class PeerTable
{
    /// <summary>Writes the whole results file.</summary>
    /// <param name="folder">The folder to name in the statements that are shown.</param>
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
        string rate = report.Options.Rate is { } given ? $"{Number(given, "N0")} records a second" : "28 records a second";
        text.AppendLine(
            $"{Number(report.Gigabytes, "0.00")} GB of NDJSON ({Count(report.HttpRequests + report.FirewallEvents)} records, {rate}) on {report.Machine.Cores} cores, "
            + $"{report.Machine.Processor}, {report.Machine.Vectors}; medians of {report.Options.Rounds} rounds in turn; the answers {(report.Agree ? "agree" : "DIFFER")}:");
        text.AppendLine();
        text.AppendLine("| | plain files | CPU | read | to ours | gzip files | CPU | read | to ours |");
        text.AppendLine("|---|---|---|---|---|---|---|---|---|");
        IEnumerable<string> names = report.Forms.SelectMany(form => form.Results).Select(result => result.Name).Distinct();
        foreach (string name in names)
        {
            text.AppendLine($"| {Code(name)} |{Cells(report, report.Plain, name)}{Cells(report, report.Gzip, name)}");
        }

        text.AppendLine();
        text.AppendLine($"How, on what, and the statements: [{Name(report)}]({ReadmeBlock.Link(report.ResultsPath)}).");
        return text.ToString().ReplaceLineEndings("\n");
    }

    private static string Cells(PeerReport report, IReadOnlyList<PeerResult> results, string name)
    {
        PeerResult? result = results.FirstOrDefault(result => result.Name == name);
        return result is null
            ? " | | | |"
            : $" {Number(result.WallSeconds, "0.00")} s | {Number(result.CpuSeconds, "0.00")} s | {Number(report.Gigabytes / result.WallSeconds, "0.00")} GB/s "
            + $"| {Number(result.WallSeconds / results[0].WallSeconds, "0.00")} × |";
    }

    private static void AppendResults(StringBuilder text, PeerReport report)
    {
        foreach ((string form, IReadOnlyList<PeerResult> results) in report.Forms.Where(form => form.Results.Count > 0))
        {
            AppendFull(text, report, form, results);
        }
    }

    private static void AppendFull(StringBuilder text, PeerReport report, string form, IReadOnlyList<PeerResult> results)
    {
        text.AppendLine($"## {(form == "plain" ? "Plain files" : "Gzip files")}").AppendLine();
        text.AppendLine("| | time | fastest to slowest round | of which the question | CPU | peak memory | JSON read | time to ours | CPU to ours |");
        text.AppendLine("|---|---|---|---|---|---|---|---|---|");
        foreach (PeerResult result in results)
        {
            string question = result.QuestionSeconds is { } seconds ? $"{Number(seconds, "0.00")} s" : "";
            text.AppendLine(
                $"| {Code(result.Name)} | {Number(result.WallSeconds, "0.00")} s | {Number(result.WallRange.Least, "0.00")} to {Number(result.WallRange.Most, "0.00")} s | {question} "
                + $"| {Number(result.CpuSeconds, "0.00")} s | {Number(result.PeakBytes / 1e6, "N0")} MB | {Number(report.Gigabytes / result.WallSeconds, "0.00")} GB/s "
                + $"| {Number(result.WallSeconds / results[0].WallSeconds, "0.00")} × | {Number(result.CpuSeconds / results[0].CpuSeconds, "0.00")} × |");
        }

        text.AppendLine();
        PeerResult? inflate = results.FirstOrDefault(result => result.Name == Peer.Inflate);
        if (inflate is not null)
        {
            text.AppendLine(
                $"The whole analysis of gzip files takes {Number(results[0].WallSeconds / inflate.WallSeconds, "0.00")} times what .NET needs only to inflate them on the same cores.");
            text.AppendLine();
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

        IEnumerable<string> names = new PeerAnswer().Quantities.Select(quantity => quantity.Name);
        text.AppendLine($"| | {string.Join(" | ", names)} |").AppendLine($"|---{string.Concat(names.Select(_ => "|---"))}|");
        foreach ((string engine, PeerAnswer answer) in report.Answers)
        {
            text.AppendLine($"| {engine} | {string.Join(" | ", answer.Quantities.Select(quantity => quantity.Value is { } value ? Count(value) : ""))} |");
        }

        text.AppendLine();
        text.AppendLine(
            """
            The question: per minute, zone, host, method, user agent, control and rule, over both datasets joined by ray, the number of client requests
            (each ray once; Cloudflare's own requests and Workers' left out), of lost ones (blocked, rate limited, dropped, or challenged without a later
            event that says the challenge was solved), of errors made by the edge, the bytes, and the distinct client addresses; then the sums over all groups.
            The analysis answers more: path templates instead of no path, client classes with their trust, callers per hour, rules, single requests kept;
            it writes all that as rows to its ClickHouse engine, which it starts, and builds its report from them. The engines' statements print one row.
            Everybody runs as a process of its own, start included, on all cores, with the files in the page cache.
            """).AppendLine();
    }

    private static void AppendCircumstances(StringBuilder text, PeerReport report)
    {
        text.AppendLine("## On what").AppendLine();
        text.AppendLine($"- Command: `dotnet run -c Release --project benchmarks/CfLogStream.Benchmarks -- peers {string.Join(' ', report.Arguments)}`".TrimEnd(' '));
        text.AppendLine($"- Machine: {report.Machine.Text}");
        text.AppendLine($"- Product: commit {report.Machine.Commit}, {TimeProvider.System.GetUtcNow():yyyy-MM-dd} UTC");
        IEnumerable<string> versions = report.Forms.SelectMany(form => form.Results).Select(result => result.Answer.Version).OfType<string>().Distinct();
        text.AppendLine($"- Engines: {string.Join("; ", versions)}");
        text.AppendLine(
            $"- Input: `cflogstream {string.Join(' ', PeerInput.Arguments(report.Options, "DIR", "--plain"))}` and the same without `--plain`: "
            + $"{Count(report.HttpRequests)} records of http_requests (90 fields), {Count(report.FirewallEvents)} of firewall_events, {report.Files} files, "
            + $"{Number(report.JsonBytes / 1e6, "N1")} MB plain, {Number(report.GzipBytes / 1e6, "N1")} MB as gzip");
        text.AppendLine($"- Rounds: {report.Options.Rounds} after {report.Options.WarmUp} not counted; in each round everybody once, in turn; figures are medians");
        text.AppendLine();
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

    private static string Name(PeerReport report) => ReadmeBlock.Link(report.ResultsPath).Replace("benchmarks/", "", StringComparison.Ordinal);

    private static string Code(string name) => name == Peer.Inflate ? name : name == Peer.Ours ? $"**`{name}`**" : $"{name}";

    private static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}

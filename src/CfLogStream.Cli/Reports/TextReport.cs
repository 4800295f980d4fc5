using System.Globalization;
using CfLogStream.Cli.Terminal;
using CfLogStream.Core.Traffic.Controls;
using CfLogStream.Server.Analysis;
using CfLogStream.Server.Insight.Reporting;
using CfLogStream.Server.Reports;

namespace CfLogStream.Cli.Reports;

/// <summary>Writes the incident report for people: one screen that says what is lost, by whom, and which rule stops it.</summary>
/// <remarks>Every text that comes from a log goes through <see cref="TerminalText"/>.</remarks>
internal sealed class TextReport
{
    private const int LostShown = 10;
    private const int OthersShown = 5;
    private const int RulesShown = 5;
    private const int HostsShown = 10;
    private const int ExemptionsShown = 5;

    private readonly TextWriter _out;
    private readonly int _columns;

    public TextReport(TextWriter destination, int columns)
    {
        _out = destination;
        _columns = Math.Clamp(columns, 60, 160);
    }

    /// <summary>Writes the report.</summary>
    public void Write(IncidentReport report)
    {
        WriteRead(report.Read);
        WriteSummary(report);
        LostTraffic[] apis = [.. report.Lost.Where(lost => lost.OnApi && lost.LikelyLegitimate)];
        LostTraffic[] others = [.. report.Lost.Where(lost => !(lost.OnApi && lost.LikelyLegitimate))];
        if (apis.Length > 0)
        {
            Heading("Rules that stop likely-legitimate API clients");
            WriteRules(apis);
            Heading("Lost API traffic of likely-legitimate clients");
            WriteLost(apis, LostShown, report.TrendBin);
        }

        if (others.Length > 0)
        {
            Heading("Other stopped traffic (pages, probable attackers)");
            WriteLost(others, OthersShown, report.TrendBin);
        }

        WriteHosts(report.Hosts);
        WriteExemptions(report.Exemptions);
    }

    internal static string Count(ulong count) => count.ToString("N0", CultureInfo.InvariantCulture);

    internal static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    internal static string Bytes(long bytes) => bytes switch
    {
        >= 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.00} GB"),
        >= 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
        >= 1_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} kB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes"),
    };

    private static string Percent(double share) => share switch
    {
        > 0 and < 0.001 => "<0.1 %",
        < 1 and > 0.999 => ">99.9 %",
        _ => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.0} %"),
    };

    private static string Time(DateTime time) => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private void WriteRead(AnalysisSummary read)
    {
        _out.WriteLine("CfLogStream incident report");
        _out.WriteLine();
        _out.WriteLine(
            $"Read     {Plural(read.Files, "file")}, {Bytes(read.Bytes)} ({Bytes(read.LineBytes)} of lines) in {Seconds(read.Elapsed)}");
        _out.WriteLine($"         {string.Join(", ", Datasets(read))}");
        if (read is { FirstTime: { } first, LastTime: { } last })
        {
            _out.WriteLine($"         {Time(first)} to {Time(last)} UTC");
        }

        _out.WriteLine($"Quality  {string.Join(", ", Quality(read))}");
        foreach (string error in read.Errors.Take(10))
        {
            _out.WriteLine($"         {TerminalText.Escape(error)}");
        }

        if (read.Errors.Count > 10)
        {
            _out.WriteLine($"         … and {read.Errors.Count - 10} more errors (--format json has them all)");
        }
    }

    private static IEnumerable<string> Datasets(AnalysisSummary read)
    {
        yield return $"{Count(read.HttpRequests)} http_requests";
        yield return $"{Count(read.FirewallEvents)} firewall_events";
        if (read.AuditLogs > 0)
        {
            yield return $"{Count(read.AuditLogs)} audit_logs";
        }

        if (read.AuditLogsV2 > 0)
        {
            yield return $"{Count(read.AuditLogsV2)} audit_logs_v2";
        }
    }

    private static IEnumerable<string> Quality(AnalysisSummary read)
    {
        yield return Plural(read.Duplicates, "duplicate");
        string reasons = read.DeadLetters == 0
            ? ""
            : $" ({string.Join(", ", read.DeadLettersByReason.OrderByDescending(pair => pair.Value).Select(pair => $"{Count(pair.Value)} {pair.Key}"))})";
        yield return Plural(read.DeadLetters, "dead letter") + reasons;
        (long Count, string Name)[] others =
        [
            (read.Validations, "validation upload"),
            (read.OwnershipChallenges, "ownership challenge"),
            (read.EmptyObjects, "empty object"),
            (read.Filtered, "record filtered out"),
            (read.UnmatchedEvents, "security event without its request"),
            (read.UnmatchedRequests, "announced event missing"),
            (read.Subrequests, "Worker subrequest"),
            (read.Internal, "request of Cloudflare's own"),
            (read.Forced, "join resolved early"),
            (read.RowsRejected, "row refused by ClickHouse"),
        ];
        foreach ((long count, string name) in others)
        {
            if (count > 0)
            {
                yield return $"{Count(count)} × {name}";
            }
        }
    }

    private void WriteSummary(IncidentReport report)
    {
        ReportTotals totals = report.Totals;
        double share = totals.Requests == 0 ? 0 : (double)totals.Lost / totals.Requests;
        _out.WriteLine($"Lost     {Count(totals.Lost)} of {Count(totals.Requests)} client requests ({Percent(share)});"
            + $" on API endpoints {Count(totals.LostOnApis)}, of which likely legitimate {Count(totals.LostLikelyLegitimate)}");
        _out.WriteLine($"Errors   {Count(totals.EdgeErrors)} made by the edge, {Count(totals.OriginErrors)} by the origin");
        if (totals.Lost == 0)
        {
            _out.WriteLine();
            _out.WriteLine("No request was stopped by a Cloudflare control.");
        }
    }

    private void WriteRules(LostTraffic[] lost)
    {
        var rules = lost
            .GroupBy(row => (row.Control, row.RuleId, row.Action))
            .Select(rule => (Rows: rule.ToArray(), Lost: rule.Aggregate(0UL, (sum, row) => sum + row.Lost)))
            .OrderByDescending(rule => rule.Lost)
            .ThenBy(rule => rule.Rows[0].RuleId, StringComparer.Ordinal)
            .ToArray();
        foreach ((LostTraffic[] rows, ulong total) in rules.Take(RulesShown))
        {
            LostTraffic first = rows[0];
            string name = first.Rule.Length > 0 ? $"\"{Cut(first.Rule, 70)}\" " : "";
            int endpoints = rows.DistinctBy(row => (row.Zone, row.Host, row.Method, row.Path)).Count();
            string clients = string.Join(", ", rows
                .GroupBy(row => row.ClientClass)
                .Select(group => (Class: group.Key, Lost: group.Aggregate(0UL, (sum, row) => sum + row.Lost)))
                .OrderByDescending(client => client.Lost)
                .Take(4)
                .Select(client => $"{Cut(client.Class, 24)} {Count(client.Lost)}"));
            _out.WriteLine();
            _out.WriteLine($"     {Cut(ControlNames.Of(first.Control), 40)} {name}· {Cut(first.Action, 30)} · rule {Cut(RuleId(first), 40)}");
            _out.WriteLine($"     {Count(total)} requests lost on {Plural(endpoints, "endpoint")} since {Time(rows.Min(row => row.FirstSeen))} UTC: {clients}");
        }

        if (rules.Length > RulesShown)
        {
            _out.WriteLine();
            _out.WriteLine($"     … and {rules.Length - RulesShown} more rules");
        }
    }

    private void WriteLost(LostTraffic[] lost, int shown, TimeSpan bin)
    {
        int number = 1;
        foreach (LostTraffic row in lost.Take(shown))
        {
            string rule = row.Rule.Length > 0 ? $"\"{Cut(row.Rule, 60)}\" " : "";
            string name = row.ClientName.Length > 0 && row.ClientName != row.ClientClass ? $" {Cut(row.ClientName, 30)}" : "";
            _out.WriteLine();
            _out.WriteLine($"{number,3}  {Cut($"{row.Method} {row.Host}{row.Path}", _columns - 5)}");
            _out.WriteLine($"     {Cut(row.ClientClass, 30)}{name} ({row.Trust}), {Plural((long)row.Callers, "caller")}:"
                + $" {Count(row.Lost)} of {Count(row.Requests)} requests lost ({Percent(row.Share)}); {FindingWording.Likely(row.Legitimacy)}");
            _out.WriteLine($"     {Cut(ControlNames.Of(row.Control), 40)} {rule}· {Cut(row.Action, 30)} · rule {Cut(RuleId(row), 40)}");
            _out.WriteLine($"     since {Time(row.FirstSeen)}, last {Time(row.LastSeen)} UTC   {Sparkline.Draw(row.Trend)}  ({Bin(bin)} a bar)");
            if (row.ExampleRays.Count > 0)
            {
                _out.WriteLine($"     see: cflogstream ray {Cut(row.ExampleRays[0], 40)}");
            }

            number++;
        }

        if (lost.Length > shown)
        {
            _out.WriteLine();
            _out.WriteLine($"     … and {Count((long)lost.Length - shown)} more (--format json has them)");
        }
    }

    private void WriteHosts(IReadOnlyList<HostErrors> hosts)
    {
        if (hosts.Count == 0)
        {
            return;
        }

        Heading("Who makes the errors");
        _out.WriteLine();
        int width = Math.Clamp(hosts.Take(HostsShown).Max(host => host.Host.Length), 12, _columns - 55);
        _out.WriteLine($"     {"host".PadRight(width)}  {"requests",11}  {"lost",9}  {"edge errors",11}  {"origin errors",13}");
        foreach (HostErrors host in hosts.Take(HostsShown))
        {
            _out.WriteLine($"     {Cut(host.Host, width).PadRight(width)}  {Count(host.Requests),11}  {Count(host.Lost),9}"
                + $"  {Count(host.EdgeErrors),11}  {Count(host.OriginErrors),13}");
        }

        if (hosts.Count > HostsShown)
        {
            _out.WriteLine($"     … and {hosts.Count - HostsShown} more hosts");
        }
    }

    private void WriteExemptions(IReadOnlyList<Exemption> exemptions)
    {
        if (exemptions.Count == 0)
        {
            return;
        }

        Heading("Passed only thanks to an exemption");
        foreach (Exemption exemption in exemptions.Take(ExemptionsShown))
        {
            string rule = exemption.Rule.Length > 0 ? $"\"{Cut(exemption.Rule, 60)}\"" : $"rule {Cut(exemption.RuleId, 40)}";
            string clients = string.Join(", ", exemption.TopClients.Take(4).Select(pair => $"{Cut(pair.Key, 24)} {Count(pair.Value)}"));
            _out.WriteLine();
            _out.WriteLine($"     {Cut(exemption.Host, 50)}  {rule} · {Cut(ControlNames.Of(exemption.Control), 30)} {Cut(exemption.Action, 20)}");
            _out.WriteLine($"     {Count(exemption.Matches)} requests of {Plural((long)exemption.Callers, "caller")}: {clients}");
            if (exemption.Suspicious > 0)
            {
                _out.WriteLine($"     {Count(exemption.Suspicious)} of them look like attacks (scanners, or WAF score 1 to 20)");
            }
        }

        if (exemptions.Count > ExemptionsShown)
        {
            _out.WriteLine();
            _out.WriteLine($"     … and {exemptions.Count - ExemptionsShown} more");
        }
    }

    private void Heading(string text)
    {
        _out.WriteLine();
        _out.WriteLine(text);
        _out.WriteLine(new string('─', Math.Min(text.Length, _columns)));
    }

    private static string RuleId(LostTraffic row) => row.RuleId.Length > 0 ? row.RuleId : "(none logged)";

    private static string Bin(TimeSpan bin) => bin.TotalMinutes < 60 ? $"{bin.TotalMinutes:0} min" : $"{bin.TotalHours:0.#} h";

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.00} s");

    private static string Plural(long count, string noun) => count == 1 ? $"1 {noun}" : $"{Count(count)} {noun}s";

    private static string Cut(string text, int columns) => TerminalText.Cut(text, columns);
}

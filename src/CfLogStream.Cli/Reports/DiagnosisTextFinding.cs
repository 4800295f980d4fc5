using CfLogStream.Core.Insight.Findings;
using CfLogStream.Core.Insight.Remedies;
using CfLogStream.Server.Insight.Reporting;
using CfLogStream.Server.Reports;

namespace CfLogStream.Cli.Reports;

/// <summary>Writes one finding in detail.</summary>
internal sealed class DiagnosisTextFinding(TextBlock text)
{
    private const int CellsShown = 8;
    private const int RaysShown = 3;
    private const int NameWidth = 12;
    private const string Indent = "  ";
    private const string Below = "      ";

    public void Write(Finding finding)
    {
        text.Wrap(Indent, finding.Title);
        text.Wrap(Indent, FindingWording.Verdict(finding));
        text.Blank();
        Fact("how much", FindingWording.Loss(finding));
        Fact("", FindingWording.Interval(finding.Loss));
        Fact("when", FindingWording.Since(finding));
        for (int i = 0; i < finding.Changes.Count; i++)
        {
            Fact(i == 0 ? "change" : "", FindingWording.Change(finding, finding.Changes[i]));
        }

        if (finding.Rule is { } rule)
        {
            Fact("rule", FindingWording.Rule(rule));
            Fact("", $"{FindingWording.RuleId(rule)}, zone {rule.Zone}");
        }

        Fact("why", FindingWording.Pattern(finding.Pattern));
        Fact("owner", finding.Owner is { } owner ? FindingWording.Owner(owner) : "nobody known");
        WriteTrend(finding);
        WriteEvidence(finding);
        WriteCells(finding);
        string[] commands = [.. finding.ExampleRays.Select(FindingWording.RayCommand).OfType<string>().Take(RaysShown)];
        for (int i = 0; i < commands.Length; i++)
        {
            Fact(i == 0 ? "see" : "", commands[i]);
        }

        for (int i = 0; i < finding.Remedies.Count; i++)
        {
            WriteRemedy(finding.Remedies[i], finding.Remedies.Count == 1 ? "What to change" : $"What to change, {i + 1} of {finding.Remedies.Count}");
        }
    }

    private void WriteTrend(Finding finding)
    {
        int room = text.Columns - Indent.Length - NameWidth - 30;
        if (FindingTrend.Of(finding, room) is not { } trend)
        {
            return;
        }

        string lost = FindingWording.Lost(finding.Kind);
        string bin = ReportNumbers.Duration(trend.Bin);
        Fact("requests", $"{Draw(trend.Requests)}  top {ReportNumbers.Count(trend.Requests.Max())} in {bin}");
        Fact(lost, $"{Draw(trend.Lost)}  top {ReportNumbers.Count(trend.Lost.Max())} in {bin}");
        if (trend.Onset is { } onset)
        {
            int at = Math.Min(trend.Requests.Count - 1, (int)(onset * trend.Requests.Count));
            text.Line(Indent + new string(' ', NameWidth + at), "^ onset");
        }

        Fact("", trend.Describe(lost));
    }

    private static string Draw(IReadOnlyList<long> counts) => Sparkline.Draw([.. counts.Select(count => (ulong)Math.Max(0, count))]);

    private void WriteEvidence(Finding finding)
    {
        if (finding.Legitimacy.Reasons.Count > 0)
        {
            Title($"Why it is {FindingWording.Likely(finding.Legitimacy.Probability)} (weight in log-odds)");
            foreach (Reason reason in finding.Legitimacy.Reasons)
            {
                text.Wrap($"    {ReportNumbers.Signed(reason.LogOdds),7}  ", reason.Text);
            }
        }

        List("Further evidence", finding.Evidence.Select(reason => reason.Text));
        List("What differs between stopped and passed requests", finding.Differences.Select(contrast =>
            $"{contrast.Field} is {contrast.Value}: {Part(contrast.Stopped, contrast.StoppedAll)} of the stopped, "
            + $"{Part(contrast.Passed, contrast.PassedAll)} of the passed"));
    }

    private static string Part(double part, double all) =>
        all > 0 ? $"{ReportNumbers.Percent(part / all)} ({ReportNumbers.Count((long)part)} of {ReportNumbers.Count((long)all)})" : "none";

    private void WriteCells(Finding finding)
    {
        Title("Endpoints and clients");
        string lost = FindingWording.Lost(finding.Kind);
        foreach (FindingCell cell in finding.Cells.Take(CellsShown))
        {
            text.Line("    ", FindingWording.Endpoint(cell.Endpoint));
            text.Wrap(Below, $"{FindingWording.Client(cell.Client)}: {FindingWording.Loss(cell.Loss, lost)}");
        }

        int more = Math.Max(finding.CellCount, finding.Cells.Count) - Math.Min(CellsShown, finding.Cells.Count);
        if (more > 0)
        {
            text.Line("    ", $"… and {ReportNumbers.Count(more)} more");
        }

        text.Blank();
    }

    private void WriteRemedy(Remedy remedy, string title)
    {
        Title($"{title}: {FindingWording.Kind(remedy.Kind).ToLowerInvariant()}");
        text.Wrap("    ", remedy.Summary);
        if (remedy.Place.Length > 0)
        {
            text.Wrap("    ", $"Where: {remedy.Place}");
        }

        Code("Expression:", remedy.Expression);
        Code("API call:", FindingWording.ApiCall(remedy));
        Code("Payload:", remedy.Payload);
        Points("Why it is safe:", remedy.WhySafe);
        Points("Warnings:", remedy.Warnings);
        Points("What it does not cover:", remedy.NotCovered);
        Points("What may stop the request next:", remedy.NextControls);
        Points("What does not work here:", remedy.Refused);
    }

    private void Fact(string name, string value)
    {
        if (value.Length > 0)
        {
            text.Wrap(Indent + name.PadRight(NameWidth), value);
        }
    }

    private void Title(string title)
    {
        text.Blank();
        text.Wrap(Indent, title);
    }

    private void List(string title, IEnumerable<string> items)
    {
        string[] all = [.. items];
        if (all.Length > 0)
        {
            Title(title);
            text.Items(all, "    - ");
        }
    }

    private void Code(string title, string code)
    {
        if (code.Length > 0)
        {
            text.Line("    ", title);
            text.Whole(Below, code);
        }
    }

    private void Points(string title, IReadOnlyList<string> items)
    {
        if (items.Count > 0)
        {
            text.Line("    ", title);
            text.Items(items, "      - ");
        }
    }
}

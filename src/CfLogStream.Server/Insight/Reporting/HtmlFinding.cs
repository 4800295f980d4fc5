using CfLogStream.Core.Insight.Findings;
using CfLogStream.Core.Insight.Remedies;

namespace CfLogStream.Server.Insight.Reporting;

/// <summary>Writes one finding as a section of the HTML report.</summary>
internal sealed class HtmlFinding(HtmlMarkup html)
{
    private const int RaysShown = 5;

    public void Write(Finding finding, int number)
    {
        string id = $"finding-{number}";
        html.Start("section", ("class", "card"), ("id", id), ("aria-labelledby", $"{id}-title"));
        html.Start("div", ("class", "top"));
        html.Element("span", $"Finding {number}").Element("span", FindingWording.Kind(finding.Kind), ("class", $"badge {Tone(finding.Kind)}"));
        html.Element("span", finding.Ongoing ? "Still going on" : "Over", ("class", finding.Ongoing ? "badge warn" : "badge")).End();
        html.Element("h2", finding.Title, ("id", $"{id}-title"));
        html.Element("p", FindingWording.Verdict(finding), ("class", "lead"));
        WriteFacts(finding);
        HtmlCharts.Trend(html, finding, id);
        WriteLegitimacy(finding);
        WriteDifferences(finding.Differences);
        WriteCells(finding);
        WriteRays(finding.ExampleRays);
        WriteRemedies(finding.Remedies);
        html.End();
    }

    private static string Tone(FindingKind kind) => kind switch
    {
        FindingKind.Misjudged or FindingKind.FellSilent or FindingKind.EdgeErrors => "bad",
        FindingKind.RightlyStopped => "good",
        _ => "warn",
    };

    private void WriteFacts(Finding finding)
    {
        html.Start("dl", ("class", "facts"));
        Fact("How much", FindingWording.Loss(finding), FindingWording.Interval(finding.Loss));
        Fact("When", FindingWording.Since(finding));
        for (int i = 0; i < finding.Changes.Count; i++)
        {
            Fact(i == 0 ? "Change that fits" : "Also fits", FindingWording.Change(finding, finding.Changes[i]));
        }

        if (finding.Rule is { } rule)
        {
            Fact("Rule", FindingWording.Rule(rule), $"{FindingWording.RuleId(rule)}, zone {rule.Zone}");
        }

        Fact("Why", FindingWording.Pattern(finding.Pattern));
        if (finding.Owner is { } owner)
        {
            Fact("Owner", FindingWording.Owner(owner), owner.Matched);
        }
        else
        {
            Fact("Owner", "Nobody known");
        }

        html.End();
    }

    private void Fact(string name, string text, string small = "")
    {
        if (text.Length == 0)
        {
            return;
        }

        html.Element("dt", name).Start("dd").Text(FindingWording.Capital(text));
        if (small.Length > 0)
        {
            html.Element("small", small);
        }

        html.End();
    }

    private void WriteLegitimacy(Finding finding)
    {
        LegitimacyEstimate legitimacy = finding.Legitimacy;
        html.Element("h3", "Is this traffic legitimate?");
        string likely = FindingWording.Likely(legitimacy.Probability);
        html.Start("div", ("class", "meter")).Element("b", ReportNumbers.Probability(legitimacy.Probability));
        HtmlCharts.Share(html, legitimacy.Probability, legitimacy.Probability >= 0.5 ? "for" : "against", likely);
        html.End();
        if (legitimacy.Reasons.Count > 0)
        {
            double greatest = legitimacy.Reasons.Max(reason => double.IsFinite(reason.LogOdds) ? Math.Abs(reason.LogOdds) : 0);
            var table = new HtmlTable(html, "Reasons for and against", "Reason", "Against, or for", "#Weight (log-odds)");
            foreach (Reason reason in legitimacy.Reasons)
            {
                table.Row().Cell(reason.Text)
                    .Bar(cell => HtmlCharts.Weight(cell, reason.LogOdds, greatest))
                    .Cell(ReportNumbers.Signed(reason.LogOdds)).EndRow();
            }

            table.End();
        }

        List("h3", "Further evidence", [.. finding.Evidence.Select(reason => reason.Text)]);
    }

    private void WriteDifferences(IReadOnlyList<FieldContrast> differences)
    {
        if (differences.Count == 0)
        {
            return;
        }

        html.Element("h3", "What differs between stopped and passed requests");
        var table = new HtmlTable(html, "Fields that separate stopped from passed requests", "Field", "Value", "Of the stopped", "Of the passed", "#Separation");
        foreach (FieldContrast contrast in differences)
        {
            table.Row().Code(contrast.Field).Code(contrast.Value)
                .Bar(cell => PartOf(cell, contrast.Stopped, contrast.StoppedAll, "lost", "of the stopped"))
                .Bar(cell => PartOf(cell, contrast.Passed, contrast.PassedAll, "passed", "of the passed"))
                .Cell(ReportNumbers.Percent(contrast.Separation)).EndRow();
        }

        table.End();
    }

    private static void PartOf(HtmlMarkup cell, double part, double all, string mark, string what)
    {
        double share = all > 0 ? part / all : 0;
        string text = all > 0 ? $"{ReportNumbers.Percent(share)} {what}" : "none to compare";
        HtmlCharts.Share(cell, share, mark, text);
        cell.Element("small", all > 0 ? $"{ReportNumbers.Percent(share)}: {ReportNumbers.Count((long)part)} of {ReportNumbers.Count((long)all)}" : text);
    }

    private void WriteCells(Finding finding)
    {
        html.Element("h3", "Endpoints and clients");
        string lost = FindingWording.Lost(finding.Kind);
        var table = new HtmlTable(html, "Endpoints and clients", "Endpoint", "Client", $"#Requests {lost}", "#Legitimate");
        foreach (FindingCell cell in finding.Cells)
        {
            table.Row().Code(FindingWording.Endpoint(cell.Endpoint)).Cell(FindingWording.Client(cell.Client))
                .Cell(
                    $"{ReportNumbers.Count(cell.Loss.Lost)} of {ReportNumbers.Count(cell.Loss.Requests)}",
                    $"{ReportNumbers.Percent(cell.Loss.Share)}, {ReportNumbers.Count(cell.Loss.Callers, "caller")}")
                .Cell(ReportNumbers.Probability(cell.Legitimacy.Probability)).EndRow();
        }

        table.End();
        if (finding.CellCount > finding.Cells.Count)
        {
            html.Element("p", $"… and {ReportNumbers.Count(finding.CellCount - finding.Cells.Count)} more.", ("class", "quiet"));
        }
    }

    private void WriteRays(IReadOnlyList<string> rays)
    {
        string[] commands = [.. rays.Select(FindingWording.RayCommand).OfType<string>().Take(RaysShown)];
        if (commands.Length > 0)
        {
            html.Element("h3", "Requests to look at");
            html.Code(string.Join('\n', commands), "Commands that show example requests");
        }
    }

    private void WriteRemedies(IReadOnlyList<Remedy> remedies)
    {
        if (remedies.Count == 0)
        {
            return;
        }

        html.Element("h3", "What to change");
        if (remedies.Count > 1)
        {
            html.Element("p", "The narrowest first. One of them is enough.", ("class", "quiet"));
        }

        for (int i = 0; i < remedies.Count; i++)
        {
            Remedy remedy = remedies[i];
            html.Start("div", ("class", i == 0 ? "remedy first" : "remedy"));
            html.Start("div", ("class", "top")).Element("span", FindingWording.Kind(remedy.Kind), ("class", "badge"));
            html.Element("span", remedy.Place).End();
            html.Element("h4", remedy.Summary);
            Code("Expression", remedy.Expression);
            Code("API call", FindingWording.ApiCall(remedy));
            Code("Payload", remedy.Payload);
            html.Start("div", ("class", "two"));
            Side("Why it is safe", remedy.WhySafe);
            Side("What it does not cover", remedy.NotCovered);
            html.End();
            List("h5", "What may stop the request next", remedy.NextControls, ordered: true);
            Box("warned", "Warnings", remedy.Warnings);
            Box("refused", "What does not work here", remedy.Refused);
            html.End();
        }
    }

    private void Code(string name, string code)
    {
        if (code.Length > 0)
        {
            html.Element("h5", name).Code(code, name);
        }
    }

    private void Side(string name, IReadOnlyList<string> texts)
    {
        if (texts.Count > 0)
        {
            html.Start("div");
            List("h5", name, texts);
            html.End();
        }
    }

    private void Box(string mark, string name, IReadOnlyList<string> texts)
    {
        if (texts.Count > 0)
        {
            html.Start("div", ("class", mark));
            List("h5", name, texts);
            html.End();
        }
    }

    private void List(string level, string name, IReadOnlyList<string> texts, bool ordered = false)
    {
        if (texts.Count == 0)
        {
            return;
        }

        html.Element(level, name).Start(ordered ? "ol" : "ul");
        foreach (string text in texts)
        {
            html.Element("li", text);
        }

        html.End();
    }
}

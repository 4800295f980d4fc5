using CfLogStream.Core.Insight.Findings;

namespace CfLogStream.Server.Insight.Reporting;

/// <summary>Writes a diagnosis as one HTML file that needs nothing else: no script, no font, no image, no request.</summary>
/// <remarks>
/// Two things keep hostile log text harmless, each alone enough: <see cref="HtmlMarkup"/> encodes whatever it writes, and the policy in
/// the page allows this page's own style sheet and nothing more.
/// </remarks>
public static class DiagnosisHtml
{
    /// <summary>Writes the whole page.</summary>
    public static void Write(Diagnosis diagnosis, TextWriter destination)
    {
        var html = new HtmlMarkup(destination);
        html.DocumentType().Start("html", ("lang", "en"));
        WriteHead(html);
        html.Start("body");
        WriteHeader(html, diagnosis);
        html.Start("main");
        WriteBrief(html, diagnosis);
        var findings = new HtmlFinding(html);
        for (int i = 0; i < diagnosis.Findings.Count; i++)
        {
            findings.Write(diagnosis.Findings[i], i + 1);
        }

        WriteRightlyStopped(html, diagnosis.RightlyStopped);
        WriteErrors(html, diagnosis.Errors);
        WriteLimits(html, diagnosis.Limits);
        html.End();
        html.Start("footer").Element(
            "p",
            "Made by CfLogStream from Cloudflare's logs. Times are UTC. Lost shares are judged by caller-minutes, because blocked callers retry; "
            + "intervals are 95 % Jeffreys intervals.").End();
        html.End().End();
    }

    private static void WriteHead(HtmlMarkup html)
    {
        html.Start("head");
        html.Void("meta", ("charset", "utf-8"));
        html.Void("meta", ("http-equiv", "Content-Security-Policy"), ("content", HtmlStyle.Policy));
        html.Void("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
        html.Void("meta", ("name", "referrer"), ("content", "no-referrer"));
        html.Void("meta", ("name", "color-scheme"), ("content", "light dark"));
        html.Element("title", "CfLogStream diagnosis").Style().End();
    }

    private static void WriteHeader(HtmlMarkup html, Diagnosis diagnosis)
    {
        html.Start("header").Element("p", "CfLogStream diagnosis", ("class", "over"));
        html.Element("h1", diagnosis.Findings.Count == 0 ? "Nothing found that needs someone to act" : "What Cloudflare stops, and what to change");
        html.Element(
            "p",
            $"{ReportNumbers.Minute(diagnosis.From)} to {ReportNumbers.Minute(diagnosis.To)} UTC ({ReportNumbers.Duration(diagnosis.To - diagnosis.From)})",
            ("class", "quiet"));
        double share = diagnosis.Requests == 0 ? 0 : (double)diagnosis.Lost / diagnosis.Requests;
        html.Start("dl", ("class", "tiles"));
        Tile(html, "Client requests", ReportNumbers.Count(diagnosis.Requests), "in this time");
        Tile(html, "Lost", ReportNumbers.Count(diagnosis.Lost), $"{ReportNumbers.Percent(share)} of all");
        Tile(html, "Findings", ReportNumbers.Count(diagnosis.Findings.Count), "need someone to act");
        Tile(html, "Rightly stopped", ReportNumbers.Count(diagnosis.RightlyStopped.Count), "nothing to do");
        html.End().End();
    }

    private static void Tile(HtmlMarkup html, string name, string value, string small) =>
        html.Start("div").Element("dt", name).Start("dd").Text(value).Element("small", small).End().End();

    private static void WriteBrief(HtmlMarkup html, Diagnosis diagnosis)
    {
        if (diagnosis.Findings.Count == 0)
        {
            html.Start("section", ("class", "card none"), ("aria-label", "Result"));
            html.Element("h2", "No legitimate client is seen to be stopped");
            html.Element(
                "p",
                $"{FindingWording.Totals(diagnosis)}. What was stopped looks rightly stopped, as far as the data says; what it cannot say stands below.",
                ("class", "quiet"));
            html.End();
            return;
        }

        html.Start("section", ("class", "card"), ("aria-labelledby", "brief")).Element("h2", "In short", ("id", "brief"));
        html.Start("ol", ("class", "brief"));
        for (int i = 0; i < diagnosis.Findings.Count; i++)
        {
            Finding finding = diagnosis.Findings[i];
            html.Start("li").Element("a", finding.Title, ("href", $"#finding-{i + 1}"));
            html.Element("p", $"{FindingWording.Loss(finding)}; {FindingWording.BriefSince(finding)}.", ("class", "quiet"));
            if (finding.Remedies.Count > 0)
            {
                html.Element("p", finding.Remedies[0].Summary);
            }

            html.End();
        }

        html.End().End();
    }

    private static void WriteRightlyStopped(HtmlMarkup html, IReadOnlyList<Finding> findings)
    {
        if (findings.Count == 0)
        {
            return;
        }

        html.Start("section", ("class", "card"), ("aria-labelledby", "rightly")).Element("h2", "Rightly stopped", ("id", "rightly"));
        html.Element("p", "Shown so that nobody has to ask. Nothing is to be changed here.", ("class", "quiet"));
        var table = new HtmlTable(html, "Rightly stopped traffic", "What", "#Stopped", "#Legitimate");
        foreach (Finding finding in findings)
        {
            table.Row()
                .Cell(finding.Title, finding.Rule is { } rule ? FindingWording.Rule(rule) : "")
                .Cell(ReportNumbers.Count(finding.Loss.Lost), ReportNumbers.Count(finding.Loss.Callers, "caller"))
                .Cell(ReportNumbers.Probability(finding.Legitimacy.Probability))
                .EndRow();
        }

        table.End();
        html.End();
    }

    private static void WriteErrors(HtmlMarkup html, IReadOnlyList<Finding> findings)
    {
        if (findings.Count == 0)
        {
            return;
        }

        html.Start("section", ("class", "card"), ("aria-labelledby", "errors")).Element("h2", "Server errors, and who makes them", ("id", "errors"));
        html.Element("p", "No control is involved here: these requests failed for another reason.", ("class", "quiet"));
        var table = new HtmlTable(html, "Server errors", "What", "Since", "#Failed");
        foreach (Finding finding in findings)
        {
            table.Row()
                .Cell(finding.Title, FindingWording.Verdict(finding))
                .Cell(FindingWording.Capital(FindingWording.BriefSince(finding)))
                .Cell($"{ReportNumbers.Count(finding.Loss.Lost)} of {ReportNumbers.Count(finding.Loss.Requests)}", ReportNumbers.Percent(finding.Loss.Share))
                .EndRow();
        }

        table.End();
        html.End();
    }

    private static void WriteLimits(HtmlMarkup html, IReadOnlyList<string> limits)
    {
        if (limits.Count == 0)
        {
            return;
        }

        html.Start("section", ("class", "card"), ("aria-labelledby", "limits")).Element("h2", "What this diagnosis could not know", ("id", "limits"));
        html.Start("ul");
        foreach (string limit in limits)
        {
            html.Element("li", limit);
        }

        html.End().End();
    }
}

using CfLogStream.Core.Insight.Findings;
using CfLogStream.Core.Insight.Remedies;

namespace CfLogStream.Server.Insight.Reporting;

/// <summary>Writes a diagnosis as Markdown, to be pasted into a ticket.</summary>
/// <remarks>Pipe tables, fences and headings only: what GitHub, GitLab and Jira have in common. All text goes through <see cref="MarkdownText"/>.</remarks>
public static class DiagnosisMarkdown
{
    private const int RaysShown = 5;

    /// <summary>Writes the whole diagnosis.</summary>
    public static void Write(Diagnosis diagnosis, TextWriter destination)
    {
        var page = new Page(destination);
        page.Line("# CfLogStream diagnosis");
        page.Paragraph($"{MarkdownText.Code(ReportNumbers.Minute(diagnosis.From))} to {MarkdownText.Code(ReportNumbers.Minute(diagnosis.To))} UTC. "
            + MarkdownText.Sentence($"{FindingWording.Totals(diagnosis)}; {FindingWording.Counts(diagnosis)}."));
        if (diagnosis.Findings.Count > 0)
        {
            page.Table(
                ["#", "Finding", "Legitimate", "How much", "Since", "Owner"],
                diagnosis.Findings.Select((finding, index) => new[]
                {
                    $"{index + 1}",
                    MarkdownText.Cell(finding.Title),
                    MarkdownText.Cell(ReportNumbers.Probability(finding.Legitimacy.Probability)),
                    MarkdownText.Cell(FindingWording.Loss(finding)),
                    MarkdownText.Cell(finding.Onset is { } onset ? ReportNumbers.Minute(onset) : "before the data"),
                    MarkdownText.Cell(finding.Owner?.Name ?? "nobody known"),
                }));
        }

        for (int i = 0; i < diagnosis.Findings.Count; i++)
        {
            WriteFinding(page, diagnosis.Findings[i], i + 1);
        }

        if (diagnosis.RightlyStopped.Count > 0)
        {
            page.Heading("## Rightly stopped");
            page.Table(
                ["What", "Rule", "Legitimate", "How much"],
                diagnosis.RightlyStopped.Select(finding => new[]
                {
                    MarkdownText.Cell(finding.Title),
                    finding.Rule is { } rule ? MarkdownText.Cell(FindingWording.Rule(rule)) : "",
                    MarkdownText.Cell(ReportNumbers.Probability(finding.Legitimacy.Probability)),
                    MarkdownText.Cell(FindingWording.Loss(finding)),
                }));
        }

        if (diagnosis.Errors.Count > 0)
        {
            page.Heading("## Server errors, and who makes them");
            page.Table(
                ["What", "Verdict", "How much", "Since"],
                diagnosis.Errors.Select(finding => new[]
                {
                    MarkdownText.Cell(finding.Title),
                    MarkdownText.Cell(FindingWording.Verdict(finding)),
                    MarkdownText.Cell(FindingWording.Loss(finding)),
                    MarkdownText.Cell(FindingWording.BriefSince(finding)),
                }));
        }

        if (diagnosis.Limits.Count > 0)
        {
            page.Heading("## What this diagnosis could not know");
            page.Items(diagnosis.Limits);
        }
    }

    private static void WriteFinding(Page page, Finding finding, int number)
    {
        page.Heading($"## {number}. {MarkdownText.Sentence(finding.Title)}");
        page.Paragraph(MarkdownText.Sentence(FindingWording.Verdict(finding)));
        page.Fact(FindingWording.Kind(finding.Kind), FindingWording.Loss(finding));
        page.Fact("Statistics", FindingWording.Interval(finding.Loss));
        page.Fact("When", FindingWording.Since(finding));
        foreach (Change change in finding.Changes)
        {
            page.Fact("Change that fits", FindingWording.Change(finding, change));
        }

        if (finding.Rule is { } rule)
        {
            page.Fact("Rule", FindingWording.Rule(rule));
            page.Line($"- **Rule id:** {MarkdownText.Code(FindingWording.RuleId(rule))} in zone {MarkdownText.Code(rule.Zone)}");
        }

        page.Fact("Why", FindingWording.Pattern(finding.Pattern));
        page.Fact("Owner", finding.Owner is { } owner ? FindingWording.Owner(owner) : "nobody known");
        if (FindingTrend.Of(finding, 100) is { } trend)
        {
            page.Fact("Trend", trend.Describe(FindingWording.Lost(finding.Kind)));
        }

        WriteEvidence(page, finding);
        WriteCells(page, finding);
        string[] commands = [.. finding.ExampleRays.Select(FindingWording.RayCommand).OfType<string>().Take(RaysShown)];
        if (commands.Length > 0)
        {
            page.Heading("### Requests to look at");
            page.Paragraph(MarkdownText.Fence(string.Join('\n', commands), "sh"));
        }

        for (int i = 0; i < finding.Remedies.Count; i++)
        {
            WriteRemedy(page, finding.Remedies[i], finding.Remedies.Count == 1 ? "What to change" : $"What to change, {i + 1} of {finding.Remedies.Count}");
        }
    }

    private static void WriteEvidence(Page page, Finding finding)
    {
        if (finding.Legitimacy.Reasons.Count > 0)
        {
            page.Heading($"### Why it is {MarkdownText.Sentence(FindingWording.Likely(finding.Legitimacy.Probability))}");
            page.Table(
                ["Reason", "Weight (log-odds)"],
                finding.Legitimacy.Reasons.Select(reason => new[] { MarkdownText.Cell(reason.Text), ReportNumbers.Signed(reason.LogOdds) }));
        }

        if (finding.Evidence.Count > 0)
        {
            page.Heading("### Further evidence");
            page.Items(finding.Evidence.Select(reason => reason.Text));
        }

        if (finding.Differences.Count > 0)
        {
            page.Heading("### What differs between stopped and passed requests");
            page.Table(
                ["Field", "Value", "Of the stopped", "Of the passed", "Separation"],
                finding.Differences.Select(contrast => new[]
                {
                    MarkdownText.CodeCell(contrast.Field),
                    MarkdownText.CodeCell(contrast.Value),
                    PartOf(contrast.Stopped, contrast.StoppedAll),
                    PartOf(contrast.Passed, contrast.PassedAll),
                    ReportNumbers.Percent(contrast.Separation),
                }));
        }
    }

    private static void WriteCells(Page page, Finding finding)
    {
        page.Heading("### Endpoints and clients");
        page.Table(
            ["Endpoint", "Client", "Legitimate", "How much"],
            finding.Cells.Select(cell => new[]
            {
                MarkdownText.CodeCell(FindingWording.Endpoint(cell.Endpoint)),
                MarkdownText.Cell(FindingWording.Client(cell.Client)),
                MarkdownText.Cell(ReportNumbers.Probability(cell.Legitimacy.Probability)),
                MarkdownText.Cell(FindingWording.Loss(cell.Loss, FindingWording.Lost(finding.Kind))),
            }));
        if (finding.CellCount > finding.Cells.Count)
        {
            page.Paragraph($"… and {ReportNumbers.Count(finding.CellCount - finding.Cells.Count)} more.");
        }
    }

    private static void WriteRemedy(Page page, Remedy remedy, string heading)
    {
        page.Heading($"### {heading}: {FindingWording.Kind(remedy.Kind).ToLowerInvariant()}");
        page.Paragraph(MarkdownText.Sentence(remedy.Summary));
        if (remedy.Place.Length > 0)
        {
            page.Paragraph($"Where: {MarkdownText.Code(remedy.Place)}");
        }

        page.Code("Expression:", remedy.Expression, "");
        page.Code("API call:", FindingWording.ApiCall(remedy), "");
        page.Code("Payload:", remedy.Payload, "json");
        page.List("Why it is safe", remedy.WhySafe);
        page.List("Warnings", remedy.Warnings);
        page.List("What it does not cover", remedy.NotCovered);
        page.List("What may stop the request next", remedy.NextControls);
        page.List("What does not work here", remedy.Refused);
    }

    private static string PartOf(double part, double all) =>
        all > 0 ? $"{ReportNumbers.Count((long)part)} of {ReportNumbers.Count((long)all)} ({ReportNumbers.Percent(part / all)})" : "none to compare";

    /// <summary>Lines that keep the blank ones Markdown needs between blocks.</summary>
    private sealed class Page(TextWriter destination)
    {
        private bool _inList;

        public void Line(string line)
        {
            _inList = line.StartsWith("- ", StringComparison.Ordinal);
            destination.Write(line);
            destination.Write('\n');
        }

        public void Heading(string heading)
        {
            destination.Write('\n');
            Line(heading);
        }

        public void Paragraph(string text)
        {
            destination.Write('\n');
            Line(text);
        }

        public void Fact(string name, string sentence)
        {
            if (sentence.Length > 0)
            {
                if (!_inList)
                {
                    destination.Write('\n');
                }

                Line($"- **{name}:** {MarkdownText.Sentence(sentence)}");
            }
        }

        public void Items(IEnumerable<string> texts)
        {
            destination.Write('\n');
            foreach (string text in texts)
            {
                Line($"- {MarkdownText.Sentence(text)}");
            }
        }

        public void List(string name, IReadOnlyList<string> texts)
        {
            if (texts.Count > 0)
            {
                Paragraph($"{name}:");
                Items(texts);
            }
        }

        public void Code(string name, string code, string language)
        {
            if (code.Length > 0)
            {
                Paragraph(name);
                Paragraph(MarkdownText.Fence(code, language));
            }
        }

        public void Table(string[] header, IEnumerable<string[]> rows)
        {
            destination.Write('\n');
            Line($"| {string.Join(" | ", header)} |");
            Line($"|{string.Concat(Enumerable.Repeat(" --- |", header.Length))}");
            foreach (string[] row in rows)
            {
                Line($"| {string.Join(" | ", row)} |");
            }
        }
    }
}

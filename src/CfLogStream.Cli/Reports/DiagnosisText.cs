using CfLogStream.Cli.Terminal;
using CfLogStream.Core.Insight.Findings;
using CfLogStream.Server.Insight.Reporting;

namespace CfLogStream.Cli.Reports;

/// <summary>Writes a diagnosis for a terminal: the first screen says what matters most, then comes each finding with its evidence.</summary>
/// <remarks>Every text goes through <see cref="TerminalText"/>. Only what is to be copied (expressions, calls, payloads) may be wider than the terminal.</remarks>
internal sealed class DiagnosisText
{
    private const int BriefFindings = 3;
    private const int TitleLines = 2;

    private readonly TextBlock _text;
    private readonly DiagnosisTextFinding _finding;

    public DiagnosisText(TextWriter destination, int columns)
    {
        _text = new TextBlock(destination, Math.Clamp(columns, 60, 160));
        _finding = new DiagnosisTextFinding(_text);
    }

    /// <summary>Writes the whole diagnosis.</summary>
    public void Write(Diagnosis diagnosis)
    {
        _text.Line("", $"Diagnosis of {ReportNumbers.Minute(diagnosis.From)} to {ReportNumbers.Minute(diagnosis.To)} UTC");
        _text.Wrap("", $"{FindingWording.Totals(diagnosis)}; {FindingWording.Counts(diagnosis)}, {ReportNumbers.Count(diagnosis.RightlyStopped.Count)} rightly stopped");
        if (diagnosis.Findings.Count == 0)
        {
            _text.Blank();
            _text.Wrap("", "No legitimate client is seen to be stopped. What was stopped looks rightly stopped, as far as the data says.");
        }

        WriteBrief(diagnosis.Findings);
        for (int i = 0; i < diagnosis.Findings.Count; i++)
        {
            _text.Heading($"{i + 1}. {FindingWording.Kind(diagnosis.Findings[i].Kind)}");
            _finding.Write(diagnosis.Findings[i]);
        }

        WriteRightlyStopped(diagnosis.RightlyStopped);
        WriteErrors(diagnosis.Errors);
        if (diagnosis.Limits.Count > 0)
        {
            _text.Heading("What this diagnosis could not know");
            _text.Items(diagnosis.Limits, "  - ");
        }
    }

    private void WriteBrief(IReadOnlyList<Finding> findings)
    {
        // What the heading and the line below leave of a screen of 24 lines.
        int lines = findings.Count switch { 1 => 8, 2 => 7, 3 => 6, _ => 5 };
        for (int i = 0; i < Math.Min(BriefFindings, findings.Count); i++)
        {
            Finding finding = findings[i];
            _text.Blank();
            int left = lines - _text.Wrap($"{i + 1,2}  ", finding.Title, TitleLines);
            left -= _text.Wrap("    ", $"{ReportNumbers.Probability(finding.Legitimacy.Probability)} likely legitimate: {FindingWording.Loss(finding)}", 1);
            left -= _text.Wrap("    ", FindingWording.Capital(FindingWording.BriefSince(finding)), Math.Min(2, left - 1));
            if (finding.Remedies.Count > 0)
            {
                _text.Wrap("    ", $"Do: {finding.Remedies[0].Summary}", left);
            }
        }

        if (findings.Count > BriefFindings)
        {
            _text.Blank();
            _text.Line("    ", $"… and {ReportNumbers.Count(findings.Count - BriefFindings)} more; each in detail:");
        }
    }

    private void WriteErrors(IReadOnlyList<Finding> findings)
    {
        if (findings.Count == 0)
        {
            return;
        }

        _text.Heading("Server errors, and who makes them");
        foreach (Finding finding in findings)
        {
            _text.Wrap("  - ", finding.Title, TitleLines);
            _text.Wrap("    ", $"{FindingWording.Loss(finding)}; {FindingWording.BriefSince(finding)}");
            _text.Wrap("    ", FindingWording.Verdict(finding));
        }
    }

    private void WriteRightlyStopped(IReadOnlyList<Finding> findings)
    {
        if (findings.Count == 0)
        {
            return;
        }

        _text.Heading("Rightly stopped: nothing to do");
        foreach (Finding finding in findings)
        {
            _text.Wrap("  - ", finding.Title, TitleLines);
            _text.Wrap("    ", $"{FindingWording.Loss(finding.Loss, "stopped")}; {FindingWording.Likely(finding.Legitimacy.Probability)}");
        }
    }
}

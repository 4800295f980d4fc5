using CfLogStream.Cli.Terminal;
using CfLogStream.Server.Insight.Requests;

namespace CfLogStream.Cli.Reports;

/// <summary>Writes why nothing may be kept of a ray.</summary>
internal static class AbsenceReport
{
    private static readonly (AbsenceFinding Finding, string Title)[] s_groups =
    [
        (AbsenceFinding.Trace, "There is a trace of it:"),
        (AbsenceFinding.Possible, "It can be absent because"),
        (AbsenceFinding.Excluded, "Checked, and not the reason:"),
        (AbsenceFinding.NotCheckable, "Cannot be checked here:"),
    ];

    public static void Write(TextWriter destination, int columns, string ray, IReadOnlyList<AbsenceCheck> checks)
    {
        int wide = Math.Clamp(columns, 60, 120) - 4;
        destination.WriteLine($"Not known: the ray '{TerminalText.Cut(ray, 64)}' is not among the kept requests.");
        foreach ((AbsenceFinding finding, string title) in s_groups)
        {
            AbsenceCheck[] group = [.. checks.Where(check => check.Finding == finding)];
            if (group.Length == 0)
            {
                continue;
            }

            destination.WriteLine(title);
            foreach (AbsenceCheck check in group)
            {
                string lead = "  - ";
                foreach (string line in TextWrap.Lines(check.Text, wide, 4))
                {
                    destination.WriteLine(lead + line);
                    lead = "    ";
                }
            }
        }
    }
}

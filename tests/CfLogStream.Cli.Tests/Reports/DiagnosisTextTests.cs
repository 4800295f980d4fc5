using System.Globalization;
using CfLogStream.Cli.Reports;
using CfLogStream.Cli.Terminal;
using CfLogStream.Core.Insight.Findings;
using CfLogStream.Server.Tests.Insight.Reporting;

namespace CfLogStream.Cli.Tests.Reports;

public sealed class DiagnosisTextTests
{
    private static readonly string[] s_toCopy = ["http", "PATCH", "POST http", "\"", "{", "}", "(http", "and http"];

    [Fact]
    public void Write_ThreeFindings_SaysThemOnTheFirstScreen()
    {
        string[] lines = Lines(SampleDiagnosis.Build(), 80);

        Assert.Equal(
            """
            Diagnosis of 2026-05-04 00:00 to 2026-05-05 00:00 UTC
            1,843,220 client requests, 31,904 lost (1.7 %); 3 findings, 2 rightly stopped

             1  WAF custom rule "Challenge non-browsers" stops okhttp apps and
                python-requests on api.shop.example
                98 % likely legitimate: 17,402 of 17,610 requests lost (98.8 %), 712 callers
                Ongoing since 2026-05-04 15:31 UTC; rule updated by maria@shop.example 44 s
                before
                Do: Bind "Challenge non-browsers" to the pages it was written for again: a …

             2  Rate limiting rule "API per client" stops stripe webhooks on
                hooks.shop.example
                97 % likely legitimate: 1,377 of 8,412 requests lost (16.4 %), 4 callers
                Ongoing since before the data begins
                Do: Count webhooks of /stripe apart, with a limit above the bursts that were
                seen: 300 in 10 s.

             3  Skip rule "Partner allowlist" lets scanners pass on api.shop.example
                5 % likely legitimate: 2,190 of 2,204 requests let through (99.4 %), 5 call…
                Since 2026-05-04 09:00 UTC

            """.ReplaceLineEndings("\n").Split('\n'),
            lines[..21]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Write_AnyNumberOfFindings_FirstScreenHas24LinesAtMost(int count)
    {
        string longText = string.Concat(Enumerable.Repeat("many words of a long title ", 30));
        Finding finding = SampleDiagnosis.Challenge() with { Title = longText };
        Diagnosis diagnosis = SampleDiagnosis.Build() with { Findings = [.. Enumerable.Repeat(finding, count)] };

        foreach (int columns in (int[])[60, 80, 160])
        {
            string[] lines = Lines(diagnosis, columns);

            int end = Array.FindIndex(lines, line => line.StartsWith("───", StringComparison.Ordinal)) - 2;
            Assert.InRange(end, 5, 24);
            Assert.Equal(Math.Min(count, 3), lines[..end].Count(line => line.Contains("likely legitimate", StringComparison.Ordinal)));
        }
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    [InlineData(160)]
    public void Write_AnyWidth_OnlyWhatIsCopiedIsWider(int columns)
    {
        foreach (Diagnosis diagnosis in (Diagnosis[])[SampleDiagnosis.Build(), SampleDiagnosis.Nothing()])
        {
            Assert.All(Lines(diagnosis, columns), line =>
                Assert.True(
                    TerminalText.Columns(line) <= columns || s_toCopy.Any(start => line.TrimStart().StartsWith(start, StringComparison.Ordinal)), line));
        }
    }

    [Fact]
    public void Write_HostileText_IsMadeVisibleAndKeepsToTheWidth()
    {
        string attack = "a\u001b[2J\u202eevil\r\n\u2028 漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字 " + new string('x', 3000);

        string[] lines = Lines(HostileDiagnosis.Build(attack), 60);

        Assert.All(lines, line => Assert.DoesNotContain(line, c => char.IsControl(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format));
        Assert.Contains(@"  a\x1b[2J\u{202e}evil\x0d\x0a\u{2028}", lines);
        Assert.DoesNotContain(lines, line => line.Contains("cflogstream ray a", StringComparison.Ordinal));
        Assert.All(lines.Where(line => !line.StartsWith("      ", StringComparison.Ordinal)), line => Assert.InRange(TerminalText.Columns(line), 0, 60));
    }

    [Fact]
    public void Write_Finding_HasItsTrendWithTheOnset()
    {
        string[] lines = Lines(SampleDiagnosis.Build(), 100);

        int mark = Array.FindIndex(lines, line => line.EndsWith("^ onset", StringComparison.Ordinal));
        string lost = lines[mark - 1];
        Assert.StartsWith("  lost        ······", lost, StringComparison.Ordinal);
        int at = lines[mark].IndexOf('^', StringComparison.Ordinal);
        Assert.Equal('·', lost[at - 1]);
        Assert.NotEqual('·', lost[at]);
        Assert.Contains("  see         cflogstream ray 8f2ab61c4d0e93a7", lines);
        Assert.Contains("  - The origin answers 502 on GET api.shop.example/v1/prices", lines);
        Assert.Contains("    812 of 812 requests failed (100.0 %), 96 callers; since 2026-05-04 04:00 UTC", lines);
    }

    [Fact]
    public void Write_NothingFound_SaysSoWithTheLimits()
    {
        string[] lines = Lines(SampleDiagnosis.Nothing(), 80);

        Assert.Equal("1,843,220 client requests, 31,904 lost (1.7 %); nothing found that needs someone", lines[1]);
        Assert.Contains("No legitimate client is seen to be stopped. What was stopped looks rightly", lines);
        Assert.Contains("What this diagnosis could not know", lines);
        Assert.Contains("  - The http_requests job carries no JA4: a change of fingerprint cannot be told", lines);
    }

    private static string[] Lines(Diagnosis diagnosis, int columns)
    {
        using var text = new StringWriter { NewLine = "\n" };
        new DiagnosisText(text, columns).Write(diagnosis);
        return text.ToString().TrimEnd('\n').Split('\n');
    }
}

using System.Text.RegularExpressions;
using CfLogStream.Core.Insight.Findings;
using CfLogStream.Server.Insight.Reporting;

namespace CfLogStream.Server.Tests.Insight.Reporting;

public sealed partial class DiagnosisMarkdownTests
{
    public static TheoryData<string> Attacks =>
    [
        .. HostileDiagnosis.Html,
        "@everyone please see http://evil.example and www.evil.example or mail me@evil.example",
        "closes #12, GH-12, owner/repo#12, !34, ~label, %5, $7, &8 and PROJ-99",
        "[link](http://evil.example) ![image](http://evil.example/i.png) [a]: http://evil.example",
        "a | b | c \\| d \\\\| e\n| --- |\n# heading\n- [ ] task\n```\nout of the fence\n````\n~~~",
        "`tick` ``two`` ```three``` *bold* _it_ ~~no~~ <b>b</b> &lt;b&gt; \\",
        "1. list", "- list", "+ list", "> quote", "    indented", "\ttab", "--- ", "=== ",
        "{code}x{code} {noformat} h1. head ??cite?? [~admin] !pic.png! deadbeefcafe :boom: \u202egnp.exe",
    ];

    [Theory]
    [MemberData(nameof(Attacks))]
    public void Write_HostileText_StaysInCodeOrIsQuiet(string attack)
    {
        string page = Markdown(HostileDiagnosis.Build(attack));

        string shown = WithoutCode(page);
        Assert.DoesNotMatch(Loud(), shown);
        Assert.DoesNotContain('\u202e', page);
    }

    [Theory]
    [MemberData(nameof(Attacks))]
    public void Write_HostileText_LeavesTheStructureOfHarmlessText(string attack)
    {
        string[] hostile = Structure(Markdown(HostileDiagnosis.Build(attack)));

        Assert.Equal(Structure(Markdown(HostileDiagnosis.Build("harmless words"))), hostile);
    }

    [Fact]
    public void Write_SampleDiagnosis_IsReadyForATicket()
    {
        string page = Markdown(SampleDiagnosis.Build());

        Assert.Contains("| 1 | WAF custom rule \"Challenge non-browsers\" stops okhttp apps and python-requests on `api.shop.example` | 98 % |", page, StringComparison.Ordinal);
        Assert.Contains("- **Change that fits:** rule updated by `maria@shop.example` at `2026-05-04 15:30:28` UTC, 44 s before the onset:", page, StringComparison.Ordinal);
        Assert.Contains("```sh\ncflogstream ray 8f2ab61c4d0e93a7\n", page, StringComparison.Ordinal);
        Assert.Contains("```json\n{\n  \"action\": \"managed_challenge\",\n", page, StringComparison.Ordinal);
        Assert.Contains("- **Owner:** Edge platform, `#edge-platform`; stops price scrapers", page, StringComparison.Ordinal);
        Assert.Contains("## Rightly stopped\n", page, StringComparison.Ordinal);
        Assert.Contains("| The origin answers 502 on GET `api.shop.example/v1/prices` | The origin fails and Cloudflare", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_NothingFound_SaysSoWithTheLimits()
    {
        string page = Markdown(SampleDiagnosis.Nothing());

        Assert.Contains("nothing found that needs someone to act.", page, StringComparison.Ordinal);
        Assert.Contains("## What this diagnosis could not know\n\n- The `http_requests` job carries no JA4:", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("98.7 % of 41,310 requests (a few), well-known \"names\".", "98.7 % of 41,310 requests (a few), well-known \"names\".")]
    [InlineData("stops \"curl/8.1\" on /v1/x, often", "stops \"`curl/8.1`\" on `/v1/x`, often")]
    [InlineData("see http://a.example b@c.example now", "see `http://a.example b@c.example` now")]
    [InlineData("a `b` c", "a `` `b` `` c")]
    [InlineData("PROJ-12 1.5 1. 1", "`PROJ-12` 1.5 1. 1")]
    [InlineData("1. first", "`1`. first")]
    [InlineData("", "")]
    public void Sentence_AnyText_MakesCodeOfWhatTrackersTouch(string text, string expected) => Assert.Equal(expected, MarkdownText.Sentence(text));

    [Fact]
    public void Fence_TextWithFences_IsLongerThanAnyOfThem() =>
        Assert.Equal("``````json\na\n`````\nb\n``````", MarkdownText.Fence("a\n`````\nb", "json"));

    private static string Markdown(Diagnosis diagnosis)
    {
        using var page = new StringWriter();
        DiagnosisMarkdown.Write(diagnosis, page);
        return page.ToString();
    }

    /// <summary>What of a page is no code, by the rules of CommonMark: a run of backticks is closed by the next run of the same length.</summary>
    private static string WithoutCode(string page) => string.Join('\n', Lines(page).Where(line => !line.InFence).Select(line => Span().Replace(line.Text, "")));

    /// <summary>Kinds of lines, and the cells of tables: bars that no backslash escapes.</summary>
    private static string[] Structure(string page) =>
    [
        .. Lines(page).Where(line => !line.InFence).Select(line => line.Text switch
        {
            "" => "",
            _ when line.Text.StartsWith('|') => $"row of {Bar().Count(line.Text)}",
            _ when line.Text.StartsWith('#') => $"heading {line.Text.TakeWhile(c => c == '#').Count()}",
            _ when line.Text.StartsWith("- ", StringComparison.Ordinal) => "item",
            _ => "text",
        }),
    ];

    private static IEnumerable<(string Text, bool InFence)> Lines(string page)
    {
        string fence = "";
        foreach (string line in page.TrimEnd('\n').Split('\n'))
        {
            int ticks = line.TakeWhile(c => c == '`').Count();
            bool bare = line.TrimEnd().Length == ticks;
            if (fence.Length == 0 && ticks >= 3 && !line[ticks..].Contains('`', StringComparison.Ordinal))
            {
                fence = new string('`', ticks);
                yield return (line, true);
                continue;
            }

            bool inside = fence.Length > 0;
            if (inside && bare && ticks >= fence.Length)
            {
                fence = "";
            }

            yield return (line, inside);
        }

        Assert.True(fence.Length == 0, "A fence is never closed.");
    }

    [GeneratedRegex(@"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)")]
    private static partial Regex Span();

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex Bar();

    // Mentions, links, images, tags, entities, references to tickets, emphasis, Jira's braces. Our own "**name:**" is let through.
    [GeneratedRegex(@"@|://|www\.|\]\(|<|&|\w#\d|(?<!\n)(?<!^)(?<!#)#\d|\b[A-Z]+-\d|[{}\[\]!~$_\\]|(?<!\*)\*(?!\*)|deadbeef", RegexOptions.Multiline)]
    private static partial Regex Loud();
}

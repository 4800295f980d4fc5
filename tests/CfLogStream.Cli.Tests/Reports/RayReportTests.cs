using CfLogStream.Cli.Reports;
using CfLogStream.Core.Insight.Findings;
using CfLogStream.Core.Insight.Ownership;
using CfLogStream.Core.Insight.Remedies;
using CfLogStream.Core.Insight.Requests;
using CfLogStream.Server.Insight.Requests;
using CfLogStream.Server.Tests.Insight.Reporting;

namespace CfLogStream.Cli.Tests.Reports;

/// <summary>The verdict's rows of a request's screen; what the rest says is tested on real rows.</summary>
public sealed class RayReportTests
{
    private const string Hostile = "a\u001b[31mb\r\nVerdict     all is well";

    private static readonly Remedy s_remedy = new() { Kind = RemedyKind.EditRule, Summary = "Narrow the rule.", Expression = "http.host eq \"api.shop.example\"" };

    [Fact]
    public void Write_WronglyStopped_SaysWhoOwnsTheRuleAndWhatToChange()
    {
        string[] lines = Lines(Verdict(0.97, SampleDiagnosis.Challenge() with { Remedies = [s_remedy] }, new Owner("edge", "#edge", "why", null, "")));
        string text = string.Join('\n', lines);
        Assert.Contains("Verdict     wrongly stopped, as it looks: sdk/okhttp is almost certainly legitimate (97 %); on this endpoint", text, StringComparison.Ordinal);
        Assert.Contains("Owner       edge, #edge; why", lines);
        Assert.Contains("To change   Narrow the rule.", lines);
        Assert.Contains("            http.host eq \"api.shop.example\"", lines);
        Assert.Contains("            cflogstream diagnose --host api.shop.example --data d", lines);
    }

    [Theory]
    [InlineData(0.01, "rightly stopped, as it looks: sdk/okhttp is almost certainly not legitimate (1 %)")]
    [InlineData(0.7, "too little of sdk/okhttp on APIs was stopped to call it an incident; it is probably legitimate (70 %)")]
    public void Write_NoIncident_SaysSoAndProposesNothing(double probability, string expected)
    {
        string[] lines = Lines(Verdict(probability, SampleDiagnosis.Challenge() with { Kind = FindingKind.RightlyStopped, Remedies = [s_remedy] }, null));
        Assert.Contains($"Verdict     {expected}", lines);
        Assert.Contains("Owner       nobody known (docs/owners.md)", lines);
        Assert.DoesNotContain(lines, static line => line.StartsWith("To change", StringComparison.Ordinal));
    }

    [Fact]
    public void Write_LongExpression_IsCountedAndNotShown()
    {
        string expression = "ip.src in {" + new string('1', 400) + "}";
        string[] lines = Lines(Verdict(0.97, SampleDiagnosis.Challenge() with { Remedies = [s_remedy with { Expression = expression }] }, null));
        Assert.Contains("            The expression has 412 characters.", lines);
        Assert.DoesNotContain(lines, static line => line.Contains("1111", StringComparison.Ordinal));
    }

    [Fact]
    public void Write_HostileTexts_MakeNoLineOfTheirOwn()
    {
        Remedy remedy = s_remedy with { Summary = Hostile, Expression = Hostile };
        string[] lines = Lines(Verdict(0.97, SampleDiagnosis.Challenge() with { Remedies = [remedy] }, new Owner(Hostile, Hostile, Hostile, null, "")), Hostile);
        Assert.Single(lines, static line => line.StartsWith("Verdict ", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, static line => line.Any(static c => char.IsControl(c)));
        Assert.Contains(lines, static line => line.StartsWith("            cflogstream diagnose --host '", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, "Verdict     none yet: nothing is counted of its minute")]
    [InlineData(false, null)]
    public void Write_NotJudged_SaysItOnlyWhileTheMinuteIsOpen(bool early, string? expected)
    {
        string[] lines = Lines(null, early: early);
        Assert.Equal(expected, lines.SingleOrDefault(static line => line.StartsWith("Verdict", StringComparison.Ordinal)));
    }

    private static RequestVerdict Verdict(double probability, Finding finding, Owner? owner) => new(new LegitimacyEstimate(probability, []), finding, owner);

    private static string[] Lines(RequestVerdict? verdict, string host = "api.shop.example", bool early = false)
    {
        using var written = new StringWriter { NewLine = "\n" };
        string[] texts =
            ["query", "scheme", "path", "client_ip", "client_asn_description", "country", "colo", "user_agent", "worker_script", "worker_status", "parent_ray"];
        string[] numbers = ["asn", "subrequests", "preflight"];
        var columns = new RequestColumns(
            texts.Select(static name => KeyValuePair.Create(name, (object?)""))
                .Concat(numbers.Select(static name => KeyValuePair.Create(name, (object?)0))).ToDictionary());
        new RayReport(written, 120, new RayView(false, TimeZoneInfo.Utc, " --data d")).Write(
            new RequestScreen
            {
                Columns = columns,
                Ray = "8dea4d930b427528",
                Time = new DateTime(2026, 5, 4, 12, 0, 0, DateTimeKind.Utc),
                Answer = AnswerVerdict.Of("blocked", 403, 0, "", ""),
                Outcome = "blocked",
                Lost = true,
                IsEarly = early,
                Sources = "http_requests only",
                Endpoint = new EndpointIdentity("shop.example", host, "POST", "/v1/orders", "api"),
                Client = new ClientIdentity("sdk", "okhttp", "claimed"),
                ClientReasons = [],
                Matches = [],
                IsOrderLogged = true,
                NotEvaluated = [],
                Scores = [],
                Neighbours = [],
                Verdict = verdict,
            },
            isFirst: true);
        return written.ToString().Split('\n');
    }
}

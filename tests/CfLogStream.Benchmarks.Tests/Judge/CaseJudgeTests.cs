using CfLogStream.Benchmarks.Judge;
using CfLogStream.Core.Insight.Detection;
using CfLogStream.Core.Insight.Findings;
using CfLogStream.Core.Tests.Insight.Detection;

namespace CfLogStream.Benchmarks.Tests.Judge;

/// <summary>What counts as right when a diagnosis is compared with the ledger.</summary>
public sealed class CaseJudgeTests
{
    private const string Host = "api.shop.example";
    private const string Path = "/v1/orders";

    /// <summary>A rule stops a partner's library and an app; the incident is about the library.</summary>
    private static readonly DiagnosisInput s_input = new InputBuilder()
        .Client("mobile_app", "shopapp", 20).Client("sdk", "okhttp", 3).Client("scanner", "nuclei", 9, ruleId: "rule-2", from: 0, good: 0, waf: 1)
        .Build();

    private static readonly TruthRow[] s_stopped =
        [new(Host, "POST", Path, "sdk", "okhttp", 90, 180), new(Host, "POST", Path, "mobile_app", "shopapp", 600, 1_200)];

    [Fact]
    public void Judge_LeadIsTheIncidentsClient_IsRight()
    {
        Verdict verdict = Judge(Truth("mobile_app", "shopapp", Label("mobile_app", "shopapp", 600, 0), Label("sdk", "okhttp", 90, 0)));
        Assert.Equal((1, 1), (verdict.Rank, verdict.OwnClassRank));
    }

    [Theory]
    [InlineData(600, 0, 1)]
    [InlineData(540, 60, 1)]
    [InlineData(530, 70, 0)]
    [InlineData(0, 600, 0)]
    public void Judge_LeadIsAnotherClient_IsRightIfTheLedgerCallsNineTenthsLegitimate(long legitimate, long attack, int expected)
    {
        Verdict verdict = Judge(Truth("sdk", "okhttp", Label("mobile_app", "shopapp", legitimate, attack), Label("sdk", "okhttp", 90, 0)));
        Assert.Equal(expected, verdict.Rank);
    }

    [Fact]
    public void Judge_LeadIsNotInTheLedger_IsWrong() =>
        Assert.Equal(0, Judge(Truth("sdk", "okhttp", Label("mobile_app", "other", 600, 0), Label("sdk", "okhttp", 90, 0))).Rank);

    [Fact]
    public void Judge_OtherRule_IsWrong()
    {
        Truth truth = Truth("mobile_app", "shopapp", Label("mobile_app", "shopapp", 600, 0)) with { RuleId = "rule-9" };
        Verdict verdict = Judge(truth);
        Assert.Equal((0, 0, null), (verdict.Rank, verdict.OwnClassRank, verdict.PatternRight));
        Assert.Equal("firewallcustom rule-1: mobile_app/shopapp on api.shop.example", verdict.Note);
    }

    [Fact]
    public void Judge_OtherEndpoint_IsWrong()
    {
        Truth truth = Truth("mobile_app", "shopapp", Label("mobile_app", "shopapp", 600, 0)) with
        {
            Stopped = [new(Host, "GET", "/v1/stock", "mobile_app", "shopapp", 600, 1_200)],
        };
        Assert.Equal(0, Judge(truth).Rank);
    }

    [Fact]
    public void Judge_OwnClass_CountsOnlyTheIncidentsOrTheOneThatLostMost()
    {
        Truth truth = Truth("sdk", "okhttp", Label("mobile_app", "shopapp", 600, 0), Label("sdk", "okhttp", 90, 0));
        Assert.Equal(1, Judge(truth).OwnClassRank);
        Assert.Equal(0, Judge(truth with { Stopped = [s_stopped[0] with { Lost = 1_000 }, s_stopped[1]] }).OwnClassRank);
    }

    [Fact]
    public void Area_AndCalibration_OfKnownPairs()
    {
        LabelledGroup[] pairs = [.. Diagnoser.Groups(s_input).Select(group => new LabelledGroup(group, group.Class == "scanner" ? 0 : 10, group.Class == "scanner" ? 10 : 0))];
        Assert.Equal(1, RankStatistics.Area(pairs));
        Assert.Equal(0, RankStatistics.Area([.. pairs.Select(pair => pair with { Legitimate = pair.Attack, Attack = pair.Legitimate })]));
        Assert.Equal(pairs.Average(pair => Math.Abs(pair.Group.Legitimacy.Probability - pair.Share)), RankStatistics.CalibrationError(pairs), 0.02);
    }

    private static Verdict Judge(Truth truth) => CaseJudge.Judge(new IncidentCase("a test", 1, truth, s_input, new Dictionary<RuleKey, RuleDetail>(), [], false, []));

    private static Truth Truth(string clientClass, string name, params TruthLabel[] labels) =>
        new("browser_rule_on_api", "shop.example", "firewallcustom", "rule-1", "", Host, clientClass, name, s_stopped, labels);

    private static TruthLabel Label(string clientClass, string name, long legitimate, long attack) =>
        new("firewallcustom", "rule-1", Host, clientClass, name, legitimate, attack);
}

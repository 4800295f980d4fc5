using CfLogStream.Core.Insight.Detection;
using CfLogStream.Core.Insight.Findings;
using CsCheck;

namespace CfLogStream.Core.Tests.Insight.Detection;

/// <summary>What is ranked before what, and what is no finding.</summary>
public sealed class DiagnoserTests
{
    [Fact]
    public void Candidates_APartnerThatUsedToSucceed_IsMisjudgedSinceTheFirstLoss()
    {
        FindingCandidate found = Diagnoser.Candidates(new InputBuilder().Client("webhook", "stripe", 5).Build())[0];
        Assert.Equal(FindingKind.Misjudged, found.Kind);
        Assert.Equal("stripe", found.Groups[0].Name);
        Assert.Equal(InputBuilder.Start.AddMinutes(30).AddSeconds(7), found.Onset);
        Assert.True(found.Groups[0].Legitimacy.Probability > 0.9, found.Groups[0].Legitimacy.ToString());
    }

    [Fact]
    public void Candidates_AScanner_IsRightlyStopped()
    {
        DiagnosisInput input = new InputBuilder().Client("scanner", "sqlmap", 50, "firewallmanaged", from: 0, good: 0, waf: 1).Build();
        FindingCandidate found = Assert.Single(Diagnoser.Candidates(input));
        Assert.Equal(FindingKind.RightlyStopped, found.Kind);
        Assert.True(found.Groups[0].Legitimacy.Probability < 0.05);
    }

    [Fact]
    public void Candidates_ManyAttacksAndFewPartners_ThePartnersComeFirst()
    {
        DiagnosisInput input = new InputBuilder()
            .Client("scanner", "sqlmap", 500, "firewallmanaged", "rule-2", from: 0, good: 0, waf: 1)
            .Client("sdk", "okhttp", 2)
            .Build();
        Assert.Equal("rule-1", Diagnoser.Candidates(input)[0].Rule.Id);
    }

    /// <summary>A library without a past that lost far more may be anybody; the app that used to succeed is the client.</summary>
    [Fact]
    public void Candidates_OneIsSureAndAnotherLostMore_TheSureOneLeads()
    {
        DiagnosisInput input = new InputBuilder()
            .Client("sdk", "okhttp", 60, share: 0.5, firstBin: 30, good: 1)
            .Client("mobile_app", "shopapp", 2)
            .Build();
        FindingCandidate found = Diagnoser.Candidates(input)[0];
        Assert.Equal(["shopapp", "okhttp"], found.Groups.Select(group => group.Name));
        Assert.True(found.Groups[1].Lost > 10 * found.Groups[0].Lost);
    }

    /// <summary>Both are probably legitimate; to lead with the less certain one would cost more than its few losses more are worth.</summary>
    [Fact]
    public void Candidates_LessCertainOneLostALittleMore_TheSurerLeads()
    {
        DiagnosisInput input = new InputBuilder()
            .Client("sdk", "okhttp", 11, firstBin: 29)
            .Client("mobile_app", "shopapp", 10)
            .Build();
        FindingCandidate found = Diagnoser.Candidates(input)[0];
        Assert.Equal(["shopapp", "okhttp"], found.Groups.Select(group => group.Name));
        Assert.InRange(found.Groups[1].Legitimacy.Probability, 0.8, found.Groups[0].Legitimacy.Probability - 0.05);
        Assert.True(found.Groups[1].Lost > found.Groups[0].Lost);
    }

    /// <summary>One client on one endpoint: its losses there, its judgement of the whole host.</summary>
    [Fact]
    public void Only_OneClientAndEndpoint_LeavesTheRestToTheOthers()
    {
        DiagnosisInput input = new InputBuilder()
            .Client("sdk", "okhttp", 10).Client("sdk", "axios", 4, path: "/v1/stock", method: "GET")
            .Build();
        FindingCandidate whole = Diagnoser.Candidates(input)[0];
        StoppedGroup axios = whole.Groups.Single(group => group.Name == "axios");
        FindingCandidate only = whole.Only(axios, "GET", "/v1/stock");
        Assert.Equal(["axios"], only.Groups.Select(group => group.Name));
        Assert.Equal(["okhttp"], only.Others.Select(group => group.Name));
        Assert.Equal((axios.Lost, axios.Legitimacy), (only.Groups[0].Lost, only.Groups[0].Legitimacy));
        Assert.Equal(axios.Lost, FindingFactory.Make(only, input, new RuleDetail()).Loss.Lost);

        // Nothing was counted of it there: then it is about all that was.
        Assert.Same(axios, whole.Only(axios, "DELETE", "/v1/stock").Groups[0]);
    }

    [Fact]
    public void Candidates_OneRuleStopsBoth_IsOneFindingThatNamesTheLegitimateOnly()
    {
        DiagnosisInput input = new InputBuilder()
            .Client("scanner", "nuclei", 50, from: 0, good: 0, waf: 1, path: "/{other}")
            .Client("sdk", "okhttp", 3)
            .Build();
        IReadOnlyList<FindingCandidate> found = Diagnoser.Candidates(input);
        Assert.Equal(["okhttp"], found[0].Groups.Select(group => group.Name));
        Assert.Equal(FindingKind.RightlyStopped, found[1].Kind);
        Finding finding = FindingFactory.Make(found[0], input, new RuleDetail());
        Assert.Contains(finding.Evidence, evidence => evidence.Name == "also_stops");
    }

    [Fact]
    public void Candidates_PeopleOnPages_AreNoApiClients()
    {
        DiagnosisInput input = new InputBuilder().Client("browser_nav", "chrome", 20, surface: "page", method: "GET", path: "/").Build();
        Assert.DoesNotContain(Diagnoser.Candidates(input), candidate => candidate.Kind == FindingKind.Misjudged);
    }

    [Fact]
    public void Candidates_AChallengeIssuedToAScriptInABrowser_IsALossUnlessSolved()
    {
        DiagnosisInput stopped = new InputBuilder().Client("browser_xhr", "chrome", 5, action: "managedchallenge").Build();
        Assert.Equal(FindingKind.Misjudged, Diagnoser.Candidates(stopped)[0].Kind);
        StopCell cell = stopped.Stops[0];
        DiagnosisInput solved = stopped with { Stops = [cell, cell with { Action = "managedchallengenoninteractivesolved", Lost = 0 }] };
        Assert.DoesNotContain(Diagnoser.Candidates(solved), candidate => candidate.Kind == FindingKind.Misjudged);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(300, true)]
    public void Candidates_ChallengesThatPeopleSolve_CountByWhatIsLost(long lost, bool isFound)
    {
        DiagnosisInput input = new InputBuilder().Client("browser_nav", "chrome", 10, action: "managedchallenge", surface: "mixed").Build();
        input = input with { Stops = [input.Stops[0] with { Lost = lost }] };
        Assert.Equal(isFound, Diagnoser.Candidates(input).Any(candidate => candidate.Kind == FindingKind.Misjudged));
    }

    [Fact]
    public void Candidates_ASkipRuleThatScannersRideOn_IsABroadBypass()
    {
        DiagnosisInput input = new InputBuilder()
            .Client("scanner", "sqlmap", 20, "firewallcustom", "skip-1", "skip", good: 0, waf: 1)
            .Client("sdk", "okhttp", 20, "firewallcustom", "skip-1", "skip")
            .Build();
        FindingCandidate found = Diagnoser.Candidates(input).First(candidate => candidate.Kind == FindingKind.BroadBypass);
        Assert.Equal(["sqlmap"], found.Groups.Select(group => group.Name));
    }

    [Theory]
    [InlineData(700, true)]
    [InlineData(2_000, false)]
    public void Candidates_FewAttacksUnderABusySkipRule_AreFoundDownToTwoInAThousand(int others, bool isFound)
    {
        DiagnosisInput input = new InputBuilder()
            .Client("scanner", "sqlmap", 2, "firewallcustom", "skip-1", "skip", good: 0, waf: 1)
            .Client("sdk", "okhttp", others, "firewallcustom", "skip-1", "skip")
            .Build();
        Assert.Equal(isFound, Diagnoser.Candidates(input).Any(candidate => candidate.Kind == FindingKind.BroadBypass));
    }

    [Fact]
    public void Candidates_AnyOrderOfTheInput_GivesTheSame()
    {
        DiagnosisInput input = new InputBuilder()
            .Client("scanner", "nuclei", 50, ruleId: "rule-3", from: 0, good: 0, waf: 1)
            .Client("sdk", "okhttp", 3).Client("sdk", "axios", 3).Client("webhook", "stripe", 3, ruleId: "rule-2")
            .Build();
        string expected = Describe(input);
        Gen.Shuffle(input.Stops.ToArray()).Sample(stops => Assert.Equal(expected, Describe(input with { Stops = stops })), iter: 50);
    }

    private static string Describe(DiagnosisInput input) => string.Join(
        '\n',
        Diagnoser.Candidates(input).Select(candidate => $"{candidate.Kind} {candidate.Rule} {string.Join(',', candidate.Groups.Select(group => group.Name))} {candidate.Score:R}"));
}

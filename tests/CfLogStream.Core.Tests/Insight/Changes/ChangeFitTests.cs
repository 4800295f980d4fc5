using CfLogStream.Core.Insight.Changes;
using CfLogStream.Core.Insight.Findings;

namespace CfLogStream.Core.Tests.Insight.Changes;

public sealed class ChangeFitTests
{
    private static readonly DateTime s_onset = new(2026, 8, 6, 13, 0, 0, DateTimeKind.Utc);

    private static readonly ChangeQuestion s_question = new(
        s_onset, new RuleIdentity("shop.example", "firewallcustom", "r1", "login", "", "block"), "shop.example", ChangeDirection.Stricter);

    [Fact]
    public void Rank_SeveralChanges_PutsTheSameRuleBeforeTheControlBeforeTheZone()
    {
        Change zone = Make("zone", -60) with { Control = "bic" };
        Change control = Make("control", -60) with { RuleId = "r2" };
        Change rule = Make("rule", -1_700) with { RuleId = "r1", Control = "" };
        Change reference = Make("reference", -60) with { RuleReference = "login" };
        Change other = Make("other", -1) with { Zone = "fleet.example" };

        IReadOnlyList<ChangeMatch> ranked = ChangeFit.Rank(s_question, [zone, control, other, rule, reference]);

        Assert.Equal(["reference", "control", "rule", "zone"], ranked.Select(match => match.Change.Id));
        Assert.Equal("The same rule was changed, 1 min before it began.", ranked[0].Reason);
        Assert.Equal("Something else was changed in the zone, 1 min before it began.", ranked[3].Reason);
    }

    [Theory]
    [InlineData(-1_801, false)]
    [InlineData(-1_800, true)]
    [InlineData(0, true)]
    [InlineData(120, true)]
    [InlineData(121, false)]
    public void Rank_OutsideTheTime_DoesNotFit(int seconds, bool fits) =>
        Assert.Equal(fits ? 1 : 0, ChangeFit.Rank(s_question, [Make("a", seconds) with { RuleId = "r1" }]).Count);

    [Fact]
    public void Rank_ChangeThatGoesTheOtherWay_ComesLast()
    {
        Change off = Make("off", -10) with { Kind = "rule_deleted" };
        Change on = Make("on", -600) with { Kind = "rule_created" };
        Change skip = Make("skip", -5) with { Kind = "rule_created", NewValue = """{"action":"skip"}""" };

        Assert.Equal(["on", "skip", "off"], ChangeFit.Rank(s_question, [off, on, skip]).Select(match => match.Change.Id));
        Assert.Equal(
            ["skip", "off", "on"],
            ChangeFit.Rank(s_question with { Direction = ChangeDirection.Looser }, [off, on, skip]).Select(match => match.Change.Id));
    }

    [Fact]
    public void Rank_BothVersionsOfTheAuditLog_AreOneChange()
    {
        Change first = Make("b", -10) with { RuleId = "r1" };
        Change second = Make("a", -10) with { RuleId = "r1", Source = "audit_logs_v2" };

        Assert.Equal(["b"], ChangeFit.Rank(s_question, [second, first]).Select(match => match.Change.Id));
    }

    [Theory]
    [InlineData("firewallmanaged", true, ChangeCause.CloudflareChange)]
    [InlineData("firewallmanaged", false, ChangeCause.Unknown)]
    [InlineData("firewallcustom", true, ChangeCause.NoChange)]
    public void Explain_WithoutAnOwnChange_SaysWhoseItWas(string control, bool hasAuditLogs, ChangeCause cause)
    {
        ChangeQuestion question = s_question with { Rule = s_question.Rule! with { Control = control } };

        Assert.Equal(cause, ChangeFit.Explain(question, [Make("far", -7_200)], hasAuditLogs).Cause);
    }

    [Fact]
    public void Explain_ManagedRuleWithAnUnrelatedChangeInTheZone_IsStillCloudflares()
    {
        ChangeQuestion question = s_question with { Rule = s_question.Rule! with { Control = "firewallmanaged" } };

        ChangeExplanation explanation = ChangeFit.Explain(question, [Make("bic", -60) with { Control = "bic" }], hasAuditLogs: true);

        Assert.Equal(ChangeCause.CloudflareChange, explanation.Cause);
        Assert.Empty(explanation.Matches);
        Assert.EndsWith("Something else was changed in the zone, 1 min before it began.", explanation.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_ChangeBySystem_IsCloudflares() => Assert.Equal(
        ChangeCause.CloudflareChange,
        ChangeFit.Explain(s_question, [Make("s", -60) with { RuleId = "r1", ActorKind = "system" }], hasAuditLogs: true).Cause);

    [Fact]
    public void Explain_OwnChange_IsNamed()
    {
        ChangeExplanation explanation = ChangeFit.Explain(s_question, [Make("own", -3) with { RuleId = "r1" }], hasAuditLogs: false);

        Assert.Equal((ChangeCause.OwnChange, "The same rule was changed, 3 s before it began."), (explanation.Cause, explanation.Text));
    }

    private static Change Make(string id, int seconds) => new(
        s_onset.AddSeconds(seconds), id, "shop.example", "audit_logs", "rule_updated", "firewallcustom", "", "", "dana", "user/UI", "", "", "");
}

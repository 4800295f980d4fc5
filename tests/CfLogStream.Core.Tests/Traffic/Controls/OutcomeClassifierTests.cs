using CfLogStream.Core.Traffic;

namespace CfLogStream.Core.Tests.Traffic.Controls;

/// <summary>The outcome that one record tells, and the entries it carries.</summary>
public sealed class OutcomeClassifierTests
{
    [Theory]
    [InlineData("block", "rateLimit", Outcome.RateLimited)]
    [InlineData("block", "firewallCustom", Outcome.Blocked)]
    [InlineData("skip", "firewallCustom", Outcome.Exempted)]
    [InlineData("log,skip", "firewallManaged,firewallCustom", Outcome.Exempted)]
    [InlineData("skip,log", "firewallCustom,firewallManaged", Outcome.Exempted)]
    [InlineData("skip,managedChallengeBypassed", "firewallCustom,firewallCustom", Outcome.ChallengeSolved)]
    [InlineData("managedChallengeBypassed,block", "firewallCustom,rateLimit", Outcome.RateLimited)]
    [InlineData("log,log", "firewallManaged,firewallManaged", Outcome.Logged)]
    [InlineData("managedChallenge,block", "botFight,firewallCustom", Outcome.Challenged)]
    public void Classify_Entries_TheTerminatingOneDecides(string actions, string sources, Outcome expected) =>
        Assert.Equal(expected, Logs.Http($"\"SecurityActions\":{Array(actions)},\"SecuritySources\":{Array(sources)}").Head.Outcome);

    [Fact]
    public void Classify_SecurityAction_PrefersTheEntryItNames()
    {
        const string Fields = "\"SecurityActions\":[\"managedChallenge\",\"log\",\"block\"],\"SecuritySources\":[\"botFight\",\"waf\",\"rateLimit\"],"
            + "\"SecurityRuleIDs\":[\"a\",\"b\",\"c\"]";
        Assert.Equal(Outcome.Challenged, Logs.Http(Fields).Head.Outcome);
        Assert.Equal(Outcome.RateLimited, Logs.Http(Fields + ",\"SecurityAction\":\"block\",\"SecurityRuleID\":\"c\"").Head.Outcome);
        Assert.Equal(Outcome.Challenged, Logs.Http(Fields + ",\"SecurityAction\":\"log\",\"SecurityRuleID\":\"b\"").Head.Outcome);
    }

    [Fact]
    public void Classify_Description_BelongsToTheNamedRule()
    {
        Classified record = Logs.Http("\"SecurityActions\":[\"skip\",\"block\"],\"SecuritySources\":[\"firewallCustom\",\"firewallManaged\"],"
            + "\"SecurityRuleIDs\":[\"a\",\"b\"],\"SecurityAction\":\"block\",\"SecurityRuleID\":\"b\",\"SecurityRuleDescription\":\"SQLi <b>\"");
        Assert.Equal(["firewallcustom skip a   -1", "firewallmanaged block b  SQLi <b> -1"], record.Entries);
        Assert.Equal(2, record.Head.AnnouncedEvents);
        Assert.True(record.Has(RecordFlags.Detailed));
    }

    [Theory]
    [InlineData("\"SecurityActions\":[\"log\",\"block\"],\"SecurityRuleIDs\":[\"a\"]", new[] { " log a   -1", " block    -1" })]
    [InlineData("\"SecuritySources\":[\"waf\"]", new[] { "waf     -1" })]
    [InlineData(
        "\"SecurityActions\":\"block\",\"SecuritySources\":\"rateLimit\",\"SecurityRuleIDs\":\"r\"",
        new[] { "ratelimit block r   -1" })]
    [InlineData(
        "\"SecurityActions\":[\"managed_challenge\"],\"SecuritySources\":[\"bot fight\"]",
        new[] { "botfight managedchallenge    -1" })]
    public void Classify_RaggedArrays_LeaveGapsEmpty(string fields, string[] expected)
    {
        Classified record = Logs.Http(fields);
        Assert.Equal(expected, record.Entries);
        Assert.Equal(expected.Length, record.Head.AnnouncedEvents);
    }

    [Theory]
    [InlineData("", -1, 0, Outcome.Passed)]
    [InlineData("\"SecurityAction\":\"\"", -1, 0, Outcome.Passed)]
    [InlineData("\"SecurityAction\":\"block\",\"SecurityRuleID\":\"r\"", -1, 1, Outcome.Blocked)]
    [InlineData("\"SecurityActions\":null,\"SecurityAction\":\"\"", -1, 0, Outcome.Passed)]
    [InlineData("\"SecurityActions\":[]", 0, 0, Outcome.Passed)]
    [InlineData("\"SecurityActions\":[],\"SecurityRuleIDs\":[],\"SecuritySources\":[],\"SecurityAction\":\"\"", 0, 0, Outcome.Passed)]
    [InlineData("\"SecurityActions\":[],\"SecurityAction\":\"block\"", -1, 1, Outcome.Blocked)]
    public void Classify_Announcement_FollowsTheArrays(string fields, int announced, int entries, Outcome outcome)
    {
        Classified record = Logs.Http(fields);
        Assert.Equal(announced, record.Head.AnnouncedEvents);
        Assert.Equal(entries, record.Head.EntryCount);
        Assert.Equal(outcome, record.Head.Outcome);
        Assert.Equal(announced < 0 || entries > 0 || record.Has(RecordFlags.Sampled), record.Has(RecordFlags.Detailed));
    }

    [Theory]
    [InlineData("\"EdgeResponseStatus\":403,\"OriginResponseStatus\":0", Outcome.Blocked)]
    [InlineData("\"EdgeResponseStatus\":403,\"OriginResponseStatus\":403", Outcome.Logged)]
    [InlineData("\"EdgeResponseStatus\":403", Outcome.Logged)]
    [InlineData("\"EdgeResponseStatus\":200,\"OriginResponseStatus\":0", Outcome.Logged)]
    public void Classify_UnknownAction_LooksAtTheStatus(string fields, Outcome expected) =>
        Assert.Equal(expected, Logs.Http("\"SecurityActions\":[\"brandNew\"],\"SecuritySources\":[\"x\"]," + fields).Head.Outcome);

    [Fact]
    public void Classify_MoreEntriesThanARecordKeeps_KeepsTheFirst()
    {
        string actions = "[" + string.Join(',', Enumerable.Repeat("\"log\"", 300)) + "]";
        Classified record = Logs.Http($"\"SecurityActions\":{actions}");
        Assert.Equal(255, record.Head.EntryCount);
        Assert.Equal(255, record.Head.AnnouncedEvents);
    }

    [Fact]
    public void Classify_SecurityEvent_IsOneEntry()
    {
        Classified record =
            Logs.Event("\"Action\":\"managedchallenge\",\"Source\":\"botfight\",\"RuleID\":\"bot_fight_mode\",\"Ref\":\"ref1\",\"Description\":\"d\",\"MatchIndex\":0");
        Assert.Equal(["botfight managedchallenge bot_fight_mode ref1 d 0"], record.Entries);
        Assert.Equal(0, record.Head.MatchIndex);
        Assert.Equal(Outcome.Challenged, record.Head.Outcome);
        Assert.Equal(-1, Logs.Event("").Head.MatchIndex);
    }

    private static string Array(string words) => "[" + string.Join(',', words.Split(',').Select(word => $"\"{word}\"")) + "]";
}

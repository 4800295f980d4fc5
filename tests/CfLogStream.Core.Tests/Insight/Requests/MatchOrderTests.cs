using CfLogStream.Core.Insight.Requests;

namespace CfLogStream.Core.Tests.Insight.Requests;

public sealed class MatchOrderTests
{
    [Fact]
    public void Of_WithMatchIndexes_EvaluatesTheGreatestFirstAndTheEndLast()
    {
        // As rows have them: the one that ended the request first, then by match index.
        (IReadOnlyList<MatchedControl> matches, bool isLogged) = MatchOrder.Of(
            [Match("firewallmanaged", "block", 0), Match("ratelimit", "log", 1), Match("firewallcustom", "skip", 2)], "blocked");
        Assert.True(isLogged);
        Assert.Equal(["firewallcustom", "ratelimit", "firewallmanaged"], matches.Select(match => match.Control));
        Assert.Equal([false, false, true], matches.Select(match => match.EndedRequest));
    }

    [Fact]
    public void Of_WithoutMatchIndexes_FollowsThePhases()
    {
        (IReadOnlyList<MatchedControl> matches, bool isLogged) = MatchOrder.Of(
            [Match("botmanagement", "managedchallenge"), Match("newproduct", "log"), Match("firewallmanaged", "log"), Match("firewallcustom", "log")],
            "challenged");
        Assert.False(isLogged);
        Assert.Equal(["firewallcustom", "firewallmanaged", "newproduct", "botmanagement"], matches.Select(match => match.Control));
    }

    [Theory]
    [InlineData("passed", "log", false)]
    [InlineData("exempted", "skip", false)]
    [InlineData("challenge_solved", "managedchallengesolved", false)]
    [InlineData("blocked", "log", false)]
    [InlineData("blocked", "brandnewaction", true)]
    [InlineData("dropped", "connectionclose", true)]
    [InlineData("rate_limited", "block", true)]
    public void Of_OneMatch_EndedTheRequestOnlyIfItCould(string outcome, string action, bool ended) =>
        Assert.Equal(ended, Assert.Single(MatchOrder.Of([Match("x", action)], outcome).Matches).EndedRequest);

    private static MatchedControl Match(string control, string action, int index = -1) => new(control, action, "id", "", "", index, "", false);
}

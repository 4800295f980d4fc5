using CfLogStream.Core.Insight.Detection;
using CfLogStream.Core.Insight.Findings;

namespace CfLogStream.Core.Tests.Insight.Detection;

public sealed class PatternDeciderTests
{
    [Theory]
    [InlineData("(http.host eq \"a.example\" and not http.user_agent contains \"Mozilla\")", MisjudgementPattern.BrowserRule)]
    [InlineData("(http.host eq \"a.example\" and not cf.bot_management.js_detection.passed)", MisjudgementPattern.BrowserRule)]
    [InlineData("len(http.request.headers[\"accept-language\"]) eq 0", MisjudgementPattern.BrowserRule)]
    [InlineData("not any(http.request.headers[\"sec-fetch-mode\"][*] eq \"navigate\")", MisjudgementPattern.BrowserRule)]
    [InlineData("http.host eq \"a.example\" and ip.src.country in {\"RU\" \"CN\"} and not http.user_agent contains \"x\"", MisjudgementPattern.GeoOrNetworkRule)]
    [InlineData("ip.geoip.asnum in {24940 16276}", MisjudgementPattern.GeoOrNetworkRule)]
    [InlineData("cf.bot_management.score lt 30 and not cf.client.bot", MisjudgementPattern.BotThreshold)]
    [InlineData("ip.src in {192.0.2.1 198.51.100.0/24}", MisjudgementPattern.AddressRule)]
    [InlineData("{\"action\":\"managed_challenge\",\"expression\":\"not http.user_agent contains \\u0022Mozilla\\u0022\"}", MisjudgementPattern.BrowserRule)]
    [InlineData("this is (no expression: http.user_agent", MisjudgementPattern.BrowserRule)]
    [InlineData("{\"expression\":", null)]
    [InlineData("{\"expression\":17}", null)]
    [InlineData("", null)]
    [InlineData("len(http.request.headers[\"authorization\"]) eq 0", null)]
    public void OfExpression_FieldsOfAClient_SayWhatItIsTakenFor(string value, MisjudgementPattern? expected)
    {
        Assert.Equal(expected, ExpressionPattern.Of(value, isChallenge: true));
        Assert.Equal(expected, ExpressionPattern.Of(value, isChallenge: false));
    }

    [Theory]
    [InlineData("http.host eq \"a.example\"")]
    [InlineData("(http.host eq \"a.example\" and starts_with(http.request.uri.path, \"/api/\") and http.request.method eq \"POST\" and not cf.client.bot)")]
    public void OfExpression_EverybodyThere_IsAnUnsolvableChallengeIfItChallenges(string expression)
    {
        Assert.Equal(MisjudgementPattern.UnsolvableChallenge, ExpressionPattern.Of(expression, isChallenge: true));
        Assert.Null(ExpressionPattern.Of(expression, isChallenge: false));
    }

    /// <summary>Nothing says what the rule looks at, and nothing differs between what it stops and what passes.</summary>
    [Theory]
    [InlineData("managedchallenge", true, MisjudgementPattern.UnsolvableChallenge)]
    [InlineData("managedchallenge", false, MisjudgementPattern.BrowserRule)]
    [InlineData("block", true, MisjudgementPattern.Unknown)]
    public void Decide_ByVictimsAlone_AsksWhetherPeopleAreChallengedToo(string action, bool people, MisjudgementPattern expected)
    {
        InputBuilder builder = new InputBuilder().Client("sdk", "okhttp", 5, action: action);
        if (people)
        {
            builder.Client("browser_nav", "chrome", 5, action: action, surface: "page", method: "GET", path: "/");
        }

        FindingCandidate found = Diagnoser.Candidates(builder.Build())[0];
        Assert.Equal(["okhttp"], found.Groups.Select(group => group.Name));
        Assert.Equal(expected, PatternDecider.Decide(found, null, new RuleDetail()));
    }
}

using CfLogStream.Core.Insight.Requests;

namespace CfLogStream.Core.Tests.Insight.Requests;

public sealed class RequestScoreTests
{
    [Theory]
    [InlineData(0, "Not Computed", null, "not computed: says nothing about the client")]
    [InlineData(1, "Heuristics", 1, "1 (1 automated … 99 human, Heuristics): certainly automated")]
    [InlineData(29, "", 29, "29 (1 automated … 99 human): likely automated, as wanted API clients are too")]
    [InlineData(30, "", 30, "30 (1 automated … 99 human): likely human")]
    [InlineData(99, "Machine Learning", 99, "99 (1 automated … 99 human, Machine Learning): likely human")]
    [InlineData(255, "", null, "not computed: says nothing about the client")]
    public void Bot_Score_IsReadWithItsDirection(int score, string source, int? value, string meaning) =>
        Assert.Equal(new RequestScore("bot_score", value, meaning), RequestScore.Bot(score, source));

    [Theory]
    [InlineData(0, null, "not scored")]
    [InlineData(1, 1, "1 (1 attack … 99 clean): attack")]
    [InlineData(20, 20, "20 (1 attack … 99 clean): attack")]
    [InlineData(21, 21, "21 (1 attack … 99 clean): likely attack")]
    [InlineData(50, 50, "50 (1 attack … 99 clean): likely attack")]
    [InlineData(51, 51, "51 (1 attack … 99 clean): likely clean")]
    [InlineData(81, 81, "81 (1 attack … 99 clean): clean")]
    [InlineData(100, null, "not scored")]
    public void Attack_Score_IsReadWithItsDirection(int score, int? value, string meaning) =>
        Assert.Equal(new RequestScore("waf_score", value, meaning), RequestScore.Attack("waf_score", score));
}

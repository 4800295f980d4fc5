using CfLogStream.Core.Logpush;

namespace CfLogStream.Core.Tests.Logpush;

public sealed class OldNamesTests
{
    [Theory]
    [InlineData("WAFAction", LogField.SecurityAction)]
    [InlineData("WAFRuleID", LogField.SecurityRuleID)]
    [InlineData("WAFRuleMessage", LogField.SecurityRuleDescription)]
    [InlineData("FirewallMatchesActions", LogField.SecurityActions)]
    [InlineData("FirewallMatchesRuleIDs", LogField.SecurityRuleIDs)]
    [InlineData("FirewallMatchesSources", LogField.SecuritySources)]
    public void Read_OldAndNewName_NewWinsUnlessItSaysNothing(string oldName, LogField field)
    {
        string[] orders(string oldValue, string newValue) =>
            [$"\"{oldName}\":{oldValue},\"{field}\":{newValue}", $"\"{field}\":{newValue},\"{oldName}\":{oldValue}"];

        Assert.Equal("old", OneLine.Http($"\"{oldName}\":\"old\"")[field]);
        foreach (string members in orders("\"old\"", "\"new\""))
        {
            Assert.Equal("new", OneLine.Http(members)[field]);
        }

        foreach (string empty in (string[])["null", "\"\"", "[]", "[ ]"])
        {
            Assert.All(orders("\"old\"", empty), members => Assert.Equal("old", OneLine.Http(members)[field]));
            Assert.All(orders(empty, "\"new\""), members => Assert.Equal("new", OneLine.Http(members)[field]));
        }
    }

    [Theory]
    [InlineData("0", "")]
    [InlineData("1", "allow")]
    [InlineData("2", "drop")]
    [InlineData("3", "managedChallenge")]
    [InlineData("4", "challenge")]
    [InlineData("5", "log")]
    [InlineData("6", "6")]
    [InlineData("\"2\"", "drop")]
    [InlineData("\"\\u0032\"", "drop")]
    [InlineData("\"unknown\"", "")]
    [InlineData("\"drop\"", "drop")]
    [InlineData("\"simulate\"", "simulate")]
    [InlineData("null", "")]
    public void Read_WafAction_CodesAreNamedAndUnknownIsEmpty(string value, string expected)
    {
        OneLine read = OneLine.Http($"\"WAFAction\":{value}");

        Assert.Equal(expected, read[LogField.SecurityAction]);
        Assert.True(read.Record.Has(LogField.SecurityAction));
    }

    [Fact]
    public void Read_NewActionUnknown_StaysVisible()
    {
        Assert.Equal("unknown", OneLine.Http("""  "SecurityAction":"unknown","WAFAction":"drop" """)[LogField.SecurityAction]);
    }

    [Fact]
    public void Read_NeitherName_FieldIsAbsent()
    {
        Assert.False(OneLine.Http("\"WAFFlags\":\"0\"").Record.Has(LogField.SecurityAction));
    }
}

using CfLogStream.Core.Insight.Ownership;

namespace CfLogStream.Core.Tests.Insight.Ownership;

public sealed class DescriptionTagsTests
{
    [Theory]
    [InlineData("Block bots (SEC-412)", "", "SEC-412", "")]
    [InlineData("INC-2291, SEC-1 and SEC-1: owner:payments until 2026-12-31.", "payments", "INC-2291 SEC-1", "2026-12-31")]
    [InlineData("owner = @team/payments-api, expires: 2027-01-02", "@team/payments-api", "", "2027-01-02")]
    [InlineData("Team: web. UTF-8 and SHA-256 and CVE-2021-44228 only", "web", "", "")]
    [InlineData("until 2026-13-31", "", "", "")]
    [InlineData("homeowner:x steam:y sec-412", "", "", "")]
    [InlineData("", "", "", "")]
    public void Read_Description_FindsOwnerIssuesAndDay(string description, string owner, string issues, string until)
    {
        var tags = DescriptionTags.Read(description);

        Assert.Equal(
            (owner, issues, until),
            (tags.Owner, string.Join(' ', tags.Issues), tags.Until?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) ?? ""));
    }

    [Fact]
    public void Read_OwnPattern_IsUsed() =>
        Assert.Equal("web", DescriptionTags.Read("[web] block", DescriptionTags.Compile(@"^\[(?<owner>\w+)\]")).Owner);

    [Fact]
    public void Read_PatternThatTakesTooLong_SaysNothing() => Assert.Equal(
        DescriptionTags.None, DescriptionTags.Read(new string('a', 4_000) + "!", DescriptionTags.Compile("^(?<owner>(a+)+)$")));

    [Fact]
    public void Compile_WithoutAGroup_IsRefused() => Assert.Equal(
        "The pattern 'x' has none of the groups 'issue', 'owner' and 'until'. (Parameter 'pattern')",
        Assert.Throws<ArgumentException>(() => DescriptionTags.Compile("x")).Message);
}

using CfLogStream.Core.Insight.Findings;
using CfLogStream.Server.Insight.Reporting;

namespace CfLogStream.Server.Tests.Insight.Reporting;

public sealed class WordingTests
{
    [Theory]
    [InlineData("8f2ab61c4d0e93a7", "cflogstream ray 8f2ab61c4d0e93a7")]
    [InlineData("$(reboot)", null)]
    [InlineData("8f2a;reboot", null)]
    [InlineData("-help", null)]
    [InlineData("", null)]
    public void RayCommand_WhatIsNoRayId_NeverReachesAShell(string ray, string? expected) => Assert.Equal(expected, FindingWording.RayCommand(ray));

    [Theory]
    [InlineData(0, "0.0 %")]
    [InlineData(0.0004, "<0.1 %")]
    [InlineData(0.9996, ">99.9 %")]
    [InlineData(1, "100.0 %")]
    [InlineData(double.NaN, "unknown")]
    public void Percent_NearlyNothingOrAll_IsNotRoundedToIt(double share, string expected) => Assert.Equal(expected, ReportNumbers.Percent(share));

    [Theory]
    [InlineData(1, "almost certainly legitimate (>99 %)")]
    [InlineData(0.5, "as likely legitimate as not (50 %)")]
    [InlineData(0.001, "almost certainly not legitimate (<1 %)")]
    public void Likely_AnyProbability_IsNeverCertain(double probability, string expected) => Assert.Equal(expected, FindingWording.Likely(probability));

    [Fact]
    public void Change_BeforeTheOnset_SaysHowLong()
    {
        Finding finding = SampleDiagnosis.Challenge();

        Assert.Equal(
            "rule updated by maria@shop.example at 2026-05-04 15:30:28 UTC, 44 s before the onset: "
            + "expression widened from the shop's pages to the whole zone",
            FindingWording.Change(finding, finding.Changes[0]));
        Assert.Equal("rule updated by maria@shop.example at 2026-05-04 15:30:28 UTC: expression widened from the shop's pages to the whole zone",
            FindingWording.Change(finding with { Onset = null }, finding.Changes[0]));
        Assert.Equal("ongoing since 2026-05-04 15:31 UTC; rule updated by maria@shop.example 44 s before", FindingWording.BriefSince(finding));
    }

    [Fact]
    public void Trend_MoreBinsThanRoom_JoinsThemAndKeepsTheSums()
    {
        FindingTrend trend = FindingTrend.Of(SampleDiagnosis.Challenge(), 20)!;

        Assert.Equal(16, trend.Requests.Count);
        Assert.Equal(TimeSpan.FromMinutes(90), trend.Bin);
        Assert.Equal(SampleDiagnosis.Challenge().Trend!.Requests.Sum(), trend.RequestsBefore + trend.RequestsAfter);
        Assert.Equal(SampleDiagnosis.Challenge().Trend!.Lost.Sum(), trend.LostAfter);
        Assert.Equal(0, trend.LostBefore);
        Assert.Equal((15 + (31.2 / 60)) / 24, trend.Onset!.Value, 9);
    }

    [Fact]
    public void Trend_UnevenOrEmptyLines_IsStillDrawn()
    {
        var at = new DateTime(2026, 5, 4, 0, 0, 0, DateTimeKind.Utc);
        Finding finding = SampleDiagnosis.Challenge();

        FindingTrend uneven = FindingTrend.Of(finding with { Trend = new TrendLine(at, TimeSpan.FromHours(1), [1], [0, 5, 2]) }, 10)!;
        Assert.Equal([1, 5, 2], uneven.Requests);
        Assert.Null(FindingTrend.Of(finding with { Trend = new TrendLine(at, TimeSpan.FromHours(1), [], []) }, 10));
        Assert.Null(FindingTrend.Of(finding with { Trend = null }, 10));
    }

    [Theory]
    [InlineData("a\u001b[2J\u202eb\u2028", "a\\x1b[2J\\u{202e}b\\u{2028}")]
    [InlineData("x\0\n", "x\\x00\\x0a")]
    [InlineData("naïve 漢字", "naïve 漢字")]
    public void Visible_WhatNobodySees_IsShown(string text, string expected) => Assert.Equal(expected, VisibleText.Of(text));

    [Fact]
    public void Visible_HalfOfACharacter_IsShown() => Assert.Equal("\\u{d800}x", VisibleText.Of("\ud800x"));

    [Fact]
    public void Visible_LongText_IsCut() => Assert.Equal(new string('x', 1000) + "…", VisibleText.Of(new string('x', 5000)));
}

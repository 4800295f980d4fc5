using CfLogStream.Server.Collecting;

namespace CfLogStream.Server.Tests.Collecting;

public sealed class DatePrefixTests
{
    private static readonly DateTimeOffset s_noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Of_NoDate_IsThePrefix() => Assert.Equal(["logs/"], new DatePrefix("logs/", "yyyyMMdd").Of(s_noon, s_noon));

    [Theory]
    [InlineData("yyyyMMdd", "logs/20261119/", "logs/20261120/", "logs/20261121/")]
    [InlineData("yyyy-MM-dd", "logs/2026-11-19/", "logs/2026-11-20/", "logs/2026-11-21/")]
    [InlineData("yyyy/MM/dd", "logs/2026/11/19/", "logs/2026/11/20/", "logs/2026/11/21/")]
    public void Of_OneDay_IsThatDayAndThoseAroundIt(string format, params string[] prefixes) =>
        Assert.Equal(prefixes, new DatePrefix("logs/{DATE}/", format).Of(s_noon, s_noon));

    [Fact]
    public void Of_AcrossALeapDayAndMidnight_MissesNone() => Assert.Equal(
        ["20280227", "20280228", "20280229", "20280301", "20280302"],
        new DatePrefix("{DATE}", "yyyyMMdd").Of(
            new DateTimeOffset(2028, 2, 28, 23, 59, 59, TimeSpan.Zero), new DateTimeOffset(2028, 3, 1, 0, 0, 0, TimeSpan.Zero)));

    [Fact]
    public void Of_TimesInOtherZones_AreDaysInUtc() => Assert.Equal(
        ["20261119", "20261120", "20261121"],
        new DatePrefix("{DATE}", "yyyyMMdd").Of(
            new DateTimeOffset(2026, 11, 21, 1, 0, 0, TimeSpan.FromHours(2)), new DateTimeOffset(2026, 11, 21, 1, 0, 0, TimeSpan.FromHours(2))));
}

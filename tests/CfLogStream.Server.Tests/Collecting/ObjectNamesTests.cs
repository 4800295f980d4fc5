using CfLogStream.Server.Collecting;

namespace CfLogStream.Server.Tests.Collecting;

public sealed class ObjectNamesTests
{
    [Theory]
    [InlineData("20261120/ownership-challenge.txt", 300, true)]
    [InlineData("ownership-challenge-1a2b.txt", 300, true)]
    [InlineData("logs/20261120/test.txt.gz", 40, true)]
    [InlineData("logs/20261120/", 0, true)]
    [InlineData("logs/20261120/", 12, true)]
    [InlineData("logs/20261120/empty.log.gz", 0, true)]
    [InlineData("logs/ownership-challenge/a.log.gz", 40, false)]
    [InlineData("logs/20261120/latest.txt.gz", 40, false)]
    public void IsIgnored_WhatLogpushTriesAPlaceWith_AndMarkers(string key, long length, bool isIgnored) =>
        Assert.Equal(isIgnored, ObjectNames.IsIgnored(new ObjectEntry(key, "", length, 0)));

    [Theory]
    [InlineData("20261120/20261120T101500Z_20261120T101530Z_ab12cd34.log.gz", "2026-11-20T10:15:00Z")]
    [InlineData("20261120T101500Z_x", "2026-11-20T10:15:00Z")]
    [InlineData("20261120T101500Z/other.log.gz", null)]
    [InlineData("20261320T101500Z_20261120T101530Z.log.gz", null)]
    [InlineData("99991231T235959Z_99991231T235959Z.log.gz", null)]
    [InlineData("other.log.gz", null)]
    public void TimeNs_IsThatOfTheNameOrOfTheObject(string key, string? time)
    {
        long expected = time is null ? 77 : ObjectEntry.NanosecondsOf(DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture).UtcDateTime);

        Assert.Equal(expected, ObjectNames.TimeNs(new ObjectEntry(key, "", 1, 77)));
    }
}

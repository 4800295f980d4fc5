using System.Globalization;
using CfLogStream.Cli.Verbs;

namespace CfLogStream.Cli.Tests.Verbs;

public sealed class MomentReaderTests
{
    private static readonly DateTime s_now = new(2026, 11, 29, 12, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData("now", "2026-11-29T12:00:00")]
    [InlineData("2h", "2026-11-29T10:00:00")]
    [InlineData("90s", "2026-11-29T11:58:30")]
    [InlineData("1.5h", "2026-11-29T10:30:00")]
    [InlineData("7d", "2026-11-22T12:00:00")]
    [InlineData("2026-11-29 14:03 Europe/Berlin", "2026-11-29T13:03:00")]
    [InlineData("2026-07-29 14:03 Europe/Berlin", "2026-07-29T12:03:00")]
    [InlineData("2026-11-29T14:03:05Z", "2026-11-29T14:03:05")]
    [InlineData("2026-11-29T14:03:05.25+02:00", "2026-11-29T12:03:05.25")]
    [InlineData("2026-11-29T14:03:05.123456789Z", "2026-11-29T14:03:05.1234567")]
    [InlineData("2026-11-29 14:03 UTC", "2026-11-29T14:03:00")]
    [InlineData("2026-11-29 14:03 -0530", "2026-11-29T19:33:00")]
    [InlineData("2026-11-29 14:03 UTC+2", "2026-11-29T12:03:00")]
    [InlineData("2026-11-28", "2026-11-28T00:00:00")]
    [InlineData("2026-11-28 America/New_York", "2026-11-28T05:00:00")]
    [InlineData("11:59", "2026-11-29T11:59:00")]
    [InlineData("12:01", "2026-11-28T12:01:00")]
    [InlineData("9:30 Asia/Tokyo", "2026-11-29T00:30:00")]
    [InlineData("1785500000", "2026-07-31T12:13:20")]
    [InlineData("1785500000123", "2026-07-31T12:13:20.123")]
    [InlineData("1785500000123456789", "2026-07-31T12:13:20.1234567")]
    [InlineData("2026-10-25 02:30 +02:00", "2026-10-25T00:30:00")]
    public void Read_Moment_IsUtc(string text, string expected) => Assert.Equal(
        DateTime.Parse(expected, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal),
        new MomentReader(TimeZoneInfo.Utc, s_now).Read("--at", text));

    [Fact]
    public void Read_WithoutAZone_IsInTheOneGiven()
    {
        var reader = new MomentReader(MomentReader.Zone("--tz", "Europe/Berlin"), s_now);
        Assert.Equal(new DateTime(2026, 11, 29, 11, 30, 0, DateTimeKind.Utc), reader.Read("--at", "2026-11-29 12:30"));
        Assert.Null(reader.NamedZone);
        reader.Read("--at", "2026-11-29 12:30 Asia/Tokyo");
        Assert.Equal("Asia/Tokyo", reader.NamedZone!.Id);
    }

    [Theory]
    [InlineData("", "it is no time")]
    [InlineData("yesterday", "it is no time")]
    [InlineData("2026-13-01", "there is no day '2026-13-01'")]
    [InlineData("2026-11-29 25:00", "there is no time of day '25:00'")]
    [InlineData("2026-11-29 14:03:99", "there is no time of day '14:03:99'")]
    [InlineData("2026-11-29 14:03 '; DROP", "it is no time")]
    [InlineData("2026-03-29 02:30 Europe/Berlin", "clocks in Europe/Berlin were put forward then, so there was no such time")]
    [InlineData("2026-10-25 02:30 Europe/Berlin", "clocks in Europe/Berlin were put back then, so it was twice: give the offset, +02:00 or +01:00")]
    public void Read_NoMoment_SaysWhy(string text, string why) => Assert.Equal(
        $"The value of '--at' is '{text}': {why}; expected for instance '2026-11-29 14:03 Europe/Berlin', '2026-11-29T14:03:05Z', '14:03', or '2h' for "
        + "two hours ago.",
        Assert.Throws<CommandException>(() => new MomentReader(TimeZoneInfo.Utc, s_now).Read("--at", text)).Message);

    [Theory]
    [InlineData("Mars/Base")]
    [InlineData("PST")]
    [InlineData("+25:00")]
    [InlineData("../../etc/passwd")]
    public void Zone_Unknown_SaysWhatIsExpected(string zone) => Assert.Equal(
        $"The value of '--tz' names the time zone '{zone}', which is not known; expected 'UTC', an offset such as '+01:00', or a name such as "
        + "'Europe/Berlin'. Abbreviations such as 'PST' mean several zones.",
        Assert.Throws<CommandException>(() => MomentReader.Zone("--tz", zone)).Message);

    [Theory]
    [InlineData("5", false)]
    [InlineData("0m", false)]
    [InlineData("-5m", false)]
    [InlineData("5m", true)]
    public void ReadDuration_Length_NeedsAUnit(string text, bool isOne)
    {
        Exception? problem = Record.Exception(() => MomentReader.ReadDuration("--within", text));
        Assert.Equal(
            isOne ? null : $"The value of '--within' is '{text}'; expected a number and a unit: s, m, h, d or w, for instance '5m'.", problem?.Message);
    }
}

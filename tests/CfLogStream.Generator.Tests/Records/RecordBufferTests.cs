using System.Text;
using System.Text.Json;
using CfLogStream.Generator.Records;
using CsCheck;

namespace CfLogStream.Generator.Tests.Records;

public sealed class RecordBufferTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Quoted_AnyText_ReadsBack(bool html)
    {
        const string Special = "\"\\<>&\u2028\u007f";
        Gen<char> special = Gen.Int[0, Special.Length - 1].Select(i => Special[i]);
        Gen.String[Gen.Frequency((4, Gen.Char[' ', '~']), (1, Gen.Char['\0', '\u001f']), (1, Gen.Char['\u0080', '\ud7ff']), (1, special))]
            .Sample(text =>
            {
                var buffer = new RecordBuffer(4) { EscapeHtml = html };
                buffer.Quoted(text);
                var reader = new Utf8JsonReader(buffer.Written);
                Assert.True(reader.Read());
                Assert.Equal(text, reader.GetString());
                Assert.Equal(-1, buffer.Written.IndexOfAnyInRange((byte)0, (byte)0x1F));
                Assert.False(html && buffer.Written.IndexOfAny("<>&"u8) >= 0);
            });
    }

    [Fact]
    public void Quoted_SurrogatePairs_ReadBack()
    {
        var buffer = new RecordBuffer();
        buffer.Quoted("\U0001F600\"\U0001F47E");

        Assert.Equal("\"\U0001F600\\\"\U0001F47E\"", Encoding.UTF8.GetString(buffer.Written));
    }

    [Fact]
    public void Number_AnyValue_IsItsText() => Gen.Long.Sample(value =>
    {
        var buffer = new RecordBuffer(1);
        buffer.Number(value);
        Assert.Equal(value.ToString(System.Globalization.CultureInfo.InvariantCulture), Encoding.ASCII.GetString(buffer.Written));
    });

    [Fact]
    public void Hex16_AnyValue_IsSixteenDigits() => Gen.ULong.Sample(value =>
    {
        var buffer = new RecordBuffer(1);
        buffer.Hex16(value);
        Assert.Equal(value.ToString("x16", System.Globalization.CultureInfo.InvariantCulture), Encoding.ASCII.GetString(buffer.Written));
    });

    [Fact]
    public void Timestamps_AnyTime_EqualDateTimeOffset() => Gen.Long[0, 4_102_444_800_000].Sample(ms =>
    {
        DateTimeOffset time = DateTimeOffset.FromUnixTimeMilliseconds(ms);
        Assert.Equal(time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
            Written(ms, TimestampFormat.Rfc3339).Trim('"'));
        Assert.Equal(time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture),
            Written(ms, TimestampFormat.Rfc3339Ms).Trim('"'));
        Assert.Equal(time.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z'", System.Globalization.CultureInfo.InvariantCulture),
            Written(ms, TimestampFormat.Rfc3339Ns).Trim('"'));
        Assert.Equal((ms / 1000).ToString(System.Globalization.CultureInfo.InvariantCulture), Written(ms, TimestampFormat.Unix));
        Assert.Equal((ms * 1_000_000).ToString(System.Globalization.CultureInfo.InvariantCulture), Written(ms, TimestampFormat.UnixNano));
    });

    private static string Written(long ms, TimestampFormat format)
    {
        var buffer = new RecordBuffer();
        Timestamps.Write(buffer, ms, format);
        return Encoding.ASCII.GetString(buffer.Written);
    }
}

using System.Globalization;
using System.Text;
using CfLogStream.Core.Logpush;
using CsCheck;

namespace CfLogStream.Core.Tests.Logpush;

public sealed class DigitsTests
{
    [Fact]
    public void TryParse_AnyNumberWithLeadingZeros_IsRead()
    {
        Gen.Select(Gen.ULong[0, 9_999_999_999_999_999_999], Gen.Int[1, Digits.MaxLength]).Sample((number, length) =>
        {
            string text = number.ToString(CultureInfo.InvariantCulture).PadLeft(Digits.MaxLength, '0')[^length..];
            return Digits.TryParse(Encoding.ASCII.GetBytes(text), out ulong value)
                && value == ulong.Parse(text, CultureInfo.InvariantCulture);
        });
    }

    [Fact]
    public void TryParse_AnyOtherByteAnywhere_IsRefused()
    {
        for (int length = 1; length <= Digits.MaxLength; length++)
        {
            for (int at = 0; at < length; at++)
            {
                for (int value = 0; value < 256; value++)
                {
                    byte[] text = Encoding.ASCII.GetBytes(new string('7', length));
                    text[at] = (byte)value;
                    Assert.Equal(value is >= '0' and <= '9', Digits.TryParse(text, out _));
                }
            }
        }
    }

    [Fact]
    public void TryParse_NothingOrTooMuch_IsRefused()
    {
        Assert.False(Digits.TryParse([], out _));
        Assert.False(Digits.TryParse("12345678901234567890"u8, out _));
    }
}

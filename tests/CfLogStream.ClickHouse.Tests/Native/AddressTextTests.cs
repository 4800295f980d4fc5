using System.Net;
using System.Text;
using CfLogStream.ClickHouse.Native;
using CsCheck;

namespace CfLogStream.ClickHouse.Tests.Native;

public sealed class AddressTextTests
{
    [Fact]
    public void TryParse_AnyAddressAsTextOfTheFramework_GivesItsBytes() =>
        Gen.Select(Gen.Byte.Array[16], Gen.Int[0, 15], Gen.Int[0, 16], Gen.Bool).Sample((bytes, zeroFrom, zeros, v4) =>
        {
            bytes.AsSpan(zeroFrom, Math.Min(zeros, 16 - zeroFrom)).Clear();
            var address = new IPAddress(v4 ? bytes.AsSpan(0, 4) : bytes);
            byte[] parsed = new byte[16];

            Assert.True(AddressText.TryParse(Encoding.ASCII.GetBytes(address.ToString()), parsed), address.ToString());
            Assert.Equal(address.MapToIPv6().GetAddressBytes(), parsed);
        });

    [Fact]
    public void TryParse_AnyTextOfAddressCharacters_AgreesWithTheFramework() =>
        Gen.Char["0159aF:.:.:"].Array[0, 20].Select(characters => new string(characters)).Sample(
            text =>
            {
                byte[] parsed = new byte[16];
                if (AddressText.TryParse(Encoding.ASCII.GetBytes(text), parsed))
                {
                    Assert.True(IPAddress.TryParse(text, out IPAddress? address), text);
                    Assert.Equal(address!.MapToIPv6().GetAddressBytes(), parsed);
                }
                else if (text.Contains(':') && IPAddress.TryParse(text, out IPAddress? address))
                {
                    Assert.Fail($"'{text}' is {address}.");
                }
            },
            iter: 20_000);

    [Theory]
    [InlineData("::", "::")]
    [InlineData("::1", "::1")]
    [InlineData("1::", "1::")]
    [InlineData("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8")]
    [InlineData("1:2:3:4:5:6:9.8.7.6", "1:2:3:4:5:6:9.8.7.6")]
    [InlineData("::ffff:1.2.3.4", "::ffff:1.2.3.4")]
    [InlineData("64:ff9b::1.2.3.4", "64:ff9b::1.2.3.4")]
    [InlineData("0.0.0.0", "::ffff:0.0.0.0")]
    [InlineData("2001:DB8::A", "2001:db8::a")]
    public void TryParse_Address_IsRead(string text, string expected)
    {
        byte[] parsed = new byte[16];
        Assert.True(AddressText.TryParse(Encoding.ASCII.GetBytes(text), parsed));
        Assert.Equal(IPAddress.Parse(expected).GetAddressBytes(), parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.256")]
    [InlineData("1.2.3.")]
    [InlineData(".1.2.3")]
    [InlineData("01.2.3.4")]
    [InlineData("0x1.2.3.4")]
    [InlineData(" 1.2.3.4")]
    [InlineData("1.2.3.4\n")]
    [InlineData(":")]
    [InlineData(":::")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("1:2:3:4:5:6:7:8::")]
    [InlineData("1::2::3")]
    [InlineData("12345::")]
    [InlineData("1:")]
    [InlineData(":1:2:3:4:5:6:7:8")]
    [InlineData("::1.2.3.4:5")]
    [InlineData("fe80::1%eth0")]
    [InlineData("[::1]")]
    public void TryParse_NoAddress_IsRefused(string text) =>
        Assert.False(AddressText.TryParse(Encoding.ASCII.GetBytes(text), new byte[16]));
}

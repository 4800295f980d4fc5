using System.Net;
using System.Net.Sockets;
using System.Text;
using CfLogStream.Core.Traffic.Clients;
using CsCheck;

namespace CfLogStream.Core.Tests.Traffic.Clients;

public sealed class IpPrefixTests
{
    [Theory]
    [InlineData("104.28.203.54", "104.28.203.54/32")]
    [InlineData("::ffff:78.197.123.35", "78.197.123.35/32")]
    [InlineData("::FFFF:1.2.3.4", "1.2.3.4/32")]
    [InlineData("0:0:0:0:0:ffff:102:304", "1.2.3.4/32")]
    [InlineData("2a06:98c0:3600::103", "2a06:98c0:3600::/64")]
    [InlineData("2001:DB8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("2001:db8::1", "2001:db8::/64")]
    [InlineData("2001:0db8:0:7::1", "2001:db8:0:7::/64")]
    [InlineData("::1", "::/64")]
    [InlineData("::", "::/64")]
    [InlineData("fe80::1%eth0", "fe80::/64")]
    [InlineData("1:2:3:4:5:6:1.2.3.4", "1:2:3:4::/64")]
    public void Format_Address_GivesPrefix(string text, string expected) => Assert.Equal(expected, Format(text));

    [Theory]
    [InlineData("")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.256")]
    [InlineData("1..3.4")]
    [InlineData("1.2.3.4/32")]
    [InlineData("0001.2.3.4")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("1::2::3")]
    [InlineData(":::")]
    [InlineData(":1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:")]
    [InlineData("1:2:3:4:5:6:7:1.2.3.4")]
    [InlineData("12345::")]
    [InlineData("g::")]
    [InlineData("1.2.3.4::")]
    [InlineData("localhost")]
    public void Parse_NoAddress_IsNone(string text) => Assert.False(IpPrefix.Parse(Encoding.ASCII.GetBytes(text)).IsAddress);

    [Fact]
    public void Parse_AnyAddress_AgreesWithIPAddress() =>
        Gen.Byte.Array[16].Select(Gen.Byte.Array[4], Gen.Int[0, 3], Gen.Int[0, 7], Gen.Int[0, 8])
        .Sample((six, four, form, zeroStart, zeroCount) =>
        {
            six.AsSpan(zeroStart * 2, Math.Min(zeroCount * 2, 16 - (zeroStart * 2))).Clear();
            var address = form == 0 ? new IPAddress(four) : form == 1 ? new IPAddress(four).MapToIPv6() : new IPAddress(six);
            IpPrefix prefix =
                IpPrefix.Parse(Encoding.ASCII.GetBytes(form == 3 ? address.ToString().ToUpperInvariant() : address.ToString()));
            Assert.Equal(Expected(address), Format(address.ToString()));
            Assert.True(prefix.IsAddress);
        });

    [Fact]
    public void Parse_AnyText_NeverThrowsAndAgreesOnIPv6() => Gen.String[Gen.Char["0123456789abcf:.%"], 0, 24].Sample(text =>
    {
        IpPrefix prefix = IpPrefix.Parse(Encoding.ASCII.GetBytes(text));
        bool isV6 = text.Contains(':', StringComparison.Ordinal) && IPAddress.TryParse(text.Split('%')[0], out IPAddress? address)
            && address.AddressFamily == AddressFamily.InterNetworkV6;
        if (text.Contains(':', StringComparison.Ordinal))
        {
            Assert.Equal(isV6, prefix.IsAddress);
        }
    });

    [Fact]
    public void Hash_SamePrefix_IsTheSame()
    {
        Assert.Equal(Hash("2001:db8:1:2::1"), Hash("2001:db8:1:2:ffff::9"));
        Assert.NotEqual(Hash("2001:db8:1:2::1"), Hash("2001:db8:1:3::1"));
        Assert.NotEqual(Hash("1.2.3.4"), Hash("1.2.3.5"));
        Assert.Equal(Hash("1.2.3.4"), Hash("::ffff:1.2.3.4"));
    }

    private static ulong Hash(string text) => IpPrefix.Parse(Encoding.ASCII.GetBytes(text)).Hash;

    private static string Format(string text)
    {
        Span<byte> span = new byte[IpPrefix.MaxFormattedLength];
        return Encoding.ASCII.GetString(span[..IpPrefix.Parse(Encoding.ASCII.GetBytes(text)).Format(span)]);
    }

    private static string Expected(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6 || address.AddressFamily == AddressFamily.InterNetwork)
        {
            return address.MapToIPv4() + "/32";
        }

        byte[] bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes) + "/64";
    }
}

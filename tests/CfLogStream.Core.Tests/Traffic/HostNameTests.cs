using System.Text;
using CfLogStream.Core.Traffic;

namespace CfLogStream.Core.Tests.Traffic;

public sealed class HostNameTests
{
    [Theory]
    [InlineData("WWW.Shop.Example", "www.shop.example")]
    [InlineData("shop.example:8443", "shop.example")]
    [InlineData("shop.example.", "shop.example")]
    [InlineData("[2001:db8::1]:8443", "[2001:db8::1]")]
    [InlineData("", "")]
    public void Write_Host_IsLowerCaseWithoutPort(string host, string expected)
    {
        byte[] destination = new byte[HostName.MaxLength];
        Assert.Equal(expected, Encoding.UTF8.GetString(destination, 0, HostName.Write(Encoding.UTF8.GetBytes(host), destination)));
    }

    [Theory]
    [InlineData("www.shop.example", "shop.example")]
    [InlineData("shop.example", "shop.example")]
    [InlineData("a.b.c.shop.example", "shop.example")]
    [InlineData("www.shop.co.uk", "shop.co.uk")]
    [InlineData("shop.com.br", "shop.com.br")]
    [InlineData("co.uk", "co.uk")]
    [InlineData("www.shop.com.example", "com.example")]
    [InlineData("localhost", "")]
    [InlineData("192.0.2.1", "")]
    [InlineData("[2001:db8::1]", "")]
    [InlineData("", "")]
    [InlineData(".example", "")]
    public void Site_OfHost_IsItsRegistrableLookingEnd(string host, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(HostName.Site(Encoding.UTF8.GetBytes(host))));

    [Theory]
    [InlineData("www.shop.example", "shop.example", true)]
    [InlineData("api.shop.example", "WWW.shop.example:443", true)]
    [InlineData("www.shop.example", "shop.example.evil.test", false)]
    [InlineData("www.shop.example", "", false)]
    [InlineData("localhost", "localhost:3000", true)]
    [InlineData("localhost", "otherhost", false)]
    public void IsSameSite_Hosts_ComparesSites(string host, string referer, bool expected) =>
        Assert.Equal(expected, HostName.IsSameSite(Encoding.UTF8.GetBytes(host), Encoding.UTF8.GetBytes(referer)));

    [Theory]
    [InlineData("https://www.shop.example/p/1", "www.shop.example")]
    [InlineData("https://user:secret@shop.example:8443?x", "shop.example:8443")]
    [InlineData("/p/1", "")]
    [InlineData("://x", "")]
    [InlineData("", "")]
    public void OfAddress_Referer_IsItsHost(string address, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(HostName.OfAddress(Encoding.UTF8.GetBytes(address))));

    [Theory]
    [InlineData("8dea4d930b427528", 0x8dea4d930b427528UL, true)]
    [InlineData("8DEA4D930B427528", 0x8dea4d930b427528UL, true)]
    [InlineData("", 0UL, false)]
    [InlineData("0", 0UL, false)]
    [InlineData("00", 0UL, false)]
    public void RayId_Text_IsItsValue(string text, ulong expected, bool hex)
    {
        Assert.Equal(expected, RayId.Read(Encoding.UTF8.GetBytes(text), out bool isHex));
        Assert.Equal(hex, isHex);
    }

    [Fact]
    public void RayId_OtherText_IsTheHashOfItsLowerCase()
    {
        Assert.Equal(StableHash.Of("8dea4d930b427528-iad"u8), RayId.Read("8dea4d930b427528-IAD"u8, out bool isHex));
        Assert.False(isHex);
    }
}

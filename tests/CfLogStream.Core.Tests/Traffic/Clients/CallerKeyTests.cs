namespace CfLogStream.Core.Tests.Traffic.Clients;

public sealed class CallerKeyTests
{
    private const string Ja4 = ",\"JA4\":\"t13d1516h2_8daaf6152771_02713d6af862\"";

    [Theory]
    [InlineData("okhttp/4.11.0", "okhttp/4.12.0")]
    [InlineData("billing-sync/3.1.0", "billing-sync/4.0.0 (prod)")]
    [InlineData(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/121.0.0.0 Safari/537.36",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0.0.0 Safari/537.36")]
    public void Caller_OfAnotherVersion_IsTheSame(string before, string after)
    {
        const string Place = ",\"ClientASN\":7922,\"ClientIP\":\"24.61.1.1\"";
        Assert.Equal(Caller(Logs.Agent(before) + Place), Caller(Logs.Agent(after) + Place));
    }

    [Fact]
    public void Caller_OfAService_SpreadsOverAddresses()
    {
        string first = Logs.Agent("billing-sync/3.1.0") + ",\"ClientASN\":16509" + Ja4;
        Assert.Equal(Caller(first + ",\"ClientIP\":\"3.120.1.1\""), Caller(first + ",\"ClientIP\":\"18.192.7.9\""));
        Assert.NotEqual(Caller(first), Caller(first.Replace("16509", "24940", StringComparison.Ordinal)));
        Assert.NotEqual(Caller(first), Caller(first.Replace("t13d1516h2", "t13d1715h2", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(",\"ClientASN\":16509")]
    [InlineData(",\"ClientASN\":0" + Ja4)]
    public void Caller_OfAServiceWithoutNetworkOrFingerprint_FallsBackToTheAddress(string fields)
    {
        string agent = Logs.Agent("billing-sync/3.1.0") + fields;
        Assert.NotEqual(Caller(agent + ",\"ClientIP\":\"3.120.1.1\""), Caller(agent + ",\"ClientIP\":\"18.192.7.9\""));
    }

    [Fact]
    public void Caller_OfABrowser_IsOneWhetherItNavigatesOrFetches()
    {
        string browser =
            Logs.Agent("Mozilla/5.0 (X11; Linux x86_64; rv:123.0) Gecko/20100101 Firefox/123.0") + ",\"ClientIP\":\"24.61.1.1\"";
        Assert.Equal(Caller(browser), Caller(browser + ",\"ClientXRequestedWith\":\"XMLHttpRequest\""));
    }

    [Fact]
    public void Caller_IsTheSameInEveryProcess() =>
        Assert.Equal(
            Caller(Logs.Agent("okhttp/4.12.0") + ",\"ClientIP\":\"1.2.3.4\""), Caller(Logs.Agent("okhttp/4.12.0") + ",\"ClientIP\":\"::ffff:1.2.3.4\""));

    private static ulong Caller(string fields) => Logs.Http(fields).Head.CallerHash;
}

using CfLogStream.Core.Traffic;

namespace CfLogStream.Core.Tests.Traffic.Clients;

/// <summary>What browsers do: navigate, fetch, or only claim to be one.</summary>
public sealed class BrowserRulesTests
{
    private static readonly string s_browser =
        Logs.Agent("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0.0.0 Safari/537.36");

    [Theory]
    [InlineData("", "browser_nav")]
    [InlineData(",\"ClientXRequestedWith\":\"XMLHttpRequest\"", "browser_xhr")]
    [InlineData(",\"RequestHeaders\":{\"sec-fetch-site\":\"same-origin\",\"sec-fetch-mode\":\"cors\"}", "browser_xhr")]
    [InlineData(",\"RequestHeaders\":{\"sec-fetch-site\":\"same-origin\",\"sec-fetch-mode\":\"same-origin\"}", "browser_xhr")]
    [InlineData(",\"RequestHeaders\":{\"sec-fetch-site\":\"none\",\"sec-fetch-mode\":\"navigate\"}", "browser_nav")]
    [InlineData(",\"RequestHeaders\":{\"sec-fetch-site\":\"same-origin\",\"sec-fetch-mode\":\"no-cors\"}", "browser_nav")]
    [InlineData(",\"RequestHeaders\":{\"sec-fetch-site\":[\"same-site\"],\"sec-fetch-mode\":[\"cors\"]}", "browser_xhr")]
    [InlineData(",\"RequestHeaders\":{\"sec-fetch-mode\":\"cors\"}", "browser_nav")]
    [InlineData(",\"RequestHeaders\":{\"origin\":\"https://app.shop.example\"}", "browser_xhr")]
    [InlineData(
        ",\"RequestHeaders\":{\"origin\":\"https://shop.example\",\"sec-fetch-site\":\"same-site\",\"sec-fetch-mode\":\"navigate\"}",
        "browser_nav")]
    [InlineData(",\"ClientRequestURI\":\"/api/cart\",\"ClientRequestReferer\":\"https://www.shop.example/p/1\"", "browser_xhr")]
    [InlineData(",\"ClientRequestURI\":\"/api/cart\",\"ClientRequestReferer\":\"https://shop.example/\"", "browser_xhr")]
    [InlineData(",\"ClientRequestURI\":\"/api/cart\",\"ClientRequestReferer\":\"https://evil.example/shop.example\"", "browser_nav")]
    [InlineData(",\"ClientRequestURI\":\"/p/1\",\"ClientRequestReferer\":\"https://www.shop.example/\"", "browser_nav")]
    [InlineData(",\"ClientRequestMethod\":\"DELETE\"", "browser_xhr")]
    [InlineData(",\"ClientRequestMethod\":\"POST\"", "browser_nav")]
    [InlineData(",\"ClientASN\":16509", "browser_claimed")]
    [InlineData(",\"ClientASN\":16509,\"ClientRequestReferer\":\"https://www.shop.example/\"", "browser_nav")]
    [InlineData(",\"ClientASN\":16509,\"RequestHeaders\":{\"accept-language\":\"de\"}", "browser_nav")]
    [InlineData(",\"ClientASN\":7922", "browser_nav")]
    [InlineData(",\"ClientASN\":13335", "browser_nav")]
    public void Classify_Browser_IsSplitByEvidence(string fields, string expected) =>
        Assert.Equal(expected + "/chrome", Logs.Http(s_browser + fields).Client);

    [Fact]
    public void Classify_NodeFetch_IsNoBrowser() =>
        Assert.Equal("sdk/node", Logs.Http(Logs.Agent("node") + ",\"RequestHeaders\":{\"sec-fetch-mode\":\"cors\"}").Client);

    [Theory]
    [InlineData("", Trust.Claimed)]
    [InlineData(",\"JA4\":\"t13d1516h2_8daaf6152771_02713d6af862\"", Trust.Claimed)]
    [InlineData(",\"JA4\":\"q13d0312h3_55b375c5d22e_06cda9e17597\"", Trust.Claimed)]
    [InlineData(",\"JA4\":\"t13d151600_8daaf6152771_02713d6af862\"", Trust.Contradicted)]
    [InlineData(",\"JA4\":\"t12d1516h2_8daaf6152771_02713d6af862\"", Trust.Contradicted)]
    [InlineData(",\"JA4\":\"nonsense\"", Trust.Claimed)]
    [InlineData(",\"RequestHeaders\":{\"sec-fetch-mode\":\"cors\"}", Trust.Contradicted)]
    [InlineData(",\"ClientMTLSAuthStatus\":\"ok\"", Trust.Verified)]
    [InlineData(",\"ClientMTLSAuthStatus\":\"absent\"", Trust.Claimed)]
    public void Trust_OfBrowser_FollowsOtherSignals(string fields, Trust expected) =>
        Assert.Equal(expected, Logs.Http(s_browser + fields).Head.Trust);

    [Theory]
    [InlineData("browser_nav", "", true)]
    [InlineData("browser_claimed", ",\"BotScore\":2,\"BotScoreSrc\":\"Heuristics\"", true)]
    public void BrowserFlag_OfBrowserClasses_IsSet(string expected, string fields, bool flag)
    {
        Classified record = Logs.Http(s_browser + fields);
        Assert.Equal(expected + "/chrome", record.Client);
        Assert.Equal(flag, record.Has(RecordFlags.BrowserClient));
    }

    [Fact]
    public void BrowserFlag_OfHeadless_IsNotSet() =>
        Assert.False(Logs.Http(Logs.Agent("HeadlessChrome/120.0")).Has(RecordFlags.BrowserClient));

    [Theory]
    [InlineData("com.acme.shop", "mobile_app/android_webview")]
    [InlineData("XMLHttpRequest", "browser_xhr/chrome")]
    [InlineData("", "browser_nav/chrome")]
    public void XRequestedWith_NamingAPackage_IsAnApp(string value, string expected) =>
        Assert.Equal(expected, Logs.Http(s_browser + $",\"ClientXRequestedWith\":\"{value}\"").Client);
}

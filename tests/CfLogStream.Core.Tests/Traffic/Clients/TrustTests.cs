using CfLogStream.Core.Traffic;

namespace CfLogStream.Core.Tests.Traffic.Clients;

/// <summary>How far other signals support what a user agent says.</summary>
public sealed class TrustTests
{
    private const string Post = "\"ClientRequestMethod\":\"POST\"";

    [Theory]
    [InlineData("Stripe/1.0", Post, Trust.Claimed)]
    [InlineData("Stripe/1.0", Post + ",\"RequestHeaders\":{\"stripe-signature\":\"t=1\"}", Trust.Corroborated)]
    [InlineData("Stripe/1.0", Post + ",\"RequestHeaders\":{\"x-shopify-topic\":\"orders\"}", Trust.Contradicted)]
    [InlineData("Stripe/1.0", Post + ",\"RequestHeaders\":{\"x-hub-signature\":\"1\"}", Trust.Claimed)]
    [InlineData("Stripe/1.0", "\"ClientRequestMethod\":\"GET\"", Trust.Contradicted)]
    [InlineData("Stripe/1.0", Post + ",\"ClientASN\":7922", Trust.Contradicted)]
    [InlineData("Stripe/1.0", Post + ",\"ClientASN\":7922,\"RequestHeaders\":{\"stripe-signature\":\"t=1\"}", Trust.Contradicted)]
    [InlineData("Stripe/1.0", Post + ",\"ClientASN\":16509", Trust.Claimed)]
    [InlineData("Stripe/1.0", Post + ",\"VerifiedBotCategory\":\"Webhooks\"", Trust.Verified)]
    [InlineData("Stripe/1.0", Post + ",\"ClientMTLSAuthStatus\":\"ok\",\"ClientASN\":7922", Trust.Verified)]
    [InlineData("facebookexternalua", Post + ",\"ClientASN\":32934", Trust.Corroborated)]
    [InlineData("facebookexternalua", "\"ClientRequestMethod\":\"GET\"", Trust.Claimed)]
    [InlineData("GitHub-Hookshot/1", Post + ",\"RequestHeaders\":{\"x-hub-signature-256\":\"1\"}", Trust.Corroborated)]
    [InlineData("Alertmanager/0.27.0", Post + ",\"ClientASN\":7922", Trust.Claimed)]
    [InlineData("Zapier", "\"ClientRequestMethod\":\"GET\"", Trust.Claimed)]
    [InlineData("Go-http-client/1.1", Post + ",\"RequestHeaders\":{\"stripe-signature\":\"t=1\"}", Trust.Claimed)]
    [InlineData("Go-http-client/1.1", Post + ",\"ClientIP\":\"3.135.57.98\"", Trust.Verified)]
    public void Trust_OfWebhook_NeedsASecondSignal(string agent, string fields, Trust expected) =>
        Assert.Equal(expected, Logs.Http(Logs.Agent(agent) + "," + fields).Head.Trust);

    [Theory]
    [InlineData("Googlebot/2.1", "", Trust.Claimed)]
    [InlineData("Googlebot/2.1", ",\"VerifiedBotCategory\":\"\"", Trust.Contradicted)]
    [InlineData("Googlebot/2.1", ",\"VerifiedBotCategory\":\"\",\"ClientIPClass\":\"searchEngine\"", Trust.Corroborated)]
    [InlineData("Googlebot/2.1", ",\"VerifiedBotCategory\":\"Search Engine Crawler\"", Trust.Verified)]
    [InlineData("AhrefsBot/7.0", ",\"VerifiedBotCategory\":\"\"", Trust.Claimed)]
    [InlineData("UptimeRobot/2.0", ",\"ClientIPClass\":\"monitoringService\"", Trust.Corroborated)]
    [InlineData("facebookexternalhit/1.1", ",\"ClientASN\":32934", Trust.Corroborated)]
    [InlineData("facebookexternalhit/1.1", ",\"ClientASN\":16509", Trust.Claimed)]
    public void Trust_OfNamedClient_FollowsAddressAndVerification(string agent, string fields, Trust expected) =>
        Assert.Equal(expected, Logs.Http(Logs.Agent(agent) + fields).Head.Trust);

    [Fact]
    public void VerifiedBotSource_WithoutCategory_VerifiesTheNamedOneAndNamesABrowserABot()
    {
        const string Source = ",\"BotScore\":1,\"BotScoreSrc\":\"Verified Bot\"";
        Classified named = Logs.Http(Logs.Agent("UptimeRobot/2.0") + Source);
        Assert.Equal("monitoring/uptimerobot", named.Client);
        Assert.Equal(Trust.Verified, named.Head.Trust);
        Classified browser = Logs.Http(Logs.Agent("Mozilla/5.0 (X11; Linux x86_64; rv:123.0) Gecko/20100101 Firefox/123.0") + Source);
        Assert.Equal("verified_bot/other", browser.Client);
        Assert.Equal(Trust.Verified, browser.Head.Trust);
    }
}

using CfLogStream.Core.Insight.Requests;
using CfLogStream.Core.Traffic;

namespace CfLogStream.Core.Tests.Insight.Requests;

public sealed class ClientExplanationTests
{
    private static readonly ClientFacets s_facets = new() { Class = "sdk", Name = "okhttp", Trust = "claimed" };

    [Fact]
    public void Explain_UserAgentToken_IsQuoted() => Assert.Equal(
        [
            "its user agent has 'okhttp/'", "AS16509 rents servers: seldom people",
            "claimed: nothing but its own word says so, and anyone can send it",
        ],
        Explain(s_facets with { UserAgent = "okhttp/4.9", Asn = 16509 }));

    [Fact]
    public void Explain_TokenOfTheUser_IsNamedSo()
    {
        var tables = new ClassificationTables(new ClassificationSettings { Clients = [new ClientToken("Acme/", "sdk", "acme", "")] });
        Assert.Contains(
            "its user agent has 'Acme/', a token of your configuration",
            new ClientExplanation(tables).Explain(s_facets with { Name = "acme", UserAgent = "Acme/2" }));
    }

    [Fact]
    public void Explain_Proofs_ComeFirst()
    {
        IReadOnlyList<string> reasons = Explain(new ClientFacets
        {
            Class = "webhook",
            Name = "stripe",
            Trust = "verified",
            MtlsStatus = "ok",
            VerifiedBotCategory = "Webhooks",
            UserAgent = "Stripe/1.0",
        });
        Assert.Equal("it showed a valid client certificate (ClientMTLSAuthStatus ok)", reasons[0]);
        Assert.Equal("Cloudflare verified it as a bot of the category 'Webhooks'", reasons[1]);
        Assert.Equal("verified: Cloudflare or the network proves who calls", reasons[^1]);
    }

    [Fact]
    public void Explain_ForeignNetworkAndMethod_SpeakAgainstAWebhook()
    {
        IReadOnlyList<string> reasons = Explain(new ClientFacets
        {
            Class = "webhook",
            Name = "github",
            Trust = "contradicted",
            UserAgent = "GitHub-Hookshot/1",
            Method = "GET",
            Asn = 3320,
        });
        Assert.Contains("it is a GET, and deliveries are posted", reasons);
        Assert.Contains("AS3320 serves homes, offices and phones: seldom a vendor's servers", reasons);
        Assert.Equal("contradicted: something in the request does not fit what it says it is", reasons[^1]);
    }

    [Fact]
    public void Explain_BotScoreZero_IsNoReason()
    {
        var browser = new ClientFacets { Class = "browser_claimed", Name = "chrome", Trust = "claimed", UserAgent = "Mozilla/5.0 Chrome/120.0 Safari/537.36" };
        Assert.DoesNotContain(Explain(browser), reason => reason.Contains("bot score", StringComparison.Ordinal));
        Assert.Contains(
            "a bot score of 12 (Heuristics) speaks for automation", Explain(browser with { BotScore = 12, BotScoreSource = "Heuristics" }));
    }

    [Fact]
    public void Explain_NoUserAgent_AndCloudflareItself_AreSaidSo()
    {
        Assert.Contains("no user agent was sent, or none was logged", Explain(s_facets with { Class = "no_ua", Name = "" }));
        Assert.Equal(
            ["made by Cloudflare itself (request source 'edgeWorkerFetch'), no client's request"],
            Explain(s_facets with { Class = "cf_internal", RequestSource = "edgeWorkerFetch" }));
    }

    private static IReadOnlyList<string> Explain(ClientFacets facets) =>
        new ClientExplanation(new ClassificationTables(new ClassificationSettings())).Explain(facets);
}

namespace CfLogStream.Core.Tests.Traffic.Clients;

/// <summary>The order of evidence: which of several signs in one request decides.</summary>
public sealed class PrecedenceTests
{
    private const string Chrome =
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0.0.0 Safari/537.36";

    [Theory]
    [InlineData("Mozilla/5.0 (compatible; Go-http-client/1.1; +centurybot9@gmail.com)", "crawler/centurybot")]
    [InlineData("serpstatbot/2.1 (advanced backlink tracking bot; https://serpstatbot.com/) curl/7.58.0", "crawler/serpstatbot")]
    [InlineData("LinkedInBot/1.0 (compatible; Mozilla/5.0; Jakarta Commons-HttpClient/4.3 +http://www.linkedin.com)", "preview/linkedin")]
    [InlineData("http.rb/5.1.1 (Mastodon/4.2.7; +https://mastodon.example/)", "preview/mastodon")]
    public void Classify_NamedClientWithLibraryToken_IsTheNamedOne(string userAgent, string expected) =>
        Assert.Equal(expected, Client(userAgent));

    [Theory]
    [InlineData("Mozilla/5.0 (compatible; YouBot/1.0; +https://about.you.com/youbot/)", "crawler/youbot")]
    [InlineData("Showyoubot/1.0 (http://showyou.com/support)", "crawler/showyoubot")]
    public void Classify_TokenInsideAWord_IsNotMatched(string userAgent, string expected) => Assert.Equal(expected, Client(userAgent));

    [Theory]
    [InlineData("WooCommerce/8.6.1 Hookshot (WordPress/6.4.3)", "webhook/woocommerce")]
    [InlineData("WordPress/6.4.3; https://blog.example", "sdk/wordpress")]
    [InlineData("UnityPlayer/2021.3.1f1 (UnityWebRequest/1.0, libcurl/7.80.0-DEV)", "mobile_app/unity")]
    [InlineData("PHP-Curl-Class/9.19.2 PHP/8.2.16 curl/7.88.1", "sdk/php_curl_class")]
    [InlineData("FME/2023.7 libcurl/7.85.0", "sdk/fme")]
    [InlineData("curl/8.6.0", "cli/curl")]
    [InlineData("Slackbot 1.0 (+https://api.slack.com/robots)", "webhook/slack")]
    [InlineData("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "preview/slack")]
    [InlineData("Slack-ImgProxy (+https://api.slack.com/robots)", "preview/slack_image_proxy")]
    [InlineData("facebookexternalua", "webhook/meta")]
    [InlineData("facebookplatform/1.0 (+http://developers.facebook.com)", "webhook/meta")]
    [InlineData("facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", "preview/facebook")]
    [InlineData("Stripe/1.0 (+https://stripe.com/docs/webhooks)", "webhook/stripe")]
    [InlineData("Stripe/v1 PythonBindings/5.4.0", "sdk/stripe")]
    public void Classify_Lookalikes_AreToldApart(string userAgent, string expected) => Assert.Equal(expected, Client(userAgent));

    [Theory]
    [InlineData("sqlmap/1.8 Slackbot 1.0", "scanner/sqlmap")]
    [InlineData("Slackbot 1.0 UptimeRobot/2", "webhook/slack")]
    [InlineData("UptimeRobot/2 HeadlessChrome/1", "monitoring/uptimerobot")]
    [InlineData("HeadlessChrome/1 Alamofire/5", "headless/headless_chrome")]
    [InlineData("python-requests/2.31 Alamofire/5", "mobile_app/python_requests")]
    public void Classify_TokensOfSeveralLevels_TheLowerLevelWins(string userAgent, string expected) =>
        Assert.Equal(expected, Client(userAgent));

    [Fact]
    public void Classify_LibraryInsideABrowser_IsABrowser() =>
        Assert.Equal("browser_nav/chrome", Client(Chrome + " Mechanize/2.9"));

    [Fact]
    public void Classify_LibraryAtTheStartOfABrowserLookalike_IsTheLibrary() =>
        Assert.Equal("sdk/python_requests", Client("python-requests/2.31.0 " + Chrome));

    [Fact]
    public void Classify_LibraryInsideACustomProduct_IsTheLibrary() =>
        Assert.Equal("sdk/aiohttp", Client("Python/3.11 aiohttp/3.9.3"));

    [Theory]
    [InlineData("\"ClientRequestSource\":\"edgeWorkerCacheAPI\"", "cf_internal/edge_worker_cache_api")]
    [InlineData("\"ClientRequestSource\":\"healthcheck\"", "cf_internal/healthcheck")]
    [InlineData("\"ClientRequestSource\":6", "cf_internal/edge_worker_cache_api")]
    [InlineData("\"ClientRequestSource\":\"somethingNew\"", "cf_internal/something_new")]
    [InlineData("\"ClientRequestSource\":\"eyeball\"", "scanner/sqlmap")]
    [InlineData("\"ClientRequestSource\":\"orangeToOrange\"", "scanner/sqlmap")]
    [InlineData("\"ClientRequestSource\":\"unknown\"", "scanner/sqlmap")]
    [InlineData("\"ClientRequestSource\":\"\"", "scanner/sqlmap")]
    public void Classify_RequestSource_ComesFirst(string source, string expected) =>
        Assert.Equal(expected, Logs.Http(Logs.Agent("sqlmap/1.8") + "," + source).Client);

    [Theory]
    [InlineData("Search Engine Crawler", "curl/8", "verified_bot/search_engine_crawler")]
    [InlineData("Advertising & Marketing", "curl/8", "verified_bot/advertising_marketing")]
    [InlineData("A New Category", "curl/8", "verified_bot/a_new_category")]
    [InlineData("Webhooks", "Stripe/1.0", "webhook/stripe")]
    [InlineData("Webhooks", "AcmeHooks/2.0", "webhook/acmehooks")]
    [InlineData("Webhooks", "", "webhook/other")]
    [InlineData("Monitoring & Analytics", "UptimeRobot/2.0", "monitoring/uptimerobot")]
    [InlineData("Monitoring & Analytics", Chrome, "monitoring/other")]
    public void Classify_VerifiedCategory_BeatsTheUserAgent(string category, string userAgent, string expected) =>
        Assert.Equal(expected, Logs.Http(Logs.Agent(userAgent) + ",\"VerifiedBotCategory\":\"" + category + "\"").Client);

    [Theory]
    [InlineData("Go-http-client/1.1", "\"stripe-signature\":\"t=1\"", "webhook/stripe")]
    [InlineData("", "\"x-telegram-bot-api-secret-token\":\"x\"", "webhook/telegram")]
    [InlineData("Go-http-client/1.1", "\"webhook-id\":\"1\",\"webhook-signature\":\"v1\"", "webhook/standard_webhooks")]
    [InlineData("Go-http-client/1.1", "\"x-hub-signature\":\"sha1=\"", "webhook/hub_signature")]
    [InlineData("Go-http-client/1.1", "\"x-webhook-signature\":\"1\"", "webhook/other")]
    [InlineData("GitHub-Hookshot/1", "\"stripe-signature\":\"t=1\"", "webhook/github")]
    [InlineData("Go-http-client/1.1", "\"x-hub-signature-256\":\"1\",\"x-github-event\":\"push\"", "webhook/github")]
    [InlineData("Go-http-client/1.1", "\"authorization\":\"Bearer x\"", "sdk/go_http_client")]
    [InlineData("Go-http-client/1.1", "\"stripe-signature\":\"\"", "sdk/go_http_client")]
    [InlineData("Go-http-client/1.1", "\"stripe-signature\":[\"t=1\",\"t=2\"]", "webhook/stripe")]
    public void Classify_WebhookHeader_NamesWhatTheUserAgentDoesNot(string userAgent, string headers, string expected) =>
        Assert.Equal(
            expected, Logs.Http("\"ClientRequestMethod\":\"POST\"," + Logs.Agent(userAgent) + ",\"RequestHeaders\":{" + headers + "}").Client);

    [Theory]
    [InlineData("POST", "webhook/brevo")]
    [InlineData("GET", "sdk/go_http_client")]
    public void Classify_PublishedWebhookAddress_NamesWhoPosts(string method, string expected) => Assert.Equal(
        expected, Logs.Http($"\"ClientRequestMethod\":\"{method}\",\"ClientIP\":\"1.179.112.9\"," + Logs.Agent("Go-http-client/1.1")).Client);

    private static string Client(string userAgent) => Logs.Http(Logs.Agent(userAgent)).Client;
}

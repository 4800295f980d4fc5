using System.Text.Json;
using CfLogStream.Core.Traffic;
using CsCheck;

namespace CfLogStream.Core.Tests.Traffic.Clients;

/// <summary>A ray's client is the same in both datasets as far as their common fields say who it is.</summary>
public sealed class DatasetAgreementTests
{
    private static readonly Gen<string> s_agents = Of(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0.0.0 Safari/537.36",
        "Mozilla/5.0 (Linux; Android 13; Pixel 6; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/121.0.0.0 Mobile Safari/537.36",
        "okhttp/4.12.0", "Dart/3.3 (dart:io)", "ShopApp/5.14.0 (example.shop.app; build:51402; iOS 18.6.0) Alamofire/5.9.1",
        "Stripe/1.0 (+https://stripe.com/docs/webhooks)", "python-requests/2.31.0", "billing-sync/3.1.0", "sqlmap/1.8", "UptimeRobot/2.0",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "",
        "-", "HeadlessChrome/120.0", "k6/0.54.0 (https://k6.io/)");

    [Fact]
    public void Classify_CommonFields_GiveTheSameClient() => Gen.Select(
        s_agents,
        Of(0, 7922, 16509, 13335, 32934),
        Of("24.61.1.1", "2001:db8:1:2::1", "2a06:98c0:3600::103", "1.179.112.9", ""),
        Of("noRecord", "scan", "badHost", "monitoringService", "searchEngine", ""),
        Of("GET", "POST", "PUT", "OPTIONS"),
        Of("/", "/api/cart", "/v1/orders/42", "/app.js"),
        Of("", "www.shop.example", "shop.example", "search.example"))
        .Sample((agent, asn, ip, ipClass, method, path, referer) =>
        {
            string common =
                Logs.Agent(agent) + $",\"ClientASN\":{asn},\"ClientIP\":\"{ip}\",\"ClientIPClass\":\"{ipClass}\",\"ClientRequestMethod\":\"{method}\"";
            string address = referer.Length == 0 ? "" : "https://" + referer + "/a?b=c";
            Classified http =
                Logs.Http(common + $",\"ClientRequestURI\":\"{path}?q=1\",\"ClientRequestReferer\":{JsonSerializer.Serialize(address)}");
            Classified ev = Logs.Event(common
                + $",\"ClientRequestPath\":\"{path}\",\"ClientRequestQuery\":\"?q=1\",\"ClientRefererScheme\":\"{(referer.Length == 0 ? "" : "https")}\""
                + $",\"ClientRefererHost\":\"{referer}\",\"ClientRefererPath\":\"{(referer.Length == 0 ? "" : "/a")}\""
                + $",\"ClientRefererQuery\":\"{(referer.Length == 0 ? "" : "?b=c")}\"");
            Assert.Equal(http.Client, ev.Client);
            Assert.Equal(http.Head.Trust, ev.Head.Trust);
            Assert.Equal(http.Head.ClientHash, ev.Head.ClientHash);
            Assert.Equal(http.Head.CallerHash, ev.Head.CallerHash);
            Assert.Equal(http.Head.EndpointHash, ev.Head.EndpointHash);
            Assert.Equal(http.Head.Surface, ev.Head.Surface);
            foreach (RecordText text in (RecordText[])[RecordText.Ray, RecordText.Zone, RecordText.Host, RecordText.Method, RecordText.Template, RecordText.Network])
            {
                Assert.Equal(http[text], ev[text]);
            }
        });

    private static Gen<T> Of<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}

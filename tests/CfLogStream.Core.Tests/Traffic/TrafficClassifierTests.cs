using System.Text.Json;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic;
using CsCheck;

namespace CfLogStream.Core.Tests.Traffic;

public sealed class TrafficClassifierTests
{
    [Fact]
    public void Classify_Request_FillsHeadAndDimensions()
    {
        Classified record = Logs.Classify("""
            {"RayID":"8DEA4D930B427528","EdgeStartTimestamp":"2026-08-13T10:00:00.250Z","EdgeEndTimestamp":"2026-08-13T10:00:00.300Z","ZoneName":"Shop.example",
            "ClientRequestHost":"API.shop.example:443","ClientRequestMethod":"post","ClientRequestURI":"/v1/orders/42?token=secret&page=2","ClientCountry":"de",
            "ClientASN":24940,"ClientIP":"2a01:4f8:c0c:12::7","ClientRequestUserAgent":"okhttp/4.12.0","ClientRequestBytes":512,"EdgeResponseBytes":"1024",
            "EdgeResponseStatus":201,"OriginResponseStatus":"201","EdgeTimeToFirstByteMs":48,"OriginResponseDurationMs":31,"BotScore":"20","WAFAttackScore":82,
            "SecurityActions":["skip"],"SecurityRuleIDs":["r1"],"SecuritySources":["firewallCustom"]}
            """.ReplaceLineEndings(""));
        TrafficHead head = record.Head;
        Assert.Equal(Dataset.HttpRequests, head.Dataset);
        Assert.Equal(1786615200250000000, head.TimeNs);
        Assert.Equal(0x8dea4d930b427528UL, head.Ray);
        Assert.Equal(0UL, head.ParentRay);
        Assert.Equal((512L, 1024L), (head.RequestBytes, head.ResponseBytes));
        Assert.Equal((48, 31, -1), (head.LatencyMs, head.OriginMs, head.MatchIndex));
        Assert.Equal((201, 201, 1), (head.EdgeStatus, head.OriginStatus, head.AnnouncedEvents));
        Assert.Equal((Outcome.Exempted, Surface.Api, Trust.Claimed), (head.Outcome, head.Surface, head.Trust));
        Assert.Equal((20, 82, 24940u), (head.BotScore, head.WafScore, head.Asn));
        Assert.True(record.Has(RecordFlags.HexRay) && record.Has(RecordFlags.HasOriginStatus) && record.Has(RecordFlags.Detailed));
        Assert.Equal("8dea4d930b427528", record[RecordText.Ray]);
        Assert.Equal("shop.example", record[RecordText.Zone]);
        Assert.Equal("api.shop.example", record[RecordText.Host]);
        Assert.Equal("post", record[RecordText.Method]);
        Assert.Equal("/v1/orders/{id}", record[RecordText.Template]);
        Assert.Equal("sdk/okhttp", record.Client);
        Assert.Equal("AS24940 2a01:4f8:c0c:12::/64", record[RecordText.Network]);
        Assert.Equal("DE", record[RecordText.Country]);
        Assert.Equal("/v1/orders/42", record[RecordText.Path]);
        Assert.Equal("token=***&page=2", record[RecordText.Query]);
        Assert.Equal("okhttp/4.12.0", record[RecordText.UserAgent]);
        Assert.Equal("2a01:4f8:c0c:12::7", record[RecordText.ClientIp]);
    }

    [Fact]
    public void Classify_SecurityEvent_FillsWhatItHas()
    {
        Classified record = Logs.Classify("""
            {"Action":"block","ClientASN":4562,"ClientASNDescription":"PERFORMIVE","ClientCountry":"us","ClientIP":"10.6.12.26","ClientIPClass":"noRecord",
            "ClientRefererHost":"abc.example.com","ClientRefererPath":"/abc/checkout","ClientRefererQuery":"?key=1234&x=2","ClientRefererScheme":"https",
            "ClientRequestHost":"foo-bar-baz.xyz","ClientRequestMethod":"GET","ClientRequestPath":"/.env","ClientRequestQuery":"?a=1","ClientRequestScheme":"http",
            "ClientRequestUserAgent":"curl/8.6.0","Datetime":1669858111716000000,"EdgeColoCode":"EWR","EdgeResponseStatus":403,"Kind":"firewall","MatchIndex":1,
            "Metadata":{"group":"cloudflare_specials"},"OriginResponseStatus":0,"OriginatorRayID":"00","RayID":"77280bee38a6c461","RuleID":"100016","Source":"waf"}
            """.ReplaceLineEndings(""));
        TrafficHead head = record.Head;
        Assert.Equal((Dataset.FirewallEvents, 1669858111716000000, Outcome.Blocked), (head.Dataset, head.TimeNs, head.Outcome));
        Assert.Equal((403, 0, 1, -1, -1), (head.EdgeStatus, head.OriginStatus, head.MatchIndex, head.LatencyMs, head.OriginMs));
        Assert.Equal("foo-bar-baz.xyz", record[RecordText.Zone]);
        Assert.Equal("cli/curl", record.Client);
        Assert.Equal("AS4562 10.6.12.26/32", record[RecordText.Network]);
        Assert.Equal("a=1", record[RecordText.Query]);
        Assert.Equal("https://abc.example.com/abc/checkout?key=***&x=2", record[RecordText.Referer]);
        Assert.Equal("{\"group\":\"cloudflare_specials\"}", record[RecordText.Metadata]);
        Assert.Equal("PERFORMIVE", record[RecordText.ClientAsnDescription]);
        Assert.Equal(["waf block 100016   1"], record.Entries);
    }

    [Theory]
    [InlineData("\"ClientRequestPath\":\"/a\",\"ClientRequestURI\":\"/b?c\"", "/a", "c")]
    [InlineData("\"ClientRequestURI\":\"/b/c?d=e?f\"", "/b/c", "d=e?f")]
    [InlineData("\"ClientRequestURI\":\"http://www.shop.example/b?c=d\"", "/b", "c=d")]
    [InlineData("\"ClientRequestURI\":\"http://www.shop.example\"", "/", "")]
    [InlineData("\"ClientRequestURI\":\"\"", "", "")]
    [InlineData("\"ClientRequestURI\":\"*\"", "*", "")]
    public void Classify_PathAndQuery_ComeFromWhatIsLogged(string fields, string path, string query)
    {
        Classified record = Logs.Http(fields);
        Assert.Equal(path, record[RecordText.Path]);
        Assert.Equal(query, record[RecordText.Query]);
    }

    [Theory]
    [InlineData("\"EdgeTimeToFirstByteMs\":0", 0)]
    [InlineData("\"EdgeTimeToFirstByteMs\":-5", -1)]
    [InlineData("\"EdgeTimeToFirstByteMs\":7,\"EdgeEndTimestamp\":\"2026-08-13T10:00:05Z\"", 7)]
    [InlineData("\"EdgeEndTimestamp\":\"2026-08-13T10:00:05Z\"", 5000)]
    [InlineData("\"EdgeStartTimestamp\":1786615200000000000,\"EdgeEndTimestamp\":1786615200016999999", 16)]
    [InlineData("\"EdgeEndTimestamp\":\"2026-08-13T09:59:59Z\"", -1)]
    [InlineData("\"EdgeEndTimestamp\":\"nonsense\"", -1)]
    [InlineData("", -1)]
    public void Classify_Latency_IsFirstByteElseEndMinusStart(string fields, int expected) =>
        Assert.Equal(expected, Logs.Http(fields).Head.LatencyMs);

    [Theory]
    [InlineData("\"OriginResponseDurationMs\":12", 12)]
    [InlineData("\"OriginResponseTime\":12999999", 12)]
    [InlineData("\"OriginResponseDurationMs\":0,\"OriginResponseTime\":12000000", 12)]
    [InlineData("\"OriginResponseDurationMs\":3,\"OriginResponseTime\":12000000", 3)]
    [InlineData("\"OriginResponseDurationMs\":0,\"OriginResponseStatus\":200", 0)]
    [InlineData("\"OriginResponseDurationMs\":0,\"OriginResponseStatus\":0", -1)]
    [InlineData("", -1)]
    public void Classify_OriginDuration_TakesOldAndNewField(string fields, int expected) =>
        Assert.Equal(expected, Logs.Http(fields).Head.OriginMs);

    [Theory]
    [InlineData("", 0, false)]
    [InlineData("\"OriginResponseStatus\":0", 0, true)]
    [InlineData("\"OriginResponseStatus\":503", 503, true)]
    [InlineData("\"OriginResponseStatus\":null", 0, false)]
    [InlineData("\"OriginResponseStatus\":\"\"", 0, false)]
    public void Classify_OriginStatus_TellsAbsentFromZero(string fields, int status, bool isLogged)
    {
        Classified record = Logs.Http(fields);
        Assert.Equal(status, record.Head.OriginStatus);
        Assert.Equal(isLogged, record.Has(RecordFlags.HasOriginStatus));
    }

    [Theory]
    [InlineData("\"ClientRequestMethod\":\"OPTIONS\",\"ClientRequestURI\":\"/api/cart\"", true)]
    [InlineData("\"ClientRequestMethod\":\"OPTIONS\",\"ClientRequestURI\":\"/p/1\"", false)]
    [InlineData("\"ClientRequestMethod\":\"OPTIONS\",\"RequestHeaders\":{\"access-control-request-method\":\"PUT\"}", true)]
    [InlineData("\"ClientRequestMethod\":\"GET\",\"ClientRequestURI\":\"/api/cart\"", false)]
    public void Classify_Preflight_IsMarked(string fields, bool expected) =>
        Assert.Equal(expected, Logs.Http(fields).Has(RecordFlags.Preflight));

    [Fact]
    public void Classify_ParentRay_IsNoneFor00()
    {
        Assert.Equal(0UL, Logs.Http("\"ParentRayID\":\"00\"").Head.ParentRay);
        Classified child = Logs.Http("\"ParentRayID\":\"a27fe3039e6f1216\"");
        Assert.Equal(0xa27fe3039e6f1216UL, child.Head.ParentRay);
        Assert.Equal("a27fe3039e6f1216", child[RecordText.ParentRay]);
    }

    [Fact]
    public void Classify_Sampling_IsAFunctionOfTheRay()
    {
        var all = new ClassificationSettings { SampleOneOf = 1 };
        var none = new ClassificationSettings { SampleOneOf = 0 };
        Assert.True(Logs.Http("\"SecurityActions\":[]", all).Has(RecordFlags.Sampled | RecordFlags.Detailed));
        Assert.False(Logs.Http("\"SecurityActions\":[]", none).Has(RecordFlags.Sampled));
        Assert.False(Logs.Http("\"SecurityActions\":[]", none).Has(RecordFlags.Detailed));
        bool expected = StableHash.Of(0x8dea4d930b427528UL) % 7 == 0;
        Assert.Equal(
            expected, Logs.Http("\"SecurityActions\":[]", new ClassificationSettings { SampleOneOf = 7 }).Has(RecordFlags.Sampled));
    }

    [Fact]
    public void Classify_Extras_CarryFieldsAndHeadersWithSecretsHidden()
    {
        var settings = new ClassificationSettings { ExtraFields = ["CacheReserveUsed", "Cookies", "SmartRouteColoID"] };
        Classified record = Logs.Http(
            "\"CacheReserveUsed\":true,\"Cookies\":{\"sid\":\"secret\"},\"RequestHeaders\":{\"accept-language\":\"de\",\"authorization\":\"Bearer x\"}", settings);
        Assert.Equal(["CacheReserveUsed=true", "Cookies=***", "header:accept-language=de", "header:authorization=***"], record.Extras);
        Assert.Empty(Logs.Http("\"SecurityActions\":[],\"CacheReserveUsed\":true", settings with { SampleOneOf = 0 }).Extras);
    }

    [Fact]
    public void Classify_KnownTemplate_IsMarked()
    {
        var settings = new ClassificationSettings
        {
            PathTemplates = ["/users/{name}"],
            Surfaces = [new SurfaceOverride("www.shop.example", "/users/", Surface.Page)],
        };
        Classified record = Logs.Http("\"ClientRequestURI\":\"/users/alice\"", settings);
        Assert.Equal("/users/{name}", record[RecordText.Template]);
        Assert.True(record.Has(RecordFlags.KnownTemplate));
        Assert.Equal(Surface.Page, record.Head.Surface);
        Assert.False(Logs.Http("\"ClientRequestURI\":\"/users/alice\"").Has(RecordFlags.KnownTemplate));
    }

    [Theory]
    [InlineData("<img src=x onerror=alert(1)>")]
    [InlineData("'; DROP TABLE requests; --")]
    [InlineData("a\nb\t\u001b[31m\"\\")]
    [InlineData("naïve 🤖 \u2028")]
    public void Classify_AttackersText_IsStoredUnchanged(string text)
    {
        string json = JsonSerializer.Serialize(text);
        Classified record =
            Logs.Http($"\"ClientRequestUserAgent\":{json},\"SecurityRuleDescription\":{json},\"SecurityAction\":\"block\",\"ClientXRequestedWith\":{json}");
        Assert.Equal(text, record[RecordText.UserAgent]);
        Assert.Equal(text, record[RecordText.XRequestedWith]);
        Assert.Equal([$" block   {text} -1"], record.Entries);
    }

    [Fact]
    public void Classify_LongMethodHostAndCountry_AreBounded()
    {
        Classified record =
            Logs.Http($"\"ClientRequestMethod\":\"{new string('m', 5000)}\",\"ClientRequestHost\":\"{new string('h', 5000)}.example\",\"ClientCountry\":\"{new string('c', 5000)}\"");
        Assert.Equal((32, 255, 64), (record[RecordText.Method].Length, record[RecordText.Host].Length, record[RecordText.Country].Length));
    }

    [Fact]
    public void Classify_SameRecordThroughAnyHistory_IsTheSame()
    {
        // The caches may only save time: a classifier that has met other records gives what a fresh one gives.
        string[] lines =
        [
            .. from host in (string[])["a.example", "b.example", new string('h', 300)]
               from path in (string[])["/v1/x", "/v1/y?z", "/" + new string('p', 500), "", "\\n/v1/x"]
               from agent in (string[])["curl/8", "okhttp/4", new string('u', 400)]
               select $$"""{"RayID":"8dea4d930b427528","EdgeStartTimestamp":"2026-08-13T10:00:00Z","ClientRequestHost":"{{host}}","ClientRequestMethod":"GET","ClientRequestURI":"{{path}}","ClientRequestUserAgent":"{{agent}}"}""",
        ];
        var tables = new ClassificationTables(new ClassificationSettings());
        Gen.Int[0, lines.Length - 1].List[1, 30].Sample(order =>
        {
            var warm = new TrafficClassifier(tables);
            var batch = new TrafficBatch();
            foreach (int i in order)
            {
                batch.Clear();
                warm.Classify(Logs.Read(lines[i]), batch);
            }

            var fresh = new TrafficBatch();
            new TrafficClassifier(tables).Classify(Logs.Read(lines[order[^1]]), fresh);
            Assert.True(fresh[0].Data.SequenceEqual(batch[0].Data));
            Assert.Equal(fresh.Head(0).EndpointHash, batch.Head(0).EndpointHash);
            Assert.Equal(fresh.Head(0).CallerHash, batch.Head(0).CallerHash);
        }, iter: 200);
    }

    [Fact]
    public void Classify_AfterWarmUp_AllocatesNothing()
    {
        var reader = new RecordReader(new ReaderOptions { ExtraFields = ["CacheReserveUsed"] });
        LogRecord record = reader.CreateRecord();
        byte[][] lines = [.. Lines().Select(System.Text.Encoding.UTF8.GetBytes)];
        var classifier = new TrafficClassifier(new ClassificationSettings { ExtraFields = ["CacheReserveUsed"] });
        var batch = new TrafficBatch();

        // The best of several rounds: a collection on another thread moves this thread's count by what it retires.
        long best = long.MaxValue;
        for (int round = 0; round < 8; round++)
        {
            batch.Clear();
            long allocated = 0;
            foreach (byte[] line in lines)
            {
                Assert.Equal(ReadStatus.Record, reader.Read(line, 0, line.Length, record, out _));
                long before = GC.GetAllocatedBytesForCurrentThread();
                classifier.Classify(record, batch);
                allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            }

            best = round < 2 ? best : Math.Min(best, allocated);
        }

        Assert.Equal(0, best);
        Assert.Equal(lines.Length, batch.Count);
    }

    private static IEnumerable<string> Lines()
    {
        string[] agents =
        [
            "okhttp/4.12.0",
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0.0.0 Safari/537.36", "Stripe/1.0",
            "ShopApp/51402 CFNetwork/1498.700.2 Darwin/23.6.0", "FooBot/1.0 (+http://foo.example)",
            "", new string('x', 600), "acme\\u0026co/1.0",
        ];
        for (int i = 0; i < 2000; i++)
        {
            string common = $"\"RayID\":\"{StableHash.Of((ulong)i):x16}\",\"ClientRequestHost\":\"api.shop.example\",\"ClientRequestMethod\":\"POST\","
                + $"\"ClientRequestUserAgent\":\"{agents[i % agents.Length]}\",\"ClientASN\":{(i % 3) * 7922},\"ClientIP\":\"2001:db8::{i:x}\",\"ClientCountry\":\"de\"";
            yield return i % 4 == 0
                ? $"{{{common},\"Datetime\":\"2026-08-13T10:00:00Z\",\"Action\":\"block\",\"Source\":\"waf\",\"ClientRequestPath\":\"/v1/orders/{i}\","
                    + "\"ClientRequestQuery\":\"?token=abc\",\"ClientRefererHost\":\"shop.example\",\"ClientRefererScheme\":\"https\",\"ClientRefererPath\":\"/x\"}"
                : $"{{{common},\"EdgeStartTimestamp\":\"2026-08-13T10:00:00Z\",\"EdgeEndTimestamp\":1786615200016999999,\"ClientRequestURI\":\"/v1/orders/{i}?token=abc\","
                    + $"\"SecurityActions\":[{(i % 5 == 0 ? "\"skip\",\"b\\u006cock\"" : "")}],\"SecuritySources\":[],\"SecurityRuleIDs\":[],\"CacheReserveUsed\":true,"
                    + "\"RequestHeaders\":{\"stripe-signature\":\"t=1\",\"accept-language\":\"de\"},\"VerifiedBotCategory\":\"" + (i % 7 == 0 ? "Webhooks" : "") + "\","
                    + "\"ClientRequestReferer\":\"https://user:pass@shop.example/x?key=1\",\"ClientRequestSource\":\"" + (i % 11 == 0 ? "edgeWorkerFetch" : "eyeball") + "\"}";
        }
    }
}

using System.Globalization;
using System.Text;

namespace CfLogStream.Core.Tests.Logpush.Simd;

/// <summary>Makes lines like those of a Logpush job: the same keys in the same order, values that vary.</summary>
internal static class RecordLines
{
    private static readonly string[] s_agents =
    [
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
        "curl/8.5.0", "", "agent \\\"quoted\\\" \\\\ \\u00e4 \\ud83d\\ude00", "äöü€ \U0001F600", "[]{}:,':,{", "python-requests/2.32",
    ];

    private static readonly string[] s_paths =
    [
        "/", "/v1/orders/6ac6", "/search?q=a\\u0026b=c", "/%22%3A/", "/a:b,c/{d}", "/bl\u00e5/\u20ac", "/very/long/" + new string('p', 90),
    ];

    /// <summary>The members of an http_requests record, 90 of them; values as JSON.</summary>
    public static List<(string Key, string Value)> Http(int seed)
    {
        var random = new Random(seed);
        string host = Text(random, "api", "www", "shop") + ".example.com";
        return
        [
            ("BotDetectionIDs", List(random, "1", "33554432")), ("BotDetectionTags", List(random, "\"ato\"", "\"api\"")),
            ("BotScore", Number(random, 1, 99)), ("BotScoreSrc", Quoted(random, "Machine Learning", "Heuristics", "Not Computed")),
            ("BotTags", List(random, "\"verified\"", "\"a,b\"")), ("CacheCacheStatus", Quoted(random, "dynamic", "hit", "miss")),
            ("CacheReserveUsed", Flag(random)), ("CacheResponseBytes", Number(random, 0, 90_000)),
            ("CacheResponseStatus", Number(random, 200, 504)), ("CacheTieredFill", Flag(random)), ("ClientASN", Number(random, 1, 400_000)),
            ("ClientCity", Quoted(random, "Zürich", "São Paulo", "Oslo", "")), ("ClientCountry", Quoted(random, "ch", "br", "no", "us")),
            ("ClientDeviceType", Quoted(random, "desktop", "mobile")), ("ClientIP", $"\"198.51.100.{random.Next(256)}\""),
            ("ClientIPClass", Quoted(random, "noRecord", "clean", "scan")),
            ("ClientLatitude", $"\"{random.Next(90)}.{random.Next(9999)}\""),
            ("ClientLongitude", $"\"-{random.Next(180)}.{random.Next(9999)}\""), ("ClientMTLSAuthCertFingerprint", "\"\""),
            ("ClientMTLSAuthStatus", "\"unknown\""), ("ClientRegionCode", Quoted(random, "ZH", "TX", "")),
            ("ClientRequestBytes", Number(random, 40, 9_000)), ("ClientRequestHost", $"\"{host}\""),
            ("ClientRequestMethod", Quoted(random, "GET", "POST", "HEAD")), ("ClientRequestPath", Quoted(random, s_paths)),
            ("ClientRequestProtocol", Quoted(random, "HTTP/2", "HTTP/1.1", "HTTP/3")),
            ("ClientRequestReferer", Quoted(random, "", "https://x/?a:b")),
            ("ClientRequestScheme", Quoted(random, "https", "http")), ("ClientRequestSource", Quoted(random, "eyeball", "edgeWorkerFetch")),
            ("ClientRequestURI", Quoted(random, s_paths)), ("ClientRequestUserAgent", Quoted(random, s_agents)),
            ("ClientSSLCipher", "\"AEAD-AES128-GCM-SHA256\""), ("ClientSSLProtocol", Quoted(random, "TLSv1.3", "TLSv1.2", "none")),
            ("ClientSrcPort", Number(random, 1024, 65_535)), ("ClientTCPRTTMs", Number(random, 0, 300)), ("ClientXRequestedWith", "\"\""),
            ("ContentScanObjResults", "[]"), ("ContentScanObjSizes", List(random, "17", "4096")), ("ContentScanObjTypes", "[]"),
            ("Cookies", Object(random, "session", "theme")), ("EdgeCFConnectingO2O", Flag(random)),
            ("EdgeColoCode", Quoted(random, "ZRH", "GRU", "OSL")), ("EdgeColoID", Number(random, 1, 900)),
            ("EdgeEndTimestamp", Time(random)), ("EdgePathingOp", Quoted(random, "wl", "ban")),
            ("EdgePathingSrc", Quoted(random, "macro", "undef")),
            ("EdgePathingStatus", "\"nr\""), ("EdgeRequestHost", $"\"{host}\""), ("EdgeResponseBodyBytes", Number(random, 0, 99_999)),
            ("EdgeResponseBytes", Number(random, 0, 99_999)), ("EdgeResponseCompressionRatio", Fraction(random)),
            ("EdgeResponseContentType", Quoted(random, "application/json", "text/html")), ("EdgeResponseStatus", Number(random, 200, 504)),
            ("EdgeServerIP", "\"2001:db8::1\""), ("EdgeStartTimestamp", Time(random)), ("EdgeTimeToFirstByteMs", Number(random, 0, 2_000)),
            ("FraudAttack", "\"\""), ("JA3Hash", Hex(random, 32)), ("JA4", "\"t13d1816h2_f2d0edccf0f2_f8c1b0842a88\""),
            ("JA4Signals", Signals(random)), ("JSDetectionPassed", Quoted(random, "missing", "passed")),
            ("LeakedCredentialCheckResult", Quoted(random, "none", "clean")), ("OriginDNSResponseTimeMs", Number(random, 0, 20)),
            ("OriginIP", Quoted(random, "", "203.0.113.9")), ("OriginResponseDurationMs", Number(random, 0, 900)),
            ("OriginResponseHTTPLastModified", "\"\""), ("OriginResponseHeaderReceiveDurationMs", Number(random, 0, 900)),
            ("OriginResponseStatus", Number(random, 0, 504)), ("OriginSSLProtocol", Quoted(random, "unknown", "TLSv1.3")),
            ("OriginTCPHandshakeDurationMs", Number(random, 0, 50)), ("OriginTLSHandshakeDurationMs", Number(random, 0, 50)),
            ("ParentRayID", Quoted(random, "00", "76486474681b7f00")), ("RayID", Hex(random, 16)),
            ("RequestHeaders", Object(random, "x-api-key-id", "accept")), ("ResponseHeaders", "{}"),
            ("SecurityAction", Quoted(random, "", "block", "log")), ("SecurityActions", List(random, "\"log\"", "\"block\"")),
            ("SecurityRuleDescription", Quoted(random, "", "Rule: \\\"API\\\"", "plain")), ("SecurityRuleID", Quoted(random, "", "100016")),
            ("SecurityRuleIDs", List(random, "\"100016\"", "\"981176\"")),
            ("SecuritySources", List(random, "\"waf\"", "\"firewallCustom\"")),
            ("SmartRouteColoID", Number(random, 0, 900)), ("UpperTierColoID", Number(random, 0, 900)), ("VerifiedBotCategory", "\"\""),
            ("WAFAttackScore", Number(random, 1, 99)), ("WAFRCEAttackScore", Number(random, 1, 99)),
            ("WorkerScriptName", Quoted(random, "", "edge-auth")), ("WorkerStatus", Quoted(random, "unknown", "ok")),
            ("WorkerSubrequest", Flag(random)), ("ZoneName", "\"example.com\""),
        ];
    }

    /// <summary>The members of a firewall_events record, 30 of them.</summary>
    public static List<(string Key, string Value)> Firewall(int seed)
    {
        var random = new Random(seed);
        return
        [
            ("Action", Quoted(random, "block", "log", "managedchallenge")), ("ClientASN", Number(random, 1, 400_000)),
            ("ClientASNDescription", Quoted(random, "EXAMPLE-NET", "CARRIER, Inc.")), ("ClientCountry", Quoted(random, "ch", "us")),
            ("ClientIP", $"\"198.51.100.{random.Next(256)}\""), ("ClientIPClass", "\"noRecord\""), ("ClientRefererHost", "\"\""),
            ("ClientRefererPath", Quoted(random, "", "/from")), ("ClientRefererQuery", "\"\""), ("ClientRefererScheme", "\"\""),
            ("ClientRequestHost", "\"api.example.com\""), ("ClientRequestMethod", Quoted(random, "GET", "POST")),
            ("ClientRequestPath", Quoted(random, s_paths)), ("ClientRequestProtocol", "\"HTTP/2\""),
            ("ClientRequestQuery", Quoted(random, "", "?a=1\\u0026b=2")), ("ClientRequestScheme", "\"https\""),
            ("ClientRequestUserAgent", Quoted(random, s_agents)), ("ContentScanObjResults", "[]"), ("Datetime", Time(random)),
            ("Description", Quoted(random, "", "Block: \\\"bots\\\"", "rule")), ("EdgeColoCode", "\"ZRH\""),
            ("EdgeResponseStatus", Number(random, 200, 504)), ("Kind", "\"firewall\""), ("MatchIndex", Number(random, 0, 3)),
            ("Metadata", random.Next(2) == 0 ? """{"filter":"47450bc980797fbd","type":"customer"}""" : """{"ruleset":"7","n":1}"""),
            ("OriginResponseStatus", Number(random, 0, 504)), ("OriginatorRayID", "\"00\""), ("RayID", Hex(random, 16)),
            ("RuleID", Hex(random, 32)), ("Source", Quoted(random, "firewallCustom", "waf")),
        ];
    }

    /// <summary>A short record that has a member of every kind, nested ones included.</summary>
    public static List<(string Key, string Value)> Short(int seed)
    {
        var random = new Random(seed);
        return
        [
            ("Action", Quoted(random, "block", "log")), ("Datetime", Time(random)), ("Description", Quoted(random, "", "a, b: c")),
            ("Metadata", random.Next(2) == 0 ? """{"type":"customer","n":1,"list":[]}""" : """{"k":"v"}"""),
            ("MatchIndex", Number(random, 0, 99)),
            ("x", random.Next(2) == 0 ? "null" : "true"), ("RayID", Hex(random, 16)), ("tags", """[{"a":"b"},":"]"""),
            ("Ref", Quoted(random, "", "r")),
        ];
    }

    public static byte[] Line(IEnumerable<(string Key, string Value)> members) =>
        Encoding.UTF8.GetBytes($"{{{string.Join(',', members.Select(member => $"\"{member.Key}\":{member.Value}"))}}}");

    private static string Text(Random random, params string[] texts) => texts[random.Next(texts.Length)];

    private static string Quoted(Random random, params string[] texts) => $"\"{Text(random, texts)}\"";

    private static string Number(Random random, int low, int high) => random.Next(low, high + 1).ToString(CultureInfo.InvariantCulture);

    private static string Fraction(Random random) => random.Next(5) == 0 ? "0" : $"{random.Next(9)}.{random.Next(1, 99)}";

    private static string Time(Random random) => $"16675129{random.Next(10, 99)}{random.Next(100, 999)}000000";

    private static string Flag(Random random) => random.Next(2) == 0 ? "false" : "true";

    private static string Hex(Random random, int digits) =>
        $"\"{string.Concat(Enumerable.Range(0, digits).Select(_ => random.Next(16).ToString("x", CultureInfo.InvariantCulture)))}\"";

    private static string List(Random random, params string[] elements) =>
        $"[{string.Join(',', elements.Take(random.Next(elements.Length + 1)))}]";

    private static string Object(Random random, params string[] keys) =>
        $"{{{string.Join(',', keys.Take(random.Next(keys.Length + 1)).Select(key => $"\"{key}\":\"{random.Next(1000)}\""))}}}";

    private static string Signals(Random random) =>
        $$"""{"h2h3_ratio_1h":0.{{random.Next(1, 999_999_999)}},"uas_rank_1h":{{random.Next(900)}},"reqs_rank_1h":{{random.Next(900)}}}""";
}

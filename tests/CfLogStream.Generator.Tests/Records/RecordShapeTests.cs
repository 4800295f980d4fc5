using System.Text;
using System.Text.Json;
using CfLogStream.Generator.Records;

namespace CfLogStream.Generator.Tests.Records;

/// <summary>The lines as any reader sees them.</summary>
public sealed class RecordShapeTests
{
    // All documented fields of the two datasets, deprecated ones left out.
    private const string HttpFields = """
        AISecurityCustomTopicCategories AISecurityInjectionScore AISecurityPIICategories AISecurityTokenCount AISecurityUnsafeTopicCategories BotDetectionIDs
        BotDetectionTags BotScore BotScoreSrc BotTags CacheCacheStatus CacheLockWaitedMs CacheReserveUsed CacheResponseBytes CacheTieredFill ClientASN ClientCity
        ClientCountry ClientDeviceType ClientIP ClientIPClass ClientLatitude ClientLongitude ClientMTLSAuthCertFingerprint ClientMTLSAuthStatus ClientRegionCode
        ClientRequestBytes ClientRequestHost ClientRequestMethod ClientRequestPath ClientRequestProtocol ClientRequestReferer ClientRequestScheme
        ClientRequestSource ClientRequestURI ClientRequestUserAgent ClientSSLCipher ClientSSLProtocol ClientSrcPort ClientTCPRTTMs ClientTLSKeyExchangeGroup
        ClientXRequestedWith ContentScanObjResults ContentScanObjTypes ContentScanObjSizes Cookies EdgeCFConnectingO2O EdgeColoCode EdgeColoID EdgeEndTimestamp
        EdgePathingOp EdgePathingSrc EdgePathingStatus EdgeRequestHost EdgeResponseBodyBytes EdgeResponseBytes EdgeResponseCompressionRatio
        EdgeResponseContentType EdgeResponseStatus EdgeServerIP EdgeStartTimestamp EdgeTimeToFirstByteMs FraudAttack FraudDetectionIDs FraudDetectionTags
        FraudEmailRisk FraudUserID JA3Hash JA4 JA4Signals JSDetectionPassed LeakedCredentialCheckResult MatchedRules OriginDNSResponseTimeMs OriginIP
        OriginRequestHeaderSendDurationMs OriginResponseDurationMs OriginResponseHTTPExpires OriginResponseHTTPLastModified
        OriginResponseHeaderReceiveDurationMs OriginResponseStatus OriginSSLProtocol OriginTCPHandshakeDurationMs OriginTLSHandshakeDurationMs ParentRayID
        PayPerCrawlStatus RayID RequestHeaders ResponseHeaders SecurityAction SecurityActions SecurityRuleDescription SecurityRuleID SecurityRuleIDs
        SecuritySources SmartRouteColoID Subrequests UpperTierColoID VerifiedBotCategory WAFAttackScore WAFFlags WAFMatchedVar WAFRCEAttackScore
        WAFSQLiAttackScore WAFXSSAttackScore WebAssetsLabelsManaged WebAssetsOperationID WorkerCPUTime WorkerScriptName WorkerStatus WorkerSubrequest
        WorkerSubrequestCount WorkerWallTimeUs ZoneName
        """;

    private const string EventFields = """
        Action ClientASN ClientASNDescription ClientCountry ClientIP ClientIPClass ClientRefererHost ClientRefererPath ClientRefererQuery ClientRefererScheme
        ClientRequestHost ClientRequestMethod ClientRequestPath ClientRequestProtocol ClientRequestQuery ClientRequestScheme ClientRequestUserAgent
        ContentScanObjResults ContentScanObjSizes ContentScanObjTypes Datetime Description EdgeColoCode EdgeResponseStatus FraudUserID Kind
        LeakedCredentialCheckResult MatchIndex Metadata OriginResponseStatus OriginatorRayID RayID Ref RuleID Source ZoneName
        """;

    private const string AuditFields =
        "ActionResult ActionType ActorEmail ActorID ActorIP ActorType ID Interface Metadata NewValue OldValue OwnerID ResourceID ResourceType When";

    private const string Audit2Fields = """
        AccountID AccountName ActionDescription ActionResult ActionTimestamp ActionType ActorContext ActorEmail ActorID ActorIPAddress ActorTokenDetails ActorType
        AuditLogID Raw ResourceID ResourceProduct ResourceRequest ResourceResponse ResourceScope ResourceType ResourceValue ZoneID ZoneName
        """;

    public static TheoryData<string> Scenarios => [.. ScenarioCatalog.All.Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Lines_EveryScenario_AreRecordsOfKnownFields(string scenario)
    {
        GeneratedRun run = await GeneratedRun.CreateAsync(scenario, 6000, 21);

        AssertFields(run, "http_requests", HttpFields, HttpRecordWriter.Fields);
        AssertFields(run, "firewall_events", EventFields, FirewallRecordWriter.Fields);
        AssertFields(run, "audit_logs", AuditFields, AuditRecordWriter.Fields);
        AssertFields(run, "audit_logs_v2", Audit2Fields, AuditRecordWriter.FieldsVersion2);
    }

    [Fact]
    public async Task Lines_Minimal_HaveFewFieldsAndNoArrays()
    {
        GeneratedRun run = await GeneratedRun.CreateAsync(new GeneratorOptions { Records = 3000, Minimal = true });

        AssertFields(run, "http_requests", HttpFields, MinimalRecordWriter.Fields);
        Assert.InRange((double)run.Summary.Datasets[0].Bytes / run.Summary.Datasets[0].Records, 300, 700);
    }

    [Fact]
    public void Fields_OfAFullJob_AreNinetyInOrder()
    {
        Assert.InRange(HttpRecordWriter.Fields.Length, 88, 94);
        Assert.Equal(HttpRecordWriter.Fields.Order(StringComparer.Ordinal), HttpRecordWriter.Fields);
        Assert.Equal(MinimalRecordWriter.Fields.Order(StringComparer.Ordinal), MinimalRecordWriter.Fields);
        Assert.Equal(FirewallRecordWriter.Fields.Order(StringComparer.Ordinal), FirewallRecordWriter.Fields);
    }

    [Fact]
    public async Task Events_AndRequests_TellTheSame()
    {
        GeneratedRun run = await GeneratedRun.CreateAsync("fix-breaks-filtering", 12_000, 4);
        Dictionary<string,
            JsonElement> requests = run.Distinct("http_requests").ToDictionary(request =>
            GeneratedRun.Text(request, "RayID"), StringComparer.Ordinal);
        ILookup<string,
            JsonElement> events = run.Distinct("firewall_events").ToLookup(e => GeneratedRun.Text(e, "RayID"), StringComparer.Ordinal);

        Assert.All(events, ray => Assert.True(requests.ContainsKey(ray.Key)));
        foreach ((string ray, JsonElement request) in requests)
        {
            JsonElement[] matches = [.. events[ray].OrderByDescending(e => e.GetProperty("MatchIndex").GetInt32())];
            Assert.Equal(Texts(request, "SecuritySources").Select(Fold), matches.Select(e => GeneratedRun.Text(e, "Source")));
            Assert.Equal(Texts(request, "SecurityActions").Select(Fold), matches.Select(e => GeneratedRun.Text(e, "Action")));
            Assert.Equal(Texts(request, "SecurityRuleIDs"), matches.Select(e => GeneratedRun.Text(e, "RuleID")));
            if (matches.Length > 0)
            {
                Assert.Equal(0, matches[^1].GetProperty("MatchIndex").GetInt32());
                Assert.Equal(GeneratedRun.Text(request, "SecurityRuleDescription"), GeneratedRun.Text(matches[^1], "Description"));
                Assert.Equal(GeneratedRun.Ms(request, "EdgeStartTimestamp"), GeneratedRun.Ms(matches[^1], "Datetime"));
                Assert.Equal(GeneratedRun.Text(request, "ClientRequestURI"), GeneratedRun.Text(matches[^1], "ClientRequestPath")
                    + GeneratedRun.Text(matches[^1], "ClientRequestQuery"));
                Assert.Equal(GeneratedRun.Text(request, "ClientRequestUserAgent"),
                    GeneratedRun.Text(matches[^1], "ClientRequestUserAgent"));
                string originator = GeneratedRun.Text(matches[^1], "OriginatorRayID");
                Assert.True(originator == "00" || requests.ContainsKey(originator));
            }
        }
    }

    [Fact]
    public async Task Requests_Answers_AreConsistent()
    {
        GeneratedRun run = await GeneratedRun.CreateAsync("quiet", 15_000, 6);
        var kinds = new HashSet<string>(StringComparer.Ordinal);
        Dictionary<string,
            JsonElement> requests = run.Distinct("http_requests").ToDictionary(request =>
            GeneratedRun.Text(request, "RayID"), StringComparer.Ordinal);
        foreach (JsonElement request in requests.Values)
        {
            int edge = request.GetProperty("EdgeResponseStatus").GetInt32();
            int origin = request.GetProperty("OriginResponseStatus").GetInt32();
            string action = GeneratedRun.Text(request, "SecurityAction");
            if (action is "block" or "managedChallenge" or "connectionClose")
            {
                Assert.Equal(0, origin);
                Assert.Contains(edge, (int[])[403, 429]);
                Assert.StartsWith("text/html", GeneratedRun.Text(request, "EdgeResponseContentType"), StringComparison.Ordinal);
                Assert.Equal("", GeneratedRun.Text(request, "OriginIP"));
            }
            else if (origin != 0)
            {
                Assert.Equal(edge, origin);
                Assert.NotEqual("", GeneratedRun.Text(request, "OriginIP"));
            }

            string parent = GeneratedRun.Text(request, "ParentRayID");
            Assert.Equal(parent != "00", request.GetProperty("WorkerSubrequest").GetBoolean());
            Assert.True(parent == "00" || requests.ContainsKey(parent));
            Assert.True(GeneratedRun.Ms(request, "EdgeEndTimestamp") >= GeneratedRun.Ms(request, "EdgeStartTimestamp"));
            kinds.Add(GeneratedRun.Text(request, "CacheCacheStatus"));
            kinds.Add(GeneratedRun.Text(request, "ClientRequestSource"));
            kinds.Add(GeneratedRun.Text(request, "ClientRequestMethod"));
            kinds.Add(GeneratedRun.Text(request, "BotScoreSrc"));
            kinds.Add(edge.ToString(System.Globalization.CultureInfo.InvariantCulture) + (origin == 0 ? "e" : "o"));
            kinds.UnionWith(Texts(request, "SecuritySources"));
            kinds.UnionWith(Texts(request, "SecurityActions"));
        }

        Assert.Superset(
            new HashSet<string>(StringComparer.Ordinal)
            {
                "hit", "miss", "dynamic", "eyeball", "edgeWorkerFetch", "edgeWorkerCacheAPI", "healthcheck", "earlyHintsCache", "OPTIONS",
                    "POST", "PATCH", "DELETE",
                "Not Computed", "Heuristics", "Machine Learning", "Verified Bot", "403e", "429e", "504e", "301e", "404o", "401o", "204o",
                    "304e",
                "firewallCustom", "firewallManaged", "rateLimit", "skip", "block", "log", "managedChallenge",
            },
            kinds);
    }

    [Fact]
    public async Task Requests_AttackersText_IsEscapedAndComesBackWhole()
    {
        GeneratedRun run = await GeneratedRun.CreateAsync("quiet", 40_000, 8);
        List<JsonElement> requests = run.Distinct("http_requests");

        foreach (string name in (string[])["ClientRequestUserAgent", "ClientRequestPath", "ClientRequestReferer", "ClientXRequestedWith"])
        {
            string all = string.Concat(requests.Select(request => GeneratedRun.Text(request, name)).Distinct());
            Assert.All((string[])["\u001b", "<", "\"", "'"], hostile =>
                Assert.True(all.Contains(hostile, StringComparison.Ordinal) || name == "ClientRequestReferer" && hostile == "\"",
                $"{name} lacks {hostile}."));
        }

        string texts = string.Concat(requests.Select(request =>
            GeneratedRun.Text(request, "ClientRequestURI") + GeneratedRun.Text(request, "ClientRequestUserAgent")));
        Assert.All((string[])["\n", "\0", "\u2028", "\u0085", "\U0001F4A9", "\U0001F600", "\u202E", "DROP TABLE", "${jndi:", "\\"],
            hostile => Assert.Contains(hostile, texts, StringComparison.Ordinal));
        Assert.Contains(requests, request => GeneratedRun.Text(request, "ClientRequestMethod") is "<b>" or "X\u001b[0m" or "GET\"");
        Assert.Contains(requests, request => request.GetProperty("RequestHeaders").TryGetProperty("origin", out JsonElement origin)
            && origin.GetString()!.Contains("<svg", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Texts(JsonElement record, string name) =>
        record.GetProperty(name).EnumerateArray().Select(item => item.GetString()!);

    private static string Fold(string text) => text.ToLowerInvariant();

    private static void AssertFields(GeneratedRun run, string dataset, string documented, string[] expected)
    {
        HashSet<string> known = [.. documented.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)];
        Assert.Subset(known, new HashSet<string>(expected));
        foreach ((string file, ReadOnlyMemory<byte> line) in run.Lines(dataset))
        {
            var names = new List<string>();
            var reader = new Utf8JsonReader(line.Span);
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1)
                {
                    names.Add(reader.GetString()!);
                }

                if (reader.TokenType == JsonTokenType.String)
                {
                    _ = reader.GetString();
                }
            }

            Assert.True(expected.AsSpan().SequenceEqual(names.ToArray()), $"{file}: {Encoding.UTF8.GetString(line.Span)}");
        }
    }
}

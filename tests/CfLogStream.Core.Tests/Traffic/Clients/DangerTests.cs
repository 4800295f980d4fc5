using CfLogStream.Core.Traffic;

namespace CfLogStream.Core.Tests.Traffic.Clients;

/// <summary>The known ways of misreading Cloudflare's signals, one test for each.</summary>
public sealed class DangerTests
{
    private const string Chrome =
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0.0.0 Safari/537.36";
    private static readonly string s_browser = Logs.Agent(Chrome);

    [Fact]
    public void BotScore0_IsMissing()
    {
        Classified record = Logs.Http(s_browser + ",\"BotScore\":0,\"BotScoreSrc\":\"Not Computed\"");
        Assert.Equal(0, record.Head.BotScore);
        Assert.Equal("browser_nav/chrome", record.Client);
    }

    [Theory]
    [InlineData(29, "Heuristics", "browser_claimed/chrome")]
    [InlineData(1, "Machine Learning", "browser_claimed/chrome")]
    [InlineData(30, "Machine Learning", "browser_nav/chrome")]
    [InlineData(29, "Not Computed", "browser_nav/chrome")]
    [InlineData(2, "Cloudflare Service", "browser_nav/chrome")]
    public void BotScore29_IsAutomation(int score, string source, string expected) =>
        Assert.Equal(expected, Logs.Http(s_browser + $",\"BotScore\":{score},\"BotScoreSrc\":\"{source}\"").Client);

    [Theory]
    [InlineData("")]
    [InlineData(",\"JA4\":\"\",\"JA3Hash\":\"\"")]
    public void Ja4Empty_SaysNothing(string ja4) => Assert.Equal(Trust.Claimed, Logs.Http(s_browser + ja4).Head.Trust);

    [Fact]
    public void Ja4_AloneIsNoIdentity()
    {
        // The same JA4 from two networks, and from two people of one network, is not one caller.
        const string Ja4 = ",\"JA4\":\"t13d1516h2_8daaf6152771_02713d6af862\"";
        ulong first = Caller(s_browser + Ja4 + ",\"ClientASN\":7922,\"ClientIP\":\"24.61.1.1\"");
        Assert.NotEqual(first, Caller(s_browser + Ja4 + ",\"ClientASN\":7018,\"ClientIP\":\"24.61.1.1\""));
        Assert.NotEqual(first, Caller(s_browser + Ja4 + ",\"ClientASN\":7922,\"ClientIP\":\"24.61.1.2\""));
        Assert.Equal(first, Caller(s_browser + Ja4 + ",\"ClientASN\":7922,\"ClientIP\":\"24.61.1.1\""));
    }

    [Fact]
    public void Ja4OfAProxy_WithABrowserUserAgent_IsNotSpoofing() =>
        Assert.Equal(Trust.Claimed, Logs.Http(s_browser + ",\"JA4\":\"t13d1715h1_5b57614c22b0_3d5424432f57\"").Head.Trust);

    [Theory]
    [InlineData("missing", "browser_nav/chrome", Trust.Claimed)]
    [InlineData("passed", "browser_nav/chrome", Trust.Corroborated)]
    [InlineData("failed", "browser_claimed/chrome", Trust.Claimed)]
    public void JsDetection_OnlyFailedIsEvidence(string value, string expected, Trust trust)
    {
        Classified record = Logs.Http(s_browser + $",\"JSDetectionPassed\":\"{value}\"");
        Assert.Equal(expected, record.Client);
        Assert.Equal(trust, record.Head.Trust);
    }

    [Fact]
    public void JsDetectionFailed_OfNoBrowser_SaysNothing() =>
        Assert.Equal("sdk/axios", Logs.Http(Logs.Agent("axios/1.6.7") + ",\"JSDetectionPassed\":\"failed\"").Client);

    [Theory]
    [InlineData("noRecord", Trust.Claimed)]
    [InlineData("unknown", Trust.Claimed)]
    [InlineData("clean", Trust.Claimed)]
    public void ClientIpClass_UsualValues_AreNoEvidenceOfGood(string value, Trust trust) =>
        Assert.Equal(trust, Logs.Http(Logs.Agent("UptimeRobot/2.0") + $",\"ClientIPClass\":\"{value}\"").Head.Trust);

    [Fact]
    public void DeviceTypeDesktop_IsTheDefaultOfServers() =>
        Assert.Equal("sdk/okhttp", Logs.Http(Logs.Agent("okhttp/4.12.0") + ",\"ClientDeviceType\":\"desktop\",\"ClientASN\":16509").Client);

    [Theory]
    [InlineData("\"ClientASN\":21928", "mobile_app/okhttp")]
    [InlineData("\"ClientASN\":16509", "sdk/okhttp")]
    [InlineData("\"ClientASN\":16509,\"ClientDeviceType\":\"mobile\"", "mobile_app/okhttp")]
    [InlineData("\"ClientASN\":0", "sdk/okhttp")]
    public void Okhttp_IsAnAppOnlyAwayFromServers(string network, string expected) =>
        Assert.Equal(expected, Logs.Http(Logs.Agent("okhttp/4.12.0") + "," + network).Client);

    [Theory]
    [InlineData("\"ClientASN\":21928", "mobile_app/dart")]
    [InlineData("\"ClientASN\":24940", "sdk/dart")]
    [InlineData("\"ClientASN\":0", "mobile_app/dart")]
    public void Dart_IsAServerOnlyOnServers(string network, string expected) =>
        Assert.Equal(expected, Logs.Http(Logs.Agent("Dart/3.3 (dart:io)") + "," + network).Client);

    [Fact]
    public void Nat_SeveralProductsOrFingerprintsBehindOneAddress_AreSeveralCallers()
    {
        const string Address = ",\"ClientASN\":7922,\"ClientIP\":\"24.61.1.1\"";
        string firefox = Logs.Agent("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:123.0) Gecko/20100101 Firefox/123.0");
        ulong[] callers =
        [
            Caller(s_browser + Address),
            Caller(firefox + Address),
            Caller(Logs.Agent("axios/1.6.7") + Address),
            Caller(s_browser + Address + ",\"JA4\":\"t13d1516h2_8daaf6152771_02713d6af862\""),
            Caller(s_browser + Address + ",\"JA4\":\"t13d1517h2_8daaf6152771_b0da82dd1658\""),
        ];
        Assert.Equal(callers.Length, callers.Distinct().Count());
    }

    [Fact]
    public void Ipv6_IsGroupedBy64_Ipv4By32()
    {
        Assert.Equal(Caller(s_browser + ",\"ClientIP\":\"2001:db8:1:2::1\""), Caller(s_browser + ",\"ClientIP\":\"2001:db8:1:2:9::7\""));
        Assert.NotEqual(Caller(s_browser + ",\"ClientIP\":\"2001:db8:1:2::1\""), Caller(s_browser + ",\"ClientIP\":\"2001:db8:1:3::1\""));
        Assert.NotEqual(Caller(s_browser + ",\"ClientIP\":\"1.2.3.4\""), Caller(s_browser + ",\"ClientIP\":\"1.2.3.5\""));
    }

    [Theory]
    [InlineData("\"WorkerSubrequest\":true,\"ClientRequestSource\":\"edgeWorkerFetch\",\"ParentRayID\":\"a27fe3039e6f1216\"")]
    [InlineData("\"ParentRayID\":\"a27fe3039e6f1216\"")]
    [InlineData("\"WorkerSubrequest\":true")]
    public void WorkerSubrequest_IsCloudflaresOwn(string fields)
    {
        Classified record = Logs.Http(s_browser + ",\"ClientIP\":\"2a06:98c0:3600::103\"," + fields);
        Assert.Equal("cf_internal/edge_worker_fetch", record.Client);
        Assert.True(record.Has(RecordFlags.WorkerSubrequest));
        Assert.True(record.Has(RecordFlags.Internal));
    }

    [Fact]
    public void WorkerAddress_AloneIsCloudflaresOwn_InBothDatasets()
    {
        const string Address = "\"ClientIP\":\"2a06:98c0:3600::103\"";
        Assert.Equal("cf_internal/edge_worker_fetch", Logs.Http(Address).Client);
        Assert.Equal("cf_internal/edge_worker_fetch", Logs.Event(Address).Client);
        Assert.Equal("unknown/", Logs.Event("\"ClientIP\":\"2a06:98c0:3600::104\"").Client);
    }

    [Fact]
    public void SyntheticBrowser_IsKnownByItsAddress()
    {
        Classified record = Logs.Http(s_browser + ",\"ClientIPClass\":\"monitoringService\"");
        Assert.Equal("monitoring/other", record.Client);
        Assert.Equal("monitoring/new_relic", Logs.Http(s_browser + ",\"BotTags\":[\"newRelic\"]").Client);
        Assert.Equal("monitoring/new_relic", Logs.Http(s_browser + ",\"BotTags\":\"newRelic\"").Client);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(100, 0)]
    [InlineData(1, 1)]
    [InlineData(99, 99)]
    public void WafAttackScore_EdgeValuesMeanNotScored(int logged, int expected)
    {
        Classified record =
            Logs.Http($"\"WAFAttackScore\":{logged},\"WAFSQLiAttackScore\":{logged},\"WAFXSSAttackScore\":{logged},\"WAFRCEAttackScore\":{logged}");
        Assert.Equal(
            [expected, expected, expected, expected],
            new int[] { record.Head.WafScore, record.Head.WafSqliScore, record.Head.WafXssScore, record.Head.WafRceScore });
    }

    [Fact]
    public void SolvedChallenge_KeepsTheRayThatIssuedIt()
    {
        Classified record = Logs.Event("\"OriginatorRayID\":\"8DEA4D930B427529\",\"Action\":\"managedchallengenoninteractivesolved\"");
        Assert.Equal("8dea4d930b427529", record[RecordText.OriginatorRay]);
        Assert.Equal(Outcome.ChallengeSolved, record.Head.Outcome);
        Assert.Equal("", Logs.Event("\"OriginatorRayID\":\"00\"")[RecordText.OriginatorRay]);
    }

    [Theory]
    [InlineData("text/html; charset=UTF-8")]
    [InlineData("application/json")]
    public void ContentType_OfTheAnswer_DoesNotDecideTheClass(string contentType) =>
        Assert.Equal("browser_nav/chrome", Logs.Http(s_browser + $",\"EdgeResponseContentType\":\"{contentType}\"").Client);

    [Fact]
    public void OriginStatus0_IsNotABlock()
    {
        Classified record =
            Logs.Http("\"OriginResponseStatus\":0,\"EdgeResponseStatus\":200,\"CacheCacheStatus\":\"hit\",\"SecurityActions\":[]");
        Assert.Equal(Outcome.Passed, record.Head.Outcome);
        Assert.True(record.Has(RecordFlags.HasOriginStatus));
    }

    [Theory]
    [InlineData("\"SecurityAction\":\"block\",\"SecurityActions\":[\"block\"],\"SecuritySources\":[\"firewallCustom\"],\"SecurityRuleIDs\":[\"r\"],\"EdgeResponseStatus\":403")]
    [InlineData("\"SecurityAction\":\"\",\"SecurityActions\":[],\"EdgeResponseStatus\":200")]
    [InlineData("\"SecurityAction\":\"managedChallenge\",\"SecurityActions\":[\"managedChallenge\"],\"EdgeResponseContentType\":\"text/html\",\"EdgeResponseStatus\":403")]
    public void Class_NeverDependsOnTheOutcome(string outcome)
    {
        string[] agents = [Chrome, "okhttp/4.12.0", "Stripe/1.0", "sqlmap/1.8", "", "acme/1.0"];
        foreach (string agent in agents)
        {
            Classified plain = Logs.Http(Logs.Agent(agent) + ",\"ClientASN\":7922,\"ClientIP\":\"24.61.1.1\"");
            Classified stopped = Logs.Http(Logs.Agent(agent) + ",\"ClientASN\":7922,\"ClientIP\":\"24.61.1.1\"," + outcome);
            Assert.Equal(plain.Client, stopped.Client);
            Assert.Equal(plain.Head.Trust, stopped.Head.Trust);
            Assert.Equal(plain.Head.CallerHash, stopped.Head.CallerHash);
        }
    }

    [Fact]
    public void BotDetectionIds_AreNotUsed() =>
        Assert.Equal(
            "sdk/axios", Logs.Http(Logs.Agent("axios/1.6.7") + ",\"BotDetectionIDs\":[50331651],\"BotDetectionTags\":[\"scanner\"]").Client);

    [Fact]
    public void UserAgentNotLogged_IsUnknown_NotMissing()
    {
        Assert.Equal("unknown/", Logs.Http("").Client);
        Assert.Equal("unknown/", Logs.Http("\"ClientRequestUserAgent\":null").Client);
        Assert.Equal("no_ua/", Logs.Http(Logs.Agent("")).Client);
        Assert.Equal("no_ua/", Logs.Event(Logs.Agent("")).Client);
    }

    [Theory]
    [InlineData("scan", "python-requests/2.31", "scanner/scan_address")]
    [InlineData("scan", "Stripe/1.0", "webhook/stripe")]
    [InlineData("badHost", "python-requests/2.31", "sdk/python_requests")]
    [InlineData("badHost", "", "scanner/bad_host")]
    [InlineData("badHost", Chrome, "browser_nav/chrome")]
    public void AddressReputation_NeverOverrulesAName(string ipClass, string agent, string expected) =>
        Assert.Equal(expected, Logs.Http(Logs.Agent(agent) + $",\"ClientIPClass\":\"{ipClass}\"").Client);

    private static ulong Caller(string fields) => Logs.Http(fields).Head.CallerHash;
}

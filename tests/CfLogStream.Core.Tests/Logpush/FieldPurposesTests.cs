using System.Text.Json;
using CfLogStream.Core.Logpush;

namespace CfLogStream.Core.Tests.Logpush;

/// <summary>The table of what fields are for, against the fields themselves, the schemas of the slices, and Cloudflare's lists.</summary>
public sealed class FieldPurposesTests
{
    /// <summary>The fields that Cloudflare documents for a job of the dataset, as of September 2026.</summary>
    private static readonly Dictionary<Dataset, string> s_documented = new()
    {
        [Dataset.HttpRequests] = """
            AISecurityCustomTopicCategories AISecurityInjectionScore AISecurityPIICategories AISecurityTokenCount AISecurityUnsafeTopicCategories
            BotDetectionIDs BotDetectionTags BotScore BotScoreSrc BotTags CacheCacheStatus CacheLockWaitedMs CacheReserveUsed CacheResponseBytes
            CacheResponseStatus CacheTieredFill ClientASN ClientCity ClientCountry ClientDeviceType ClientIP ClientIPClass ClientLatitude
            ClientLongitude ClientMTLSAuthCertFingerprint ClientMTLSAuthStatus ClientRegionCode ClientRequestBytes ClientRequestHost
            ClientRequestMethod ClientRequestPath ClientRequestProtocol ClientRequestReferer ClientRequestScheme ClientRequestSource
            ClientRequestURI ClientRequestUserAgent ClientSSLCipher ClientSSLProtocol ClientSrcPort ClientTCPRTTMs ClientTLSKeyExchangeGroup
            ClientXRequestedWith ContentScanObjResults ContentScanObjSizes ContentScanObjTypes Cookies EdgeCFConnectingO2O EdgeColoCode
            EdgeColoID EdgeEndTimestamp EdgePathingOp EdgePathingSrc EdgePathingStatus EdgeRequestHost EdgeResponseBodyBytes EdgeResponseBytes
            EdgeResponseCompressionRatio EdgeResponseContentType EdgeResponseStatus EdgeServerIP EdgeStartTimestamp EdgeTimeToFirstByteMs
            FraudAttack FraudDetectionIDs FraudDetectionTags FraudEmailRisk FraudUserID JA3Hash JA4 JA4Signals JSDetectionPassed
            LeakedCredentialCheckResult MatchedRules OriginDNSResponseTimeMs OriginIP OriginRequestHeaderSendDurationMs OriginResponseBytes
            OriginResponseDurationMs OriginResponseHTTPExpires OriginResponseHTTPLastModified OriginResponseHeaderReceiveDurationMs
            OriginResponseStatus OriginResponseTime OriginSSLProtocol OriginTCPHandshakeDurationMs OriginTLSHandshakeDurationMs ParentRayID
            PayPerCrawlStatus RayID RequestHeaders ResponseHeaders SecurityAction SecurityActions SecurityRuleDescription SecurityRuleID
            SecurityRuleIDs SecuritySources SmartRouteColoID Subrequests UpperTierColoID VerifiedBotCategory WAFAttackScore WAFFlags
            WAFMatchedVar WAFRCEAttackScore WAFSQLiAttackScore WAFXSSAttackScore WebAssetsLabelsManaged WebAssetsOperationID WorkerCPUTime
            WorkerScriptName WorkerStatus WorkerSubrequest WorkerSubrequestCount WorkerWallTimeUs ZoneName
            """,
        [Dataset.FirewallEvents] = """
            Action ClientASN ClientASNDescription ClientCountry ClientIP ClientIPClass ClientRefererHost ClientRefererPath ClientRefererQuery
            ClientRefererScheme ClientRequestHost ClientRequestMethod ClientRequestPath ClientRequestProtocol ClientRequestQuery
            ClientRequestScheme ClientRequestUserAgent ContentScanObjResults ContentScanObjSizes ContentScanObjTypes Datetime Description
            EdgeColoCode EdgeResponseStatus FraudUserID Kind LeakedCredentialCheckResult MatchIndex Metadata OriginResponseStatus
            OriginatorRayID RayID Ref RuleID Source ZoneName
            """,
        [Dataset.AuditLogs] = """
            ActionResult ActionType ActorEmail ActorID ActorIP ActorType ID Interface Metadata NewValue OldValue OwnerID ResourceID
            ResourceType When
            """,
        [Dataset.AuditLogsV2] = """
            AccountID AccountName ActionDescription ActionResult ActionTimestamp ActionType ActorContext ActorEmail ActorID ActorIPAddress
            ActorTokenDetails ActorType AuditLogID Raw ResourceID ResourceProduct ResourceRequest ResourceResponse ResourceScope ResourceType
            ResourceValue ZoneID ZoneName
            """,
    };

    private static readonly string[] s_deprecated =
        ["CacheResponseStatus", "OriginResponseBytes", "OriginResponseTime", "WAFFlags", "WAFMatchedVar"];

    public static TheoryData<Dataset> Datasets => [Dataset.HttpRequests, Dataset.FirewallEvents, Dataset.AuditLogs, Dataset.AuditLogsV2];

    [Fact]
    public void Purposes_OfAllDatasets_CoverEveryField()
    {
        var covered = Datasets.SelectMany(row => FieldPurposes.Of(row.Data)).SelectMany(purpose => purpose.Fields.Concat(purpose.Substitutes)).ToHashSet();

        Assert.Equal([], Enum.GetValues<LogField>().Where(field => field != LogField.Count && !covered.Contains(field)));
    }

    [Theory]
    [MemberData(nameof(Datasets))]
    public void Purposes_OfADataset_AreTheDocumentedFieldsThatItsSlicesTake(Dataset dataset)
    {
        var documented = Documented(dataset).ToHashSet();

        Assert.Equal(
            SliceFields(dataset).Where(documented.Contains).Order(StringComparer.Ordinal),
            FieldPurposes.Of(dataset).SelectMany(purpose => purpose.Fields.Concat(purpose.Substitutes)).Distinct()
                .Select(field => field.ToString()).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Datasets))]
    public void JobFields_OfADataset_AreThoseOfItsSlicesThatAreNotDeprecated(Dataset dataset)
    {
        var documented = Documented(dataset).ToHashSet();

        Assert.Equal(
            SliceFields(dataset).Where(field => documented.Contains(field) && !s_deprecated.Contains(field)).Order(StringComparer.Ordinal),
            FieldPurposes.JobFields(dataset, ofAccount: true).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void JobFields_OfAZone_LackWhatOnlyAccountsHave() => Assert.Equal(
        ["ZoneName"],
        FieldPurposes.JobFields(Dataset.FirewallEvents, ofAccount: true).Except(FieldPurposes.JobFields(Dataset.FirewallEvents, ofAccount: false)));

    [Theory]
    [MemberData(nameof(Datasets))]
    public void Purposes_SayOncePerFieldWhatItCosts(Dataset dataset)
    {
        LogField[] fields = [.. FieldPurposes.Of(dataset).SelectMany(purpose => purpose.Fields)];

        Assert.Equal(fields.Distinct(), fields);
        Assert.All(FieldPurposes.Of(dataset), purpose =>
        {
            Assert.NotEmpty(purpose.Fields);
            Assert.False(string.IsNullOrWhiteSpace(purpose.Cost) || purpose.Cost.EndsWith('.'), purpose.Cost);
        });
        Assert.Equal(FieldPurposes.Of(dataset).OrderByDescending(purpose => purpose.IsRequired), FieldPurposes.Of(dataset));
    }

    private static string[] Documented(Dataset dataset) => s_documented[dataset].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<string> SliceFields(Dataset dataset)
    {
        using JsonDocument schema = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Root(), "schemas/slices", $"{dataset}Slice.avsc")));
        JsonElement records = schema.RootElement.GetProperty("fields").EnumerateArray().Single(field => field.GetProperty("name").GetString() == "records");
        string[] names = Enum.GetNames<LogField>();
        return [.. records.GetProperty("type").GetProperty("items").GetProperty("fields").EnumerateArray()
            .Select(field => field.GetProperty("name").GetString()!).Where(names.Contains)];
    }

    private static string Root()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "CfLogStream.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("No folder above the tests has CfLogStream.sln.");
        }

        return folder;
    }
}

using System.Text;

namespace CfLogStream.Core.Logpush;

/// <summary>The keys that Logpush is known to write, and what each says about the dataset of its record.</summary>
internal static class KnownKeys
{
    // Documented fields that no table needs. They still tell datasets apart.
    private static readonly string[] s_otherHttpKeys =
    [
        "ClientCity", "ClientLatitude", "ClientLongitude", "ClientSSLCipher", "ClientSrcPort", "ClientTCPRTTMs",
        "ClientTLSKeyExchangeGroup", "Cookies", "FraudAttack", "FraudDetectionIDs", "FraudDetectionTags", "FraudEmailRisk", "JA4Signals",
        "MatchedRules", "PayPerCrawlStatus", "ResponseHeaders", "SmartRouteColoID", "Subrequests", "UpperTierColoID",
        "WebAssetsLabelsManaged",
    ];

    private static readonly string[] s_otherAuditKeys = ["OwnerID"];

    private static readonly string[] s_otherAuditV2Keys =
    [
        "AccountID", "AccountName", "ActorTokenDetails", "ResourceResponse", "ResourceScope",
    ];

    // In firewall_events as well; without this the families below would claim them for http_requests.
    private static readonly string[] s_sharedKeys = ["WAFRequestSignatureCategories", "WAFRequestSignatureRefs"];

    private static readonly byte[][] s_httpFamilies =
    [
        "Bot"u8.ToArray(), "Cache"u8.ToArray(), "Edge"u8.ToArray(), "FirewallMatches"u8.ToArray(), "Origin"u8.ToArray(),
        "Security"u8.ToArray(), "WAF"u8.ToArray(), "Worker"u8.ToArray(),
    ];

    /// <summary>Lists every known key with its meaning.</summary>
    public static IEnumerable<(byte[] Name, KeyMeaning Meaning)> All()
    {
        for (LogField field = 0; field < LogField.Count; field++)
        {
            yield return (Bytes(field.ToString()), new KeyMeaning((short)field, -1, -1, EvidenceOf(field)));
        }

        for (AsideField field = 0; field < AsideField.Count; field++)
        {
            yield return field == AsideField.Content
                ? ("content"u8.ToArray(), new KeyMeaning(-1, -1, (short)field, DatasetEvidence.None))
                : (Bytes(field.ToString()), new KeyMeaning(-1, -1, (short)field, DatasetEvidence.HttpKey));
        }

        (string[] Names, DatasetEvidence Evidence)[] others =
        [
            (s_otherHttpKeys, DatasetEvidence.HttpKey), (s_otherAuditKeys, DatasetEvidence.AuditKey),
            (s_otherAuditV2Keys, DatasetEvidence.AuditV2Hint), (s_sharedKeys, DatasetEvidence.None),
        ];
        foreach ((string[] names, DatasetEvidence evidence) in others)
        {
            foreach (string name in names)
            {
                yield return (Bytes(name), KeyMeaning.Unwanted with { Evidence = evidence });
            }
        }
    }

    /// <summary>Says what a key that is not known tells: one of a family that only http_requests has is a new field of it.</summary>
    public static DatasetEvidence EvidenceOfUnknown(ReadOnlySpan<byte> key)
    {
        foreach (byte[] family in s_httpFamilies)
        {
            if (key.Length > family.Length && key.StartsWith(family) && key[family.Length] is >= (byte)'A' and <= (byte)'Z')
            {
                return DatasetEvidence.HttpKey;
            }
        }

        return DatasetEvidence.None;
    }

    private static byte[] Bytes(string name) => Encoding.ASCII.GetBytes(name);

    private static DatasetEvidence EvidenceOf(LogField field) => field switch
    {
        LogField.RayID => DatasetEvidence.Ray,
        LogField.EdgeStartTimestamp or LogField.EdgeEndTimestamp => DatasetEvidence.HttpTime,
        > LogField.EdgeEndTimestamp and < LogField.Datetime => DatasetEvidence.HttpKey,
        LogField.Datetime => DatasetEvidence.FirewallTime,
        LogField.Action or LogField.Source or LogField.RuleID or LogField.Ref or LogField.Description => DatasetEvidence.FirewallHint,
        LogField.Metadata => DatasetEvidence.None,
        > LogField.Datetime and < LogField.When => DatasetEvidence.FirewallKey,
        LogField.When => DatasetEvidence.AuditTime,
        LogField.ActionTimestamp or LogField.AuditLogID => DatasetEvidence.AuditV2,
        LogField.ActionType => DatasetEvidence.AuditAction,
        LogField.ActorIPAddress or LogField.ResourceProduct or LogField.ActionDescription or LogField.ActorContext
            or LogField.ResourceRequest or LogField.ResourceValue => DatasetEvidence.AuditV2Hint,
        LogField.Raw => DatasetEvidence.None,
        > LogField.When => DatasetEvidence.AuditKey,
        _ => DatasetEvidence.None,
    };
}

using CfLogStream.Core.Logpush;

namespace CfLogStream.Core.Tests.Logpush;

public sealed class DatasetRecognitionTests
{
    [Theory]
    [InlineData(Dataset.HttpRequests, "EdgeStartTimestamp")]
    [InlineData(Dataset.HttpRequests, "EdgeEndTimestamp")]
    [InlineData(Dataset.HttpRequests, "ClientRequestURI")]
    [InlineData(Dataset.HttpRequests, "ClientSSLCipher", "ClientIP")]
    [InlineData(Dataset.HttpRequests, "WAFMatchedVar", "WorkerCPUTime", "ZoneID", "ZoneName")]
    [InlineData(Dataset.HttpRequests, "WorkerSomethingNew")]
    [InlineData(Dataset.HttpRequests, "CacheLockWaitedMs")]
    [InlineData(Dataset.HttpRequests, "OriginTLSKeyExchangeGroup")]
    [InlineData(Dataset.HttpRequests, "FirewallMatchesActions")]
    [InlineData(Dataset.HttpRequests, "WAFRuleID")]
    [InlineData(Dataset.FirewallEvents, "Datetime")]
    [InlineData(Dataset.FirewallEvents, "Action", "RayID")]
    [InlineData(Dataset.FirewallEvents, "RayID", "Source")]
    [InlineData(Dataset.FirewallEvents, "MatchIndex")]
    [InlineData(Dataset.FirewallEvents, "Kind")]
    [InlineData(Dataset.FirewallEvents, "OriginatorRayID")]
    [InlineData(Dataset.FirewallEvents, "ClientRefererQuery")]
    [InlineData(Dataset.FirewallEvents, "Datetime", "WAFRequestSignatureRefs", "FraudUserID", "EdgeResponseStatus", "OriginResponseStatus")]
    [InlineData(Dataset.AuditLogs, "When", "ActionType")]
    [InlineData(Dataset.AuditLogs, "OwnerID", "When")]
    [InlineData(Dataset.AuditLogs, "ActionType", "ActorEmail", "Metadata")]
    [InlineData(Dataset.AuditLogsV2, "ActionTimestamp")]
    [InlineData(Dataset.AuditLogsV2, "AuditLogID")]
    [InlineData(Dataset.AuditLogsV2, "ActionType", "AccountName")]
    [InlineData(Dataset.Unknown, "Action")]
    [InlineData(Dataset.Unknown, "When")]
    [InlineData(Dataset.Unknown, "ActionType")]
    [InlineData(Dataset.Unknown, "RayID", "ClientIP", "EdgeResponseStatus", "EdgeColoCode", "ZoneName", "Metadata")]
    [InlineData(Dataset.Unknown, "Original", "Edgewise", "WAF", "Botany", "workerStatus", "ID", "")]
    [InlineData(Dataset.Unknown, "WAFRequestSignatureCategories", "LeakedCredentialCheckResult")]
    public void Read_Keys_TellTheDataset(Dataset expected, params string[] keys)
    {
        foreach (IEnumerable<string> order in (IEnumerable<string>[])[keys, keys.Reverse()])
        {
            OneLine read = OneLine.Read($"{{{string.Join(',', order.Select(key => $"\"{key}\":null"))}}}");
            Assert.Equal(expected, read.Record.Dataset);
            Assert.Equal(expected == Dataset.Unknown, read.Status == ReadStatus.UnknownDataset);
        }
    }

    [Theory]
    [InlineData(Dataset.HttpRequests, "EdgeEndTimestamp", "Datetime", "Action", "MatchIndex")]
    [InlineData(Dataset.FirewallEvents, "Datetime", "ActionTimestamp", "ClientRequestURI")]
    [InlineData(Dataset.AuditLogsV2, "AuditLogID", "When", "ActionType", "OriginIP")]
    [InlineData(Dataset.AuditLogs, "When", "ActorEmail", "ClientRequestURI", "Kind")]
    [InlineData(Dataset.HttpRequests, "ClientRequestURI", "Kind", "ActionType", "AccountName")]
    [InlineData(Dataset.FirewallEvents, "Kind", "ActionType", "OwnerID")]
    [InlineData(Dataset.AuditLogsV2, "ActionType", "OwnerID", "ResourceProduct")]
    public void Read_KeysOfSeveralDatasets_FollowThePrecedence(Dataset expected, params string[] keys)
    {
        Read_Keys_TellTheDataset(expected, keys);
    }
}

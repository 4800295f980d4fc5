namespace CfLogStream.Core.Logpush;

/// <summary>Names the Logpush dataset that a record belongs to; recognised record by record.</summary>
public enum Dataset : byte
{
    Unknown = 0,
    HttpRequests = 1,
    FirewallEvents = 2,
    AuditLogs = 3,
    AuditLogsV2 = 4,
}

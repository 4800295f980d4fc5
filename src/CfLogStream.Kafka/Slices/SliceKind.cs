namespace CfLogStream.Kafka.Slices;

/// <summary>What the records of a slice are; the first four have the numbers of <see cref="Core.Logpush.Dataset"/>.</summary>
public enum SliceKind : byte
{
    None = 0,
    HttpRequests = 1,
    FirewallEvents = 2,
    AuditLogs = 3,
    AuditLogsV2 = 4,

    /// <summary>Lines that are no records.</summary>
    DeadLetters = 5,
}

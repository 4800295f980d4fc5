namespace CfLogStream.Server.Analysis;

/// <summary>What an analysis read, and what became of it.</summary>
public sealed record AnalysisSummary
{
    /// <summary>The analysis' name and the partition that its rows carry.</summary>
    public required string Name { get; init; }
    public required uint Partition { get; init; }
    public required long Files { get; init; }

    /// <summary>Bytes read from the files, as stored.</summary>
    public required long Bytes { get; init; }

    /// <summary>Bytes of lines, inflated.</summary>
    public required long LineBytes { get; init; }

    /// <summary>All lines, blank ones included.</summary>
    public required long Lines { get; init; }

    /// <summary>Recognised records per dataset, also those that were duplicates, filtered out or dead-lettered for a missing ray or time.</summary>
    public required long HttpRequests { get; init; }
    public required long FirewallEvents { get; init; }
    public required long AuditLogs { get; init; }
    public required long AuditLogsV2 { get; init; }

    /// <summary>Earliest and latest event time of the records that were counted; null when there were none.</summary>
    public DateTime? FirstTime { get; init; }
    public DateTime? LastTime { get; init; }
    public required long Duplicates { get; init; }

    /// <summary>Rejected lines per reason.</summary>
    public required IReadOnlyDictionary<string, long> DeadLettersByReason { get; init; }

    /// <summary>Rejected lines kept as rows.</summary>
    public required long DeadLettersKept { get; init; }
    public required long Validations { get; init; }
    public required long OwnershipChallenges { get; init; }
    public required long EmptyObjects { get; init; }
    public required long BlankLines { get; init; }

    /// <summary>Records left out by --from, --to, --host or --zone.</summary>
    public required long Filtered { get; init; }

    /// <summary>Records counted after their window had closed, in rows of their own.</summary>
    public required long Late { get; init; }

    /// <summary>Records that came too much out of order to be put in their place.</summary>
    public required long Disordered { get; init; }
    public required long UnmatchedEvents { get; init; }

    /// <summary>Announced security events that did not come.</summary>
    public required long UnmatchedRequests { get; init; }
    public required long Subrequests { get; init; }

    /// <summary>Records of Cloudflare's own requests, in no denominator.</summary>
    public required long Internal { get; init; }

    /// <summary>Joins resolved early because too many were waiting.</summary>
    public required long Forced { get; init; }

    /// <summary>Rows written, and rows that ClickHouse would not take.</summary>
    public required long RowsWritten { get; init; }
    public required long RowsRejected { get; init; }

    /// <summary>Files that could not be read to their end, as whole sentences.</summary>
    public required IReadOnlyList<string> Errors { get; init; }
    public required TimeSpan Elapsed { get; init; }

    /// <summary>All rejected lines.</summary>
    public long DeadLetters => DeadLettersByReason.Values.Sum();

    /// <summary>All recognised records.</summary>
    public long Records => HttpRequests + FirewallEvents + AuditLogs + AuditLogsV2;
}

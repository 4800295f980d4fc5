using static CfLogStream.Core.Logpush.DatasetEvidence;

namespace CfLogStream.Core.Logpush;

/// <summary>Decides the dataset of a record from what its keys say, by the precedence that <see cref="DatasetEvidence"/> states.</summary>
internal static class DatasetRecognition
{
    /// <summary>Returns the dataset, or unknown.</summary>
    public static Dataset From(DatasetEvidence evidence)
    {
        if ((evidence & HttpTime) != 0)
        {
            return Dataset.HttpRequests;
        }

        if ((evidence & FirewallTime) != 0)
        {
            return Dataset.FirewallEvents;
        }

        if ((evidence & AuditV2) != 0)
        {
            return Dataset.AuditLogsV2;
        }

        if ((evidence & AuditTime) != 0 && (evidence & (AuditKey | AuditAction | AuditV2Hint)) != 0)
        {
            return Dataset.AuditLogs;
        }

        if ((evidence & HttpKey) != 0)
        {
            return Dataset.HttpRequests;
        }

        if ((evidence & FirewallKey) != 0 || (evidence & (Ray | FirewallHint)) == (Ray | FirewallHint))
        {
            return Dataset.FirewallEvents;
        }

        if ((evidence & AuditAction) != 0 && (evidence & (AuditKey | AuditV2Hint)) != 0)
        {
            return (evidence & AuditV2Hint) != 0 ? Dataset.AuditLogsV2 : Dataset.AuditLogs;
        }

        return Dataset.Unknown;
    }
}

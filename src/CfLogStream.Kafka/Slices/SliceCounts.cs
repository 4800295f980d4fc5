using CfLogStream.Core.Logpush;

namespace CfLogStream.Kafka.Slices;

/// <summary>What was in a batch.</summary>
public sealed class SliceCounts
{
    internal SliceCounts() => Clear();

    /// <summary>Lines read, and dead letters added.</summary>
    public long Lines { get; internal set; }

    /// <summary>Bytes of these lines with their 0x0A.</summary>
    public long LineBytes { get; internal set; }

    /// <summary>Copies of records in a second partition.</summary>
    public long Copies { get; internal set; }

    /// <summary>The oldest event time of requests and security events; <see cref="long.MaxValue"/> when there is none.</summary>
    public long OldestNs { get; private set; }

    /// <summary>The newest event time of requests and security events that is not in the future of the batch's receipt;
    /// <see cref="long.MinValue"/> when there is none.</summary>
    public long NewestNs { get; private set; }

    /// <summary>Lines of each <see cref="ReadStatus"/>.</summary>
    public long OfStatus(ReadStatus status) => Statuses[(int)status];

    /// <summary>Lines of each dataset, dead letters included.</summary>
    public long OfDataset(Dataset dataset) => Datasets[(int)dataset];

    internal long[] Statuses { get; } = new long[(int)ReadStatus.NoTime + 1];

    internal long[] Datasets { get; } = new long[(int)Dataset.AuditLogsV2 + 1];

    /// <summary>Notes the time of a record.</summary>
    internal void Cover(long timeNs, long receivedNs)
    {
        if (timeNs <= receivedNs)
        {
            OldestNs = Math.Min(OldestNs, timeNs);
            NewestNs = Math.Max(NewestNs, timeNs);
        }
    }

    internal void Clear()
    {
        Lines = LineBytes = Copies = 0;
        OldestNs = long.MaxValue;
        NewestNs = long.MinValue;
        Statuses.AsSpan().Clear();
        Datasets.AsSpan().Clear();
    }
}

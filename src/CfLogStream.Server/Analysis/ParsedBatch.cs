using CfLogStream.Core.Insight.Changes;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic;

namespace CfLogStream.Server.Analysis;

/// <summary>What a worker made of one batch of lines; pooled.</summary>
internal sealed class ParsedBatch
{
    /// <summary>The http_requests and firewall_events records.</summary>
    public TrafficBatch Traffic { get; } = new();

    /// <summary>The same records arranged for ordering; its memory is the log's once it has been added there.</summary>
    public RecordRun Run { get; } = new();

    /// <summary>The lines that are no records.</summary>
    public List<DeadLetter> DeadLetters { get; } = [];

    /// <summary>The audit records: dataset, event time, hash of their id.</summary>
    public List<AuditMark> Audits { get; } = [];

    /// <summary>Those of them that are changes of what stops requests.</summary>
    public List<ChangeEntry> Changes { get; } = [];

    /// <summary>Lines per <see cref="ReadStatus"/>.</summary>
    public long[] ByStatus { get; } = new long[(int)ReadStatus.NoTime + 1];

    /// <summary>Recognised records per <see cref="Dataset"/>, whatever became of them.</summary>
    public long[] ByDataset { get; } = new long[(int)Dataset.AuditLogsV2 + 1];

    /// <summary>The file's number in the plan.</summary>
    public int File { get; set; }

    /// <summary>The batch's number in its file, from 0.</summary>
    public int Sequence { get; set; }

    /// <summary>Whether the file ends with this batch.</summary>
    public bool IsLast { get; set; }

    /// <summary>The event times of its records.</summary>
    public TimesSeen Times { get; set; }

    public long Lines { get; set; }

    public long LineBytes { get; set; }

    /// <summary>Bytes of the file, as stored, that reading this batch took.</summary>
    public long StoredBytes { get; set; }

    /// <summary>Why the file could not be read to its end; null when it could.</summary>
    public string? Error { get; set; }

    /// <summary>Empties the batch for its next use.</summary>
    public void Clear()
    {
        Traffic.Clear();
        Run.Clear();
        DeadLetters.Clear();
        Audits.Clear();
        Changes.Clear();
        ByStatus.AsSpan().Clear();
        ByDataset.AsSpan().Clear();
        IsLast = false;
        Times = TimesSeen.None;
        Lines = 0;
        LineBytes = 0;
        StoredBytes = 0;
        Error = null;
    }
}

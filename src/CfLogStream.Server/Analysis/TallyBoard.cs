using CfLogStream.Core.Logpush;

namespace CfLogStream.Server.Analysis;

/// <summary>Adds up what the batches of an analysis say of themselves. Correlator thread only.</summary>
internal sealed class TallyBoard
{
    private readonly long[] _byStatus = new long[(int)ReadStatus.NoTime + 1];
    private readonly long[] _byDataset = new long[(int)Dataset.AuditLogsV2 + 1];

    public long Lines { get; private set; }

    public long LineBytes { get; private set; }

    public long StoredBytes { get; private set; }

    public long Filtered { get; set; }

    public long FirstNs { get; private set; } = long.MaxValue;

    public long LastNs { get; private set; } = long.MinValue;

    public List<string> Errors { get; } = [];

    public long Records => _byDataset.Sum();

    public long Of(ReadStatus status) => _byStatus[(int)status];

    public long Of(Dataset dataset) => _byDataset[(int)dataset];

    /// <summary>Adds a batch.</summary>
    public void Add(ParsedBatch batch)
    {
        Lines += batch.Lines;
        LineBytes += batch.LineBytes;
        StoredBytes += batch.StoredBytes;
        for (int i = 0; i < _byStatus.Length; i++)
        {
            _byStatus[i] += batch.ByStatus[i];
        }

        for (int i = 0; i < _byDataset.Length; i++)
        {
            _byDataset[i] += batch.ByDataset[i];
        }

        if (batch.Error is { } error)
        {
            Errors.Add(error);
        }
    }

    /// <summary>Widens the span of event times.</summary>
    public void Cover(long timeNs)
    {
        FirstNs = Math.Min(FirstNs, timeNs);
        LastNs = Math.Max(LastNs, timeNs);
    }
}

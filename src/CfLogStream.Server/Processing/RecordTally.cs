using CfLogStream.Core.Logpush;

namespace CfLogStream.Server.Processing;

/// <summary>What became of the records of some messages, by dataset; copies are not among them.</summary>
internal sealed class RecordTally
{
    /// <summary>Numbers of datasets, the unknown one included.</summary>
    public const int Datasets = (int)Dataset.AuditLogsV2 + 1;

    public long[] Received { get; } = new long[Datasets];

    public long[] Counted { get; } = new long[Datasets];

    public long[] Duplicates { get; } = new long[Datasets];

    public long[] DeadLettered { get; } = new long[Datasets];

    /// <summary>Dead letters by the word of their reason, which is one of a few.</summary>
    public Dictionary<string, long> Reasons { get; } = [];

    public long Late { get; set; }

    /// <summary>All records.</summary>
    public long Total => Received.Sum();

    public bool IsEmpty => Total == 0;

    /// <summary>Adds another one's counts.</summary>
    public void Add(RecordTally other)
    {
        Add(Received, other.Received);
        Add(Counted, other.Counted);
        Add(Duplicates, other.Duplicates);
        Add(DeadLettered, other.DeadLettered);
        foreach ((string reason, long count) in other.Reasons)
        {
            Reasons[reason] = Reasons.GetValueOrDefault(reason) + count;
        }

        Late += other.Late;
    }

    /// <summary>Takes away another one's counts, which were added.</summary>
    public void Remove(RecordTally other)
    {
        Remove(Received, other.Received);
        Remove(Counted, other.Counted);
        Remove(Duplicates, other.Duplicates);
        Remove(DeadLettered, other.DeadLettered);
    }

    /// <summary>Counts a dead letter.</summary>
    public void DeadLetter(Dataset dataset, string reason)
    {
        Received[(int)dataset]++;
        DeadLettered[(int)dataset]++;
        Reasons[reason] = Reasons.GetValueOrDefault(reason) + 1;
    }

    private static void Remove(long[] from, long[] other)
    {
        for (int i = 0; i < Datasets; i++)
        {
            from[i] -= other[i];
        }
    }

    private static void Add(long[] to, long[] from)
    {
        for (int i = 0; i < Datasets; i++)
        {
            to[i] += from[i];
        }
    }
}

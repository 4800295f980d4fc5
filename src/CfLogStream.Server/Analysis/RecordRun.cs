namespace CfLogStream.Server.Analysis;

/// <summary>The records of one parsed batch that an analysis takes, copied to pages and grouped by second of event time; reused.</summary>
/// <remarks>Whoever takes over the pages (<see cref="TimeOrderedBuffer"/>) empties the run.</remarks>
internal sealed class RecordRun
{
    public List<RecordPage> Pages { get; } = [];

    /// <summary>Where the records are; the page numbers are those of <see cref="Pages"/>.</summary>
    public List<RecordSlice> Slices { get; } = [];

    /// <summary>Records in it.</summary>
    public int Count { get; set; }

    /// <summary>Records of the batch that the analysis does not take.</summary>
    public int Filtered { get; set; }

    /// <summary>The oldest event time; <see cref="long.MaxValue"/> when there is none.</summary>
    public long OldestNs { get; set; } = long.MaxValue;

    /// <summary>The newest event time; <see cref="long.MinValue"/> when there is none.</summary>
    public long NewestNs { get; set; } = long.MinValue;

    public void Clear()
    {
        Pages.Clear();
        Slices.Clear();
        Count = 0;
        Filtered = 0;
        OldestNs = long.MaxValue;
        NewestNs = long.MinValue;
    }
}

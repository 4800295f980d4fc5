namespace CfLogStream.Server.Requests;

/// <summary>What came of giving rejected lines to the log again.</summary>
public sealed record ReplayCounts
{
    /// <summary>Lines that are records now.</summary>
    public long Records { get; set; }

    /// <summary>Lines that are still none.</summary>
    public long Rejected { get; set; }

    /// <summary>Lines of which only the beginning was kept.</summary>
    public long Cut { get; set; }
}

namespace CfLogStream.Server.Analysis;

/// <summary>Which records an analysis takes, and under which name its rows are kept.</summary>
public sealed record AnalysisScope
{
    /// <summary>The name when none is given.</summary>
    public const string DefaultName = "files";

    /// <summary>Keeps analyses apart in one database; an analysis replaces the rows of an earlier one of the same name.</summary>
    /// <value><c>files</c>.</value>
    public string Name { get; init; } = DefaultName;

    /// <summary>Only records with an event time from here on.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only records with an event time before this.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Only these hosts; empty for all.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Only these zones; empty for all.</summary>
    public IReadOnlyList<string> Zones { get; init; } = [];

    /// <summary>The partition that the rows of this analysis carry: from the name, in the upper half, apart from a live log's partitions.</summary>
    public uint Partition => 0x8000_0000u | (uint)Core.StableHash.Of(System.Text.Encoding.UTF8.GetBytes(Name));
}

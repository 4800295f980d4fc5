namespace CfLogStream.ClickHouse.Rows;

/// <summary>How rows are gathered into blocks.</summary>
public sealed record RowEncoderOptions
{
    /// <summary>The database that insert statements name.</summary>
    /// <value><c>cflogstream</c>.</value>
    public string Database { get; init; } = ClickHouseDefaults.Database;

    /// <summary>A block is full at so many rows.</summary>
    /// <value>100,000.</value>
    /// <remarks>Below the server's own block size (about a million), so that one insert stays one part per day.</remarks>
    public int MaxRows { get; init; } = 100_000;

    /// <summary>A block is full at about so many bytes, before compression; it is looked at every sixty-fourth of them.</summary>
    /// <value>16 MiB.</value>
    public long MaxBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>A block spans at most so many table partitions (days).</summary>
    /// <value>90.</value>
    /// <remarks>Servers refuse an insert with more than 100 (<c>max_partitions_per_insert_block</c>).</remarks>
    public int MaxPartitions { get; init; } = 90;
}

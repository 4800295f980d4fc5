namespace CfLogStream.ClickHouse.Rows;

/// <summary>A row of <c>objects_read</c>: an object that is on the log, or, with an empty key, how far a place is read.</summary>
public sealed record ObjectRow
{
    public required string Place { get; init; }

    public required string Key { get; init; }

    /// <summary>What tells one content of the object from another.</summary>
    public required string Tag { get; init; }

    /// <summary>When it was modified, in nanoseconds since 1970-01-01 UTC.</summary>
    public required long ModifiedNs { get; init; }

    /// <summary>Of a place: from when on its objects are read.</summary>
    public long StartNs { get; init; }

    public required bool IsBackfill { get; init; }

    /// <summary>When the row was written, in milliseconds since 1970-01-01 UTC.</summary>
    public required long UpdatedMs { get; init; }

    public required ulong Version { get; init; }
}

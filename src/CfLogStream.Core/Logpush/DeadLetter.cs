namespace CfLogStream.Core.Logpush;

/// <summary>A row of <c>dead_letters</c>: a line that is no usable record, with enough to find it and to see what is wrong with
/// it.</summary>
public sealed record DeadLetter
{
    /// <summary>Why it was set aside; from <see cref="ReadStatus.CutLine"/> on.</summary>
    public required ReadStatus Reason { get; init; }

    /// <summary>The dataset when it was recognised.</summary>
    public Dataset Dataset { get; init; }

    /// <summary>Event time in nanoseconds since 1970-01-01 UTC; 0 when it has none.</summary>
    public long TimeNs { get; init; }

    /// <summary>The file or stream it came from.</summary>
    public required string Source { get; init; }

    /// <summary>1-based line of the source; 0 when it is not known.</summary>
    public long LineNumber { get; init; }

    /// <summary>Where the line begins in the source, counted in inflated bytes.</summary>
    public long ByteOffset { get; init; }

    /// <summary>0-based byte of the line where it went wrong.</summary>
    public int ErrorColumn { get; init; }

    /// <summary>The line's first bytes, at most <see cref="ReaderOptions.DeadLetterBytes"/>.</summary>
    public required byte[] FirstBytes { get; init; }

    /// <summary>The <see cref="StableHash"/> of the whole line.</summary>
    public ulong ContentHash { get; init; }

    /// <summary>Bytes of the whole line.</summary>
    public long Length { get; init; }

    /// <summary>Sets a line aside that a reader has refused.</summary>
    /// <param name="record">The record it was read into, which knows the line, and the dataset and the time if it has them.</param>
    /// <param name="maxBytes">How much of the line to keep.</param>
    public static DeadLetter Of(
        ReadStatus reason, LogRecord record, int errorColumn, string source, long lineNumber, long byteOffset, int maxBytes)
    {
        ReadOnlySpan<byte> line = record.Line;
        return new DeadLetter
        {
            Reason = reason,
            Dataset = record.Dataset,
            TimeNs = record.TimeNs,
            Source = source,
            LineNumber = lineNumber,
            ByteOffset = byteOffset,
            ErrorColumn = errorColumn,
            FirstBytes = line[..Math.Min(line.Length, maxBytes)].ToArray(),
            ContentHash = StableHash.Of(line),
            Length = line.Length,
        };
    }
}

namespace CfLogStream.Server.Requests;

/// <summary>A rejected line as it is kept: a row of <c>dead_letters</c>.</summary>
public sealed record KeptLine
{
    public required string Reason { get; init; }

    /// <summary>The hash of the whole line, which is its id.</summary>
    public required ulong ContentHash { get; init; }

    public required string Dataset { get; init; }

    /// <summary>Event time, UTC; 1970-01-01 when it has none.</summary>
    public required DateTime Time { get; init; }

    public required string Source { get; init; }

    /// <summary>1-based; 0 when it is not known.</summary>
    public required long LineNumber { get; init; }

    public required long ByteOffset { get; init; }

    /// <summary>0-based byte at which it went wrong.</summary>
    public required int ErrorColumn { get; init; }

    /// <summary>Bytes of the whole line.</summary>
    public required long Length { get; init; }

    /// <summary>Its first bytes.</summary>
    public required byte[] Bytes { get; init; }

    /// <summary>Whether all of it is kept, so that it can be read again.</summary>
    public bool IsWhole => Bytes.Length == Length;
}

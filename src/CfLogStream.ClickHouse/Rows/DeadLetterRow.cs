using CfLogStream.Core.Logpush;

namespace CfLogStream.ClickHouse.Rows;

/// <summary>A row of <c>dead_letters</c>: bytes that were no record, and why. Valid during the call it is passed to.</summary>
/// <remarks>The key is <see cref="ContentHash"/>, <see cref="Reason"/> and <see cref="Occurrence"/>, so that the same bytes read again,
/// from a renamed file or in another order, change nothing.</remarks>
public readonly ref struct DeadLetterRow
{
    /// <summary>Why, for instance <c>cut_line</c> (<see cref="TableWords.Of(ReadStatus)"/>).</summary>
    public ReadOnlySpan<byte> Reason { get; init; }

    /// <summary>StableHash of the whole rejected bytes, also of what <see cref="Bytes"/> leaves out.</summary>
    public ulong ContentHash { get; init; }

    /// <summary>Counts equal contents in one log, from 0.</summary>
    public uint Occurrence { get; init; }

    public Dataset Dataset { get; init; }

    /// <summary>When it was received or happened, as far as known; 0 when it is not.</summary>
    public long TimeNs { get; init; }

    /// <summary>The file, upload or topic.</summary>
    public ReadOnlySpan<byte> Source { get; init; }

    /// <summary>Counts from 1; 0 when not known.</summary>
    public ulong LineNumber { get; init; }

    /// <summary>Where the line starts in the source.</summary>
    public ulong ByteOffset { get; init; }

    /// <summary>The 0-based byte in the line where it went wrong.</summary>
    public uint ErrorColumn { get; init; }

    /// <summary>The length of the whole rejected bytes.</summary>
    public ulong Length { get; init; }

    /// <summary>The first of the rejected bytes.</summary>
    public ReadOnlySpan<byte> Bytes { get; init; }

    public uint Partition { get; init; }

    public ulong Version { get; init; }
}

using System.Diagnostics;

namespace CfLogStream.Core.Buffers;

/// <summary>Bytes with room before and behind them, so that vectors may read past both ends of what is stored.</summary>
/// <remarks>
/// Layout: <see cref="Padding"/> bytes, the content, <see cref="Padding"/> bytes. Whoever fills it ends the content with
/// <see cref="End"/>, which writes one 0x0A behind it: a search for the end of a line then always ends without looking at the length.
/// What the padding holds otherwise does not matter; it is never reported, only read.
/// </remarks>
public sealed class PaddedBuffer
{
    /// <summary>Bytes before and behind the content: a whole vector of 64, and a long key looked at from its end.</summary>
    public const int Padding = 128;

    /// <summary>Makes a buffer.</summary>
    /// <param name="capacity">The most bytes of content.</param>
    public PaddedBuffer(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        Bytes = new byte[capacity + (2 * Padding)];
        Capacity = capacity;
        End(0);
    }

    /// <summary>Makes a buffer of bytes that stand somewhere special.</summary>
    /// <param name="bytes">All of the buffer, padding included.</param>
    internal PaddedBuffer(byte[] bytes)
    {
        Bytes = bytes;
        Capacity = bytes.Length - (2 * Padding);
        End(0);
    }

    /// <summary>Everything, padding included; the content begins at <see cref="Padding"/>.</summary>
    public byte[] Bytes { get; }

    /// <summary>The most bytes of content.</summary>
    public int Capacity { get; }

    /// <summary>Bytes of content.</summary>
    public int Length { get; private set; }

    /// <summary>Where the content ends in <see cref="Bytes"/>.</summary>
    public int ContentEnd => Padding + Length;

    /// <summary>All the room for content.</summary>
    public Span<byte> Room => Bytes.AsSpan(Padding, Capacity);

    /// <summary>The content.</summary>
    public ReadOnlySpan<byte> Content => Bytes.AsSpan(Padding, Length);

    /// <summary>Says how much content there is and closes it with a 0x0A that is not part of it.</summary>
    public void End(int length)
    {
        Debug.Assert((uint)length <= (uint)Capacity);
        Length = length;
        Bytes[Padding + length] = (byte)'\n';
    }
}

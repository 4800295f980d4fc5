using System.Runtime.Intrinsics;

namespace CfLogStream.Core.Logpush.Simd;

/// <summary>What reading asks of 64 bytes, or of 32, with vectors of one width. Bit i of a mask is byte i.</summary>
/// <remarks>Every method reads its whole block from <c>source</c>, and perhaps the byte before it; all must lie inside a
/// <see cref="Buffers.PaddedBuffer"/>.</remarks>
internal interface IByteBlock
{
    /// <summary>Finds the keys of 64 bytes that hold nothing special: colons behind a quote.</summary>
    /// <param name="position">The position of the block, added to each colon's.</param>
    /// <param name="target">Takes the positions; 64 may be written whatever their number.</param>
    /// <param name="quoteCount">The number of quotes.</param>
    /// <param name="special">Whether there is something that needs a closer look: a control character (a line's end among them), a
    /// backslash, or a byte of 0x80 and above.</param>
    /// <returns>The number of keys.</returns>
    static abstract int FindKeys(ref byte source, int position, ref int target, out int quoteCount, out bool special);

    /// <summary>Takes the closer look.</summary>
    static abstract SpecialMasks FindSpecial(ref byte source);

    /// <summary>Returns the bits in which 32 bytes differ from a pattern, under a mask.</summary>
    static abstract Vector256<byte> Difference(ref byte source, ref byte pattern, ref byte mask);

    /// <summary>Finds the digits and points of 32 bytes.</summary>
    static abstract void FindNumber(ref byte source, out uint digits, out uint points);
}

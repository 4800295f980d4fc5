using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CfLogStream.Core.Logpush.Simd;

/// <summary>Goes once over a line, 64 bytes at a time, and fills a <see cref="LineIndex"/>.</summary>
/// <remarks>
/// Only quotes and colons are looked for; everything that is rare (control characters, backslashes, bytes of 0x80 and above, the line's end)
/// is one test per block. No in-string state is kept: a colon behind an unescaped quote is a key's, unless a value begins with a colon, and
/// who uses the index checks every key, the bytes around it and the number of quotes, from which the rest follows (<see cref="ShapeReader{T}"/>).
/// That saves the carry-less multiplication (or six shifts) per block that a string mask takes.
/// The buffer must be padded behind its last line (<see cref="Buffers.PaddedBuffer"/>), and a 0x0A must stand there.
/// </remarks>
internal static class LineIndexer<TBlock>
    where TBlock : struct, IByteBlock
{
    /// <summary>Indexes the line that begins at <paramref name="start"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scan(byte[] bytes, int start, LineIndex index)
    {
        ref byte block = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(bytes), start);
        ref int first = ref MemoryMarshal.GetArrayDataReference(index.KeyColons);
        ref int last = ref Unsafe.Add(ref first, LineIndex.MaxKeys);
        index.BackslashCount = 0;
        index.HasNonAscii = false;
        index.IsUsual = true;
        int position = start;
        int quoteCount = 0;

        // A reference that moves on, and not an index: the chain from one block to the next is one addition in a register.
        ref int target = ref first;
        while (true)
        {
            int keys = TBlock.FindKeys(ref block, position, ref target, out int quotes, out bool special);
            if (special)
            {
                Closer closer = LookCloser(ref block, position, ref target, index, startsEscaped: false);
                while (closer.EndsWithEscape && !closer.EndsLine)
                {
                    quoteCount += closer.Quotes;
                    target = ref Unsafe.Add(ref target, closer.Keys);
                    if (Unsafe.IsAddressGreaterThan(ref target, ref last))
                    {
                        index.IsUsual = false;
                        target = ref first;
                    }

                    position += 64;
                    block = ref Unsafe.Add(ref block, 64);
                    closer = LookCloser(ref block, position, ref target, index, startsEscaped: true);
                }

                // The closer look has results of its own, so that those above have no address and stay in registers.
                keys = closer.Keys;
                quotes = closer.Quotes;
                if (closer.EndsLine)
                {
                    index.KeyCount = (int)(Unsafe.ByteOffset(ref first, ref target) / sizeof(int)) + keys;
                    index.QuoteCount = quoteCount + quotes;
                    return;
                }
            }

            quoteCount += quotes;
            target = ref Unsafe.Add(ref target, keys);
            if (Unsafe.IsAddressGreaterThan(ref target, ref last))
            {
                index.IsUsual = false;
                target = ref first;
            }

            position += 64;
            block = ref Unsafe.Add(ref block, 64);
        }
    }

    /// <summary>Handles a block with something rare in it.</summary>
    /// <param name="startsEscaped">Whether a backslash right before the block escapes its first byte.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Closer LookCloser(ref byte block, int position, ref int target, LineIndex index, bool startsEscaped)
    {
        SpecialMasks masks = TBlock.FindSpecial(ref block);
        ulong inside = ulong.MaxValue;
        ulong controls = masks.Controls;
        if (masks.LineEnds != 0)
        {
            int end = BitOperations.TrailingZeroCount(masks.LineEnds);
            index.End = position + end;
            inside = (1UL << end) - 1;
            bool endsWithReturn = end > 0 && Unsafe.Add(ref block, end - 1) == (byte)'\r';
            controls &= endsWithReturn ? inside >> 1 : inside;
        }
        else if (Unsafe.Add(ref block, 63) == (byte)'\r' && Unsafe.Add(ref block, 64) == (byte)'\n')
        {
            controls &= ulong.MaxValue >> 1;
        }

        ulong escaped = startsEscaped ? 1UL : 0;
        ulong starts = masks.Backslashes & inside & ~escaped;
        bool endsWithEscape = false;
        while (starts != 0)
        {
            int start = BitOperations.TrailingZeroCount(starts);
            if (index.BackslashCount == LineIndex.MaxBackslashes)
            {
                index.IsUsual = false;
                index.BackslashCount = 0;
            }

            index.Backslashes[index.BackslashCount++] = position + start;
            escaped |= 2UL << start;
            endsWithEscape = start == 63;
            starts &= ~(3UL << start);
        }

        // An escaped quote right before the block is taken for a quote here; its colon is a key too many, and the line has no shape.
        ulong quotes = masks.Quotes & inside & ~escaped;
        ulong carry = Unsafe.Subtract(ref block, 1) == (byte)'"' ? 1UL : 0;
        int keys = KeyPositions.Write(masks.Colons & inside & ((quotes << 1) | carry), position, ref target);
        index.HasNonAscii |= (masks.NonAscii & inside) != 0;
        index.IsUsual &= controls == 0;
        return new Closer(keys, BitOperations.PopCount(quotes), masks.LineEnds != 0, endsWithEscape);
    }

    private readonly record struct Closer(int Keys, int Quotes, bool EndsLine, bool EndsWithEscape);
}

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
    public static void Scan(byte[] bytes, int start, LineIndex index)
    {
        ref byte block = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(bytes), start);
        ref int keyColons = ref MemoryMarshal.GetArrayDataReference(index.KeyColons);
        index.BackslashCount = 0;
        index.HasNonAscii = false;
        index.IsUsual = true;
        int position = start;
        int quoteCount = 0;
        nint keyCount = 0;
        bool startsEscaped = false;
        while (true)
        {
            int keys = TBlock.FindKeys(ref block, position, ref Unsafe.Add(ref keyColons, keyCount), out int quotes, out bool special);
            if (special || startsEscaped)
            {
                // The closer look has results of its own, so that those above have no address and stay in registers.
                bool ended = LookCloser(
                    ref block, position, ref Unsafe.Add(ref keyColons, keyCount), index, ref startsEscaped, out int closerKeys, out int closerQuotes);
                keys = closerKeys;
                quotes = closerQuotes;
                if (ended)
                {
                    index.KeyCount = (int)keyCount + keys;
                    index.QuoteCount = quoteCount + quotes;
                    return;
                }
            }

            quoteCount += quotes;
            keyCount += keys;
            if (keyCount > LineIndex.MaxKeys)
            {
                index.IsUsual = false;
                keyCount = 0;
            }

            position += 64;
            block = ref Unsafe.Add(ref block, 64);
        }
    }

    /// <summary>Handles a block with something rare in it; returns whether the line ends there.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool LookCloser(
        ref byte block, int position, ref int target, LineIndex index, ref bool isEscaped, out int keyCount, out int quoteCount)
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

        ulong escaped = isEscaped ? 1UL : 0;
        ulong starts = masks.Backslashes & inside & ~escaped;
        isEscaped = false;
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
            isEscaped = start == 63;
            starts &= ~(3UL << start);
        }

        // An escaped quote right before the block is taken for a quote here; its colon is a key too many, and the line has no shape.
        ulong quotes = masks.Quotes & inside & ~escaped;
        ulong carry = Unsafe.Subtract(ref block, 1) == (byte)'"' ? 1UL : 0;
        keyCount = KeyPositions.Write(masks.Colons & inside & ((quotes << 1) | carry), position, ref target);
        quoteCount = BitOperations.PopCount(quotes);
        index.HasNonAscii |= (masks.NonAscii & inside) != 0;
        index.IsUsual &= controls == 0;
        return masks.LineEnds != 0;
    }
}

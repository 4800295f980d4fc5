using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Unicode;
using CfLogStream.Core.Logpush.Shapes;

namespace CfLogStream.Core.Logpush.Simd;

/// <summary>Reads lines by the shape of the lines before them: guesses every key from the ordinal of its colon, and proves the guess.</summary>
/// <remarks>
/// For each member, one vector comparison covers what surrounds its value: closing quote, comma, key, colon, opening quote
/// (<see cref="MemberRun"/>). Numbers are checked digit by digit with one vector each; literals, arrays and odd values by
/// <see cref="JsonScanner"/>; objects by shapes of their own. Then every byte outside strings is accounted for. Inside strings there can be no
/// quote, because the line has exactly the quotes that keys and strings have at their ends, and each string has at least those; where there
/// are backslashes, the strings that hold them are stepped through. So a line that matches is exactly a well-formed object with the
/// shape's keys, no key of the line is ever skipped unread, and everything else goes the general way (<see cref="RecordReader"/>).
/// Vector code is not precompiled and would run unoptimised until the tiered compiler comes to it, so it is optimised at its first call.
/// Nothing is allocated. Bounds: key colons lie inside the line, which lies inside a <see cref="Buffers.PaddedBuffer"/>; windows reach 62 bytes
/// before a colon and 32 behind a value's start, numbers are at most 31 bytes, so 128 bytes of padding cover every access.
/// </remarks>
internal sealed class ShapeReader<TBlock> : IShapeReader
    where TBlock : struct, IByteBlock
{
    private readonly LineIndex _index = new();
    private readonly LogRecord _nested = new();
    private readonly ulong[] _depths;
    private readonly int _maxDepth;

    /// <param name="maxDepth">The deepest nesting, at least 2; the record itself is depth 1.</param>
    public ShapeReader(int maxDepth)
    {
        _maxDepth = maxDepth;
        _depths = new ulong[(maxDepth / 64) + 1];
    }

    public int Index(byte[] bytes, int start)
    {
        LineIndexer<TBlock>.Scan(bytes, start, _index);
        return _index.End;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryRead(byte[] bytes, int start, RecordShape shape, LogRecord record, out NestedMiss miss)
    {
        miss = default;
        if (!_index.IsUsual || _index.KeyCount == 0 || _index.KeyColons[0] - shape.Runs[0].FirstKeySpan != start)
        {
            return false;
        }

        int end = _index.End - (bytes[_index.End - 1] == (byte)'\r' ? 1 : 0);
        if (bytes[end - 1] != (byte)'}')
        {
            return false;
        }

        record.BeginShape(bytes, start, _index.End - start, shape);
        ReadOnlySpan<byte> line = bytes.AsSpan(start, end - start);
        var scanner = new JsonScanner(line, _depths, _maxDepth, hasControl: false);
        int next = 0;
        int slot = 1;
        int quotes = 0;
        for (int i = 0; i < shape.Runs.Length; i++)
        {
            MemberRun run = shape.Runs[i];
            int following = next + run.Count;
            int lastSlot = slot + run.Count - 1;
            if (following > _index.KeyCount)
            {
                return false;
            }

            int valueEnd = end - 1;
            if (i < shape.Objects.Length)
            {
                int valueStart = _index.KeyColons[following - 1] + 1;
                MemberRun? behind = i + 1 < shape.Runs.Length ? shape.Runs[i + 1] : null;
                valueEnd = ReadNested(line, bytes, start, valueStart, shape.Objects[i], behind, ref following, ref quotes,
                    out record.Kinds[lastSlot], ref miss);
                if (valueEnd < 0)
                {
                    return false;
                }
            }

            if (!TryRun(bytes, ref scanner, start, run, next, valueEnd, record, slot, ref quotes))
            {
                return false;
            }

            if (i < shape.Objects.Length && record.Kinds[lastSlot] is FieldKind.Text or FieldKind.EscapedText)
            {
                TakeQuotesOff(record, lastSlot);
            }

            next = following;
            slot += run.Count;
        }

        return next == _index.KeyCount && quotes == _index.QuoteCount
            && (_index.BackslashCount == 0 || AreEscapesValid(ref scanner, start, record, slot))
            && (!_index.HasNonAscii || Utf8.IsValid(line));
    }

    /// <summary>Compares a run with the line; fills the record's slots from <paramref name="slot"/> on with starts and lengths, and the kinds
    /// of other members.</summary>
    /// <param name="next">The ordinal of its first key's colon.</param>
    /// <param name="end">Where its last value ends.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool TryRun(
        byte[] bytes, ref JsonScanner scanner, int lineStart, MemberRun run, int next, int end, LogRecord record, int slot, ref int quotes)
    {
        int count = run.Count;
        ref int colons = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_index.KeyColons), next);
        if (HasOtherKeys(ref MemoryMarshal.GetArrayDataReference(bytes), ref colons, run))
        {
            return false;
        }

        ref int starts = ref record.Starts[slot];
        ref int lengths = ref record.Lengths[slot];
        ref int startOffsets = ref MemoryMarshal.GetArrayDataReference(run.StartOffsets);
        ref int lengthOffsets = ref MemoryMarshal.GetArrayDataReference(run.LengthOffsets);
        Vector256<int> signs = Vector256<int>.Zero;
        for (nuint i = 0; i < (nuint)count; i += MemberRun.Lanes)
        {
            Vector256<int> colon = Vector256.LoadUnsafe(ref colons, i);
            Vector256<int> length = Vector256.LoadUnsafe(ref colons, i + 1) - colon + Vector256.LoadUnsafe(ref lengthOffsets, i);
            signs |= length;
            length.StoreUnsafe(ref lengths, i);
            (colon + Vector256.LoadUnsafe(ref startOffsets, i)).StoreUnsafe(ref starts, i);
        }

        int last = slot + count - 1;
        int lastLength = end - run.LastQuote - record.Starts[last];
        record.Lengths[last] = lastLength;
        if (signs.ExtractMostSignificantBits() != 0 || lastLength < 0 || (run.LastQuote == 1 && bytes[end - 1] != (byte)'"'))
        {
            return false;
        }

        quotes += run.QuoteCount;
        return AreNumbers(bytes, run.Numbers, record, slot) && AreOthersValid(bytes, ref scanner, lineStart, run.Others, record, slot, ref quotes);
    }

    /// <summary>Whether any key of a run, or what is beside it, differs from the line.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool HasOtherKeys(ref byte origin, ref int colons, MemberRun run)
    {
        ref byte pattern = ref MemoryMarshal.GetArrayDataReference(run.Patterns);
        ref byte mask = ref MemoryMarshal.GetArrayDataReference(run.Masks);
        Vector256<byte> difference = Vector256<byte>.Zero;
        Vector256<byte> difference2 = Vector256<byte>.Zero;
        nint count = run.Count;
        nint i = 0;
        for (; i < count - 1; i += 2)
        {
            ref byte first = ref Unsafe.Add(ref origin, (nint)Unsafe.Add(ref colons, i) - MemberRun.WindowBefore);
            ref byte second = ref Unsafe.Add(ref origin, (nint)Unsafe.Add(ref colons, i + 1) - MemberRun.WindowBefore);
            difference |= TBlock.Difference(ref first, ref pattern, ref mask);
            difference2 |= TBlock.Difference(
                ref second, ref Unsafe.Add(ref pattern, MemberRun.WindowBytes), ref Unsafe.Add(ref mask, MemberRun.WindowBytes));
            pattern = ref Unsafe.Add(ref pattern, 2 * MemberRun.WindowBytes);
            mask = ref Unsafe.Add(ref mask, 2 * MemberRun.WindowBytes);
        }

        if (i < count)
        {
            ref byte rest = ref Unsafe.Add(ref origin, (nint)Unsafe.Add(ref colons, i) - MemberRun.WindowBefore);
            difference |= TBlock.Difference(ref rest, ref pattern, ref mask);
        }

        foreach (MemberRun.LongKey key in run.LongKeys)
        {
            ref byte start = ref Unsafe.Add(ref origin, Unsafe.Add(ref colons, key.Member) - MemberRun.WindowBefore - MemberRun.WindowBytes);
            difference |= TBlock.Difference(
                ref start, ref MemoryMarshal.GetArrayDataReference(key.Pattern), ref MemoryMarshal.GetArrayDataReference(key.Mask));
        }

        return (difference | difference2) != Vector256<byte>.Zero;
    }

    /// <summary>Whether every number is digits, or digits, a point and digits, without a leading zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool AreNumbers(byte[] bytes, ushort[] numbers, LogRecord record, int slot)
    {
        ref byte origin = ref MemoryMarshal.GetArrayDataReference(bytes);
        ref int starts = ref record.Starts[slot];
        ref int lengths = ref record.Lengths[slot];
        int bad = 0;
        foreach (ushort member in numbers)
        {
            int length = Unsafe.Add(ref lengths, (nint)member);
            ref byte first = ref Unsafe.Add(ref origin, (nint)Unsafe.Add(ref starts, (nint)member));

            // Up to eight digits in one register: what is behind them is shifted out, and no byte may be above 9.
            ulong word = Unsafe.ReadUnaligned<ulong>(ref first) ^ 0x3030_3030_3030_3030;
            word <<= 64 - (8 * length);
            if ((uint)(length - 1) < 8 && BitConverter.IsLittleEndian && (((word + 0x7676_7676_7676_7676) | word) & 0x8080_8080_8080_8080) == 0)
            {
                // Whether a number begins with a zero cannot be predicted, so it is not asked: more than one digit behind one is bad.
                bad |= ((first - '1') >> 31) & (length - 1);
            }
            else
            {
                bad |= FaultsOfNumber(ref first, length);
            }
        }

        return bad == 0;
    }

    /// <summary>Returns 0 for digits, or digits, a point and digits, without a leading zero and of at most 31 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int FaultsOfNumber(ref byte first, int length)
    {
        TBlock.FindNumber(ref first, out uint digits, out uint points);
        uint all = (1U << length) - 1;
        points &= all;
        uint bad = ~(digits | points) & all;
        bad |= points & (points - 1);
        bad |= (points & 1) | (points >> (length - 1));
        bad |= (uint)((first - '1') >> 31) & ~points & all & 2;
        return (int)bad | ((length - 1) & int.MinValue) | ((31 - length) & int.MinValue);
    }

    /// <summary>Reads values of any kind that have no keys inside; one that is what it was the last time needs no second look.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool AreOthersValid(
        byte[] bytes, ref JsonScanner scanner, int lineStart, OtherMember[] others, LogRecord record, int slot, ref int quotes)
    {
        ref byte origin = ref MemoryMarshal.GetArrayDataReference(bytes);
        foreach (OtherMember other in others)
        {
            int at = slot + other.Member;
            int length = record.Lengths[at];
            ulong word = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref origin, record.Starts[at])) << (64 - (8 * length));
            if (length == other.LastLength && word == other.LastWord)
            {
                record.Kinds[at] = other.LastKind;
            }
            else if (!TryOther(bytes, ref scanner, lineStart, record, at, ref quotes))
            {
                return false;
            }
            else if (record.Kinds[at] is not (FieldKind.Text or FieldKind.EscapedText) && length <= OtherMember.MaxLength
                && !bytes.AsSpan(record.Starts[at], length).Contains((byte)'"'))
            {
                other.LastLength = length;
                other.LastWord = word;
                other.LastKind = record.Kinds[at];
            }
        }

        return true;
    }

    private static bool TryOther(byte[] bytes, ref JsonScanner scanner, int lineStart, LogRecord record, int slot, ref int quotes)
    {
        int start = record.Starts[slot];
        int length = record.Lengths[slot];
        ref FieldKind kind = ref record.Kinds[slot];
        if (scanner.SkipValue(start - lineStart, out kind) != start + length - lineStart)
        {
            return false;
        }

        quotes += CountQuotes(bytes.AsSpan(start, length));
        if (kind is FieldKind.Text or FieldKind.EscapedText)
        {
            TakeQuotesOff(record, slot);
        }

        return true;
    }

    private static void TakeQuotesOff(LogRecord record, int slot)
    {
        record.Starts[slot]++;
        record.Lengths[slot] -= 2;
    }

    /// <summary>Counts the quotes of a well-formed value that are not escaped.</summary>
    private static int CountQuotes(ReadOnlySpan<byte> value)
    {
        int count = 0;
        for (int i = 0; i < value.Length; i++)
        {
            if (value[i] == (byte)'\\')
            {
                i++;
            }
            else if (value[i] == (byte)'"')
            {
                count++;
            }
        }

        return count;
    }

    /// <summary>Reads a value that may have keys inside and moves over those; returns where it ends, or -1.</summary>
    /// <param name="behind">The members behind it; null when it is the record's last.</param>
    /// <param name="next">The ordinal of the first key's colon behind the value's own; moved to the first behind the value.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int ReadNested(
        ReadOnlySpan<byte> line,
        byte[] bytes,
        int lineStart,
        int valueStart,
        NestedShapes nested,
        MemberRun? behind,
        ref int next,
        ref int quotes,
        out FieldKind kind,
        ref NestedMiss miss)
    {
        if (bytes[valueStart] == (byte)'{' && bytes[valueStart + 1] != (byte)'}')
        {
            var inner = new JsonScanner(line, _depths, _maxDepth - 1, hasControl: false);
            for (int i = 0; i < nested.Variants.Length; i++)
            {
                MemberRun variant = nested.Variants[i];
                int following = next + variant.Count;
                int valueEnd = ExpectedEnd(lineStart + line.Length, behind, following);
                int quotesBefore = quotes;
                if (valueEnd > valueStart && bytes[valueEnd - 1] == (byte)'}' && _index.KeyColons[next] - variant.FirstKeySpan == valueStart
                    && TryRun(bytes, ref inner, lineStart, variant, next, valueEnd - 1, _nested, 0, ref quotes))
                {
                    next = following;
                    nested.Prefer(i);
                    kind = FieldKind.Object;
                    return valueEnd;
                }

                quotes = quotesBefore;
            }

            miss = new NestedMiss(nested, valueStart);
        }

        if (bytes[valueStart] == (byte)'{' && bytes[valueStart + 1] == (byte)'}')
        {
            kind = FieldKind.Object;
            return ExpectedEnd(lineStart + line.Length, behind, next) == valueStart + 2 ? valueStart + 2 : -1;
        }

        var scanner = new JsonScanner(line, _depths, _maxDepth, hasControl: false);
        int end = scanner.SkipValue(valueStart - lineStart, out kind);
        if (end < 0)
        {
            return -1;
        }

        end += lineStart;
        quotes += CountQuotes(bytes.AsSpan(valueStart, end - valueStart));
        while (next < _index.KeyCount && _index.KeyColons[next] < end)
        {
            next++;
        }

        return end == ExpectedEnd(lineStart + line.Length, behind, next) ? end : -1;
    }

    /// <summary>Returns where a nested value must end: before the key that follows it, or before the record's brace.</summary>
    private int ExpectedEnd(int lineEnd, MemberRun? behind, int following) =>
        behind is null ? following <= _index.KeyCount ? lineEnd - 1 : -1
        : following < _index.KeyCount ? _index.KeyColons[following] - behind.FirstKeySpan : -1;

    /// <summary>Steps through every string that holds a backslash, and notes that it is escaped.</summary>
    private bool AreEscapesValid(ref JsonScanner scanner, int lineStart, LogRecord record, int slots)
    {
        int slot = 1;
        int checkedUntil = 0;
        for (int i = 0; i < _index.BackslashCount; i++)
        {
            int backslash = _index.Backslashes[i];
            if (backslash < checkedUntil)
            {
                continue;
            }

            while (slot < slots && record.Starts[slot] + record.Lengths[slot] <= backslash)
            {
                slot++;
            }

            if (slot == slots || record.Starts[slot] > backslash)
            {
                return false;
            }

            int start = record.Starts[slot] - lineStart;
            int end = start + record.Lengths[slot];
            if (record.Kinds[slot] == FieldKind.Text)
            {
                if (scanner.StringEnd(start, out _) != end)
                {
                    return false;
                }

                record.Kinds[slot] = FieldKind.EscapedText;
            }
            else if (record.Kinds[slot] != FieldKind.EscapedText && scanner.SkipValue(start, out _) != end)
            {
                return false;
            }

            checkedUntil = end + lineStart;
        }

        return true;
    }
}

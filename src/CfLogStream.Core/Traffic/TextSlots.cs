using System.Diagnostics;
using System.Runtime.Intrinsics;

namespace CfLogStream.Core.Traffic;

/// <summary>Keeps what was worked out of texts, so that it is found again when a text comes again. One per thread.</summary>
/// <remarks>
/// A text has two slots next to each other, chosen by a hash, and is known again by comparing all its bytes and a number that comes with
/// it: what is found is the value of this very text. Of two texts in its slots a new one takes the place of either in turn. Length,
/// number, value and text of a slot stand side by side, for the few slots that a log uses to stay in the nearest caches. The memory is
/// fixed: 272 bytes and the value for each slot. Longer texts share one slot of their own, which is never found filled.
/// </remarks>
internal sealed class TextSlots<TValue>
    where TValue : struct
{
    /// <summary>The longest text that is kept.</summary>
    public const int MaxLength = WideText.Width;

    // Up to here texts are compared in vectors, of which there are four, or two.
    private const int Wide = 128;
    private const int Narrow = 64;
    private const int Vector = 32;

    private readonly int _shift;
    private readonly Slot[] _slots;
    private int _turn;

    /// <param name="bits">The number of slots is two to this power.</param>
    public TextSlots(int bits)
    {
        Debug.Assert(bits is > 0 and < 20);
        _shift = 64 - bits;
        _slots = new Slot[(1 << bits) + 1];
        foreach (ref Slot slot in _slots.AsSpan())
        {
            slot.Length = -1;
        }
    }

    /// <summary>The slot for texts that are not kept.</summary>
    public int Shared => _slots.Length - 1;

    /// <summary>The value of a slot.</summary>
    public ref TValue this[int slot] => ref _slots[slot].Value;

    /// <summary>Returns the slot of a text; its complement when the slot is new, and its value must be worked out now.</summary>
    /// <param name="room">The text and what comes behind it (<see cref="WideText"/>).</param>
    /// <param name="tag">What has to be equal beside the text.</param>
    public int Find(ReadOnlySpan<byte> room, int length, ulong tag)
    {
        if (length > Narrow)
        {
            return length < Wide ? FindWide(room, length, tag) : FindLong(room[..length], tag);
        }

        Vector256<byte> first = WideText.Read(room, length, 0);
        Vector256<byte> second = WideText.Read(room, length, Vector);
        int index = (int)(WideText.Hash(first, second, tag + (uint)length) >> _shift);
        for (int way = 0; way < 2; way++)
        {
            ref Slot slot = ref _slots[index];
            ReadOnlySpan<byte> kept = slot.Text;
            Vector256<byte> different = (first ^ Vector256.Create(kept)) | (second ^ Vector256.Create(kept[Vector..]));
            if (different == Vector256<byte>.Zero && slot.Length == length && slot.Tag == tag)
            {
                return index;
            }

            index ^= 1;
        }

        return Take(index, room[..length], tag);
    }

    private int FindWide(ReadOnlySpan<byte> room, int length, ulong tag)
    {
        Vector256<byte> first = WideText.Read(room, length, 0);
        Vector256<byte> second = WideText.Read(room, length, Vector);
        Vector256<byte> third = WideText.Read(room, length, 2 * Vector);
        Vector256<byte> fourth = WideText.Read(room, length, 3 * Vector);
        Vector256<byte> folded = (third.AsUInt32() * Vector256.Create(0xC2B2AE35u)).AsByte();
        int index = (int)(WideText.Hash(first ^ folded, second ^ fourth, tag + (uint)length) >> _shift);
        for (int way = 0; way < 2; way++)
        {
            ref Slot slot = ref _slots[index];
            ReadOnlySpan<byte> kept = slot.Text;
            Vector256<byte> different = (first ^ Vector256.Create(kept)) | (second ^ Vector256.Create(kept[Vector..]))
                | (third ^ Vector256.Create(kept[(2 * Vector)..])) | (fourth ^ Vector256.Create(kept[(3 * Vector)..]));
            if (different == Vector256<byte>.Zero && slot.Length == length && slot.Tag == tag)
            {
                return index;
            }

            index ^= 1;
        }

        return Take(index, room[..length], tag);
    }

    private int FindLong(ReadOnlySpan<byte> text, ulong tag)
    {
        if (text.Length > MaxLength)
        {
            return ~Shared;
        }

        int index = (int)(QuickHash.Spread(QuickHash.Of(text) + tag) >> _shift);
        for (int way = 0; way < 2; way++)
        {
            ref Slot slot = ref _slots[index];
            if (slot.Length == text.Length && slot.Tag == tag && text.SequenceEqual(((ReadOnlySpan<byte>)slot.Text)[..text.Length]))
            {
                return index;
            }

            index ^= 1;
        }

        return Take(index, text, tag);
    }

    private int Take(int index, ReadOnlySpan<byte> text, ulong tag)
    {
        index ^= _turn;
        _turn ^= 1;
        ref Slot slot = ref _slots[index];
        slot.Length = text.Length;
        slot.Tag = tag;
        Span<byte> kept = slot.Text;
        kept[text.Length..].Clear();
        text.CopyTo(kept);
        return ~index;
    }

    private struct Slot
    {
        /// <summary>-1 for an empty slot.</summary>
        public int Length;
        public ulong Tag;
        public TValue Value;
        public TextBytes Text;
    }
}

using System.Diagnostics;
using System.Runtime.Intrinsics;

namespace CfLogStream.Core.Traffic;

/// <summary>Gives texts slots, so that what was worked out of a text is found again when it comes again. One per thread.</summary>
/// <remarks>
/// A text has two slots next to each other, chosen by a hash, and is known again by comparing all its bytes and a number that comes with
/// it: whoever keeps values beside the slots gets the value of this very text or none. Of two texts in its slots a new one takes the place
/// of either in turn. The memory is fixed, 256 bytes of text for each slot. Longer texts share one slot of their own, which is never found
/// filled.
/// </remarks>
internal sealed class TextSlots
{
    /// <summary>The longest text that is kept.</summary>
    public const int MaxLength = WideText.Width;

    // Shorter texts are compared in vectors.
    private const int Narrow = 128;
    private const int Quarter = Narrow / 4;

    private readonly int _shift;
    private readonly int[] _lengths;
    private readonly ulong[] _tags;
    private readonly byte[] _texts;
    private int _turn;

    /// <param name="bits">The number of slots is two to this power.</param>
    public TextSlots(int bits)
    {
        Debug.Assert(bits is > 0 and < 20);
        _shift = 64 - bits;
        _lengths = new int[1 << bits];
        _lengths.AsSpan().Fill(-1);
        _tags = new ulong[1 << bits];
        _texts = new byte[MaxLength << bits];
    }

    /// <summary>The number of slots, with that for long texts, which is the last.</summary>
    public int Count => _lengths.Length + 1;

    /// <summary>Returns the slot of a text; its complement when the slot is new, and what belongs to it must be worked out now.</summary>
    /// <param name="room">The text and what comes behind it (<see cref="WideText"/>).</param>
    /// <param name="tag">What has to be equal beside the text.</param>
    public int Find(ReadOnlySpan<byte> room, int length, ulong tag)
    {
        if (length >= Narrow)
        {
            return FindLong(room[..length], tag);
        }

        Vector256<byte> first = WideText.Read(room, length, 0);
        Vector256<byte> second = WideText.Read(room, length, Quarter);
        Vector256<byte> third = WideText.Read(room, length, 2 * Quarter);
        Vector256<byte> fourth = WideText.Read(room, length, 3 * Quarter);
        ulong hash = WideText.Hash(first ^ (third.AsUInt32() * Vector256.Create(0xC2B2AE35u)).AsByte(), second ^ fourth, tag + (uint)length);
        int slot = (int)(hash >> _shift);
        for (int way = 0; way < 2; way++)
        {
            ReadOnlySpan<byte> kept = _texts.AsSpan(slot * MaxLength, Narrow);
            Vector256<byte> different = (first ^ Vector256.Create(kept)) | (second ^ Vector256.Create(kept[Quarter..]))
                | (third ^ Vector256.Create(kept[(2 * Quarter)..])) | (fourth ^ Vector256.Create(kept[(3 * Quarter)..]));
            if (different == Vector256<byte>.Zero && _lengths[slot] == length && _tags[slot] == tag)
            {
                return slot;
            }

            slot ^= 1;
        }

        return Take(slot, room[..length], tag);
    }

    private int FindLong(ReadOnlySpan<byte> text, ulong tag)
    {
        if (text.Length > MaxLength)
        {
            return ~_lengths.Length;
        }

        int slot = (int)((QuickHash.Of(text) + tag) >> _shift);
        for (int way = 0; way < 2; way++)
        {
            if (_lengths[slot] == text.Length && _tags[slot] == tag && text.SequenceEqual(_texts.AsSpan(slot * MaxLength, text.Length)))
            {
                return slot;
            }

            slot ^= 1;
        }

        return Take(slot, text, tag);
    }

    private int Take(int slot, ReadOnlySpan<byte> text, ulong tag)
    {
        slot ^= _turn;
        _turn ^= 1;
        _lengths[slot] = text.Length;
        _tags[slot] = tag;
        Span<byte> kept = _texts.AsSpan(slot * MaxLength, MaxLength);
        kept[text.Length..].Clear();
        text.CopyTo(kept);
        return ~slot;
    }
}

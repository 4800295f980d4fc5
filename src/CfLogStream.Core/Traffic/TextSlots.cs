using System.Diagnostics;

namespace CfLogStream.Core.Traffic;

/// <summary>Gives texts slots, so that what was worked out of a text is found again when it comes again. One per thread.</summary>
/// <remarks>
/// A text has two slots next to each other, chosen by a hash, and is known again by comparing all its bytes: whoever keeps values beside
/// the slots gets the value of this very text or none. Of two texts in its slots a new one takes the place of either in turn. The memory is
/// fixed: slots times the longest text. Longer texts share one slot of their own, which is never found filled.
/// </remarks>
internal sealed class TextSlots
{
    private const int Empty = -1;

    private readonly int _maxLength;
    private readonly int _shift;
    private readonly int[] _lengths;
    private readonly byte[] _texts;
    private int _turn;

    /// <param name="bits">The number of slots is two to this power.</param>
    /// <param name="maxLength">The longest text that is kept.</param>
    public TextSlots(int bits, int maxLength)
    {
        Debug.Assert(bits is > 0 and < 20);
        _shift = 64 - bits;
        _maxLength = maxLength;
        _lengths = new int[1 << bits];
        _lengths.AsSpan().Fill(Empty);
        _texts = new byte[maxLength << bits];
    }

    /// <summary>The number of slots, with that for long texts, which is the last.</summary>
    public int Count => _lengths.Length + 1;

    /// <summary>Returns the slot of a text.</summary>
    /// <param name="isFilled">Whether the slot had this text before; if not, what belongs to it must be worked out now.</param>
    public int Find(ReadOnlySpan<byte> text, out bool isFilled)
    {
        if (text.Length > _maxLength)
        {
            isFilled = false;
            return _lengths.Length;
        }

        int slot = (int)(QuickHash.Of(text) >> _shift);
        isFilled = true;
        if (Holds(slot, text))
        {
            return slot;
        }

        slot ^= 1;
        if (Holds(slot, text))
        {
            return slot;
        }

        isFilled = false;
        return Take(slot, text);
    }

    private bool Holds(int slot, ReadOnlySpan<byte> text) =>
        _lengths[slot] == text.Length && text.SequenceEqual(_texts.AsSpan(slot * _maxLength, text.Length));

    private int Take(int slot, ReadOnlySpan<byte> text)
    {
        if (_lengths[slot ^ 1] == Empty)
        {
            slot ^= 1;
        }
        else if (_lengths[slot] != Empty)
        {
            slot ^= _turn;
            _turn ^= 1;
        }

        _lengths[slot] = text.Length;
        text.CopyTo(_texts.AsSpan(slot * _maxLength));
        return slot;
    }
}

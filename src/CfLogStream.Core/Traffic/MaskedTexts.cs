using CfLogStream.Core.Traffic.Paths;

namespace CfLogStream.Core.Traffic;

/// <summary>Writes paths, queries and referers with their secrets masked. One per thread; remembers which had none.</summary>
/// <remarks>
/// Most texts have nothing to mask and many come again: which those are is kept by the whole text (<see cref="TextSlots{TValue}"/>, 290
/// kB). A text with a secret is masked anew each time.
/// </remarks>
internal sealed class MaskedTexts
{
    private const int SlotBits = 10;

    // What beside the text tells one kind from the other.
    private const ulong UriTag = 1;
    private const ulong QueryTag = 2;

    private readonly TextSlots<bool> _isHarmless = new(SlotBits);
    private readonly byte[] _scratch = new byte[WideText.Width];

    /// <summary>Writes a path or a web address as the next slot.</summary>
    public void WriteUri(ReadOnlySpan<byte> uri, TrafficBatch batch) => Write(uri, UriTag, batch);

    /// <summary>Writes a query, with or without its question mark, as the next slot.</summary>
    public void WriteQuery(ReadOnlySpan<byte> query, TrafficBatch batch) => Write(query, QueryTag, batch);

    private void Write(ReadOnlySpan<byte> text, ulong tag, TrafficBatch batch)
    {
        if (text.IsEmpty)
        {
            batch.Append(default);
            return;
        }

        int slot = _isHarmless.Find(WideText.Copy(text, _scratch), text.Length, tag);
        if (slot >= 0 && _isHarmless[slot])
        {
            batch.Append(text);
            return;
        }

        Span<byte> room = batch.GetSpan(SecretMask.MaxLength(text.Length));
        int length = tag == UriTag ? SecretMask.MaskUri(text, room) : SecretMask.MaskQuery(text, room);
        _isHarmless[slot < 0 ? ~slot : slot] = text.SequenceEqual(room[..length]);
        batch.Advance(length);
    }
}

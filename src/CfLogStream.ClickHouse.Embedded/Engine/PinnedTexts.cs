using System.Text;

namespace CfLogStream.ClickHouse.Embedded.Engine;

/// <summary>
/// Texts as the C ABI takes lists of them: an array of pointers to UTF-8 and an array of lengths. Each text also ends with a zero
/// byte. The arrays live on the pinned heap, so the pointers are good as long as this object is reachable.
/// </summary>
internal sealed unsafe class PinnedTexts
{
    private readonly byte[] _bytes;
    private readonly nint[] _pointers;
    private readonly nuint[] _lengths;

    public PinnedTexts(IReadOnlyCollection<string> texts)
    {
        int size = texts.Sum(static text => Encoding.UTF8.GetByteCount(text) + 1);
        _bytes = GC.AllocateArray<byte>(Math.Max(size, 1), pinned: true);
        _pointers = GC.AllocateArray<nint>(Math.Max(texts.Count, 1), pinned: true);
        _lengths = GC.AllocateArray<nuint>(Math.Max(texts.Count, 1), pinned: true);
        fixed (byte* start = _bytes)
        {
            int at = 0;
            foreach (string text in texts)
            {
                int length = Encoding.UTF8.GetBytes(text, _bytes.AsSpan(at));
                _pointers[Count] = (nint)(start + at);
                _lengths[Count] = (nuint)length;
                at += length + 1;
                Count++;
            }
        }
    }

    /// <summary>Gets the number of texts.</summary>
    public int Count { get; private set; }

    /// <summary>Gets the array of pointers.</summary>
    public byte** Pointers
    {
        get
        {
            fixed (nint* pointers = _pointers)
            {
                return (byte**)pointers;
            }
        }
    }

    /// <summary>Gets the array of lengths.</summary>
    public nuint* Lengths
    {
        get
        {
            fixed (nuint* lengths = _lengths)
            {
                return lengths;
            }
        }
    }
}

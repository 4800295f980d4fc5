using System.Runtime.InteropServices;

namespace CfLogStream.Core.Correlation;

/// <summary>Numbered structs in chunks that never move; returned numbers are handed out again, last first.</summary>
/// <remarks>
/// Growing adds a chunk and copies nothing, so millions of rays do not stop the pipeline. Items are not cleared: who rents, fills.
/// </remarks>
internal sealed class ItemPool<T>
    where T : unmanaged
{
    private const int ChunkBits = 10;
    private const int ChunkMask = (1 << ChunkBits) - 1;

    private T[][] _chunks = [];
    private int[] _free = new int[64];
    private int _freeCount;
    private int _used;

    /// <summary>Items rented and not returned.</summary>
    public int Live => _used - _freeCount;

    public long BytesHeld => _chunks.Length == 0
        ? 0
        : ((long)MemoryMarshal.AsBytes(_chunks[0].AsSpan()).Length * _chunks.Length) + (_free.Length * sizeof(int));

    public ref T this[int item] => ref _chunks[item >> ChunkBits][item & ChunkMask];

    public int Rent()
    {
        if (_freeCount > 0)
        {
            return _free[--_freeCount];
        }

        if (_used == _chunks.Length << ChunkBits)
        {
            Array.Resize(ref _chunks, _chunks.Length + 1);
            _chunks[^1] = new T[1 << ChunkBits];
        }

        return _used++;
    }

    public void Return(int item)
    {
        if (_freeCount == _free.Length)
        {
            Array.Resize(ref _free, _free.Length * 2);
        }

        _free[_freeCount++] = item;
    }
}

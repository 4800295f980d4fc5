using System.Numerics;

namespace CfLogStream.Core.Correlation;

/// <summary>Blocks of many sizes cut from large arrays and reused by size class.</summary>
/// <remarks>
/// A block is named by a handle: its first granule, counted over all chunks; 0 is none. Sizes are rounded up to classes, four per
/// doubling, so at most a fifth is slack; each class keeps a stack of returned handles. What is longer than a chunk gets an array of its
/// own, given back to the runtime when returned. Memory held is therefore the peak of what lived at once, per class.
/// The caller knows the length of what it rented. One thread.
/// </remarks>
internal sealed class Slab<T>
    where T : unmanaged
{
    private const int ClassCount = 128;

    private readonly int _granule;
    private readonly int _chunkBits;
    private readonly int _elementBytes;
    private readonly int[][] _free = new int[ClassCount][];
    private readonly int[] _freeCounts = new int[ClassCount];
    private T[]?[] _chunks = [];
    private int _bumpChunk;
    private int _bumpAt;

    /// <param name="granule">Elements per granule, the smallest block.</param>
    /// <param name="chunkBits">Granules per chunk, as a power of two.</param>
    /// <param name="elementBytes">The size of one element, for <see cref="BytesHeld"/>.</param>
    public Slab(int granule, int chunkBits, int elementBytes)
    {
        _granule = granule;
        _chunkBits = chunkBits;
        _elementBytes = elementBytes;
        Array.Fill(_free, []);
    }

    /// <summary>Bytes of all chunks.</summary>
    public long BytesHeld { get; private set; }

    /// <summary>Bytes of the blocks rented, with their slack.</summary>
    public long BytesRented { get; private set; }

    /// <summary>Rents a block of at least <paramref name="length"/> elements with undefined content.</summary>
    public int Rent(int length)
    {
        int granules = Granules(length, out int sizeClass);
        BytesRented += (long)granules * _granule * _elementBytes;
        if (_chunks.Length == 0)
        {
            // Handle 0 means none, so the very first granule is never handed out.
            _bumpChunk = AddChunk(1 << _chunkBits);
            _bumpAt = 1;
        }

        if (granules >= 1 << _chunkBits)
        {
            return AddChunk(granules) << _chunkBits;
        }

        if (_freeCounts[sizeClass] > 0)
        {
            return _free[sizeClass][--_freeCounts[sizeClass]];
        }

        if (_bumpAt + granules > 1 << _chunkBits)
        {
            _bumpChunk = AddChunk(1 << _chunkBits);
            _bumpAt = 0;
        }

        int handle = (_bumpChunk << _chunkBits) + _bumpAt;
        _bumpAt += granules;
        return handle;
    }

    public Span<T> Span(int handle, int length) =>
        _chunks[handle >> _chunkBits].AsSpan((handle & ((1 << _chunkBits) - 1)) * _granule, length);

    /// <summary>Gives back a block rented with the same length.</summary>
    public void Return(int handle, int length)
    {
        int granules = Granules(length, out int sizeClass);
        BytesRented -= (long)granules * _granule * _elementBytes;
        if (granules >= 1 << _chunkBits)
        {
            int chunk = handle >> _chunkBits;
            BytesHeld -= (long)_chunks[chunk]!.Length * _elementBytes;
            _chunks[chunk] = null;
            return;
        }

        ref int count = ref _freeCounts[sizeClass];
        if (count == _free[sizeClass].Length)
        {
            Array.Resize(ref _free[sizeClass], Math.Max(16, count * 2));
        }

        _free[sizeClass][count++] = handle;
    }

    /// <summary>Rounds up to a size class: 1 to 8 granules exactly, then four classes per doubling.</summary>
    private int Granules(int length, out int sizeClass)
    {
        int granules = Math.Max(1, (int)(((long)length + _granule - 1) / _granule));
        if (granules <= 8)
        {
            sizeClass = granules - 1;
            return granules;
        }

        int log = BitOperations.Log2((uint)(granules - 1));
        int step = 1 << (log - 2);
        int rounded = (granules + step - 1) / step * step;
        sizeClass = 8 + ((log - 3) * 4) + ((rounded - (1 << log)) / step) - 1;
        return rounded;
    }

    private int AddChunk(int granules)
    {
        int chunk = Array.IndexOf(_chunks, null);
        if (chunk < 0)
        {
            chunk = _chunks.Length;
            if (chunk >= 1 << (31 - _chunkBits))
            {
                throw new InvalidOperationException("A slab of the correlator is full; lower the bounds on what waits.");
            }

            Array.Resize(ref _chunks, chunk + 1);
        }

        _chunks[chunk] = new T[granules * _granule];
        BytesHeld += (long)granules * _granule * _elementBytes;
        return chunk;
    }
}

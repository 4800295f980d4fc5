using System.Numerics;
using System.Runtime.CompilerServices;

namespace CfLogStream.Core.Correlation;

/// <summary>Numbers of items by the second in which they are to be looked at, given out when the watermark has passed it.</summary>
/// <remarks>
/// A wheel of one-second buckets, hashed: a number further away than one turn comes up early, and its owner adds it again. A bucket is a
/// list of chunks of fourteen numbers rather than of single items, so that whoever takes a chunk can read the items side by side instead
/// of waiting for one to learn where the next is.
/// </remarks>
internal sealed class ExpiryWheel
{
    private readonly ItemPool<Chunk> _chunks = new();
    private readonly int[] _buckets;

    /// <param name="seconds">How far ahead items are usually added.</param>
    public ExpiryWheel(double seconds)
    {
        _buckets = new int[BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(seconds, 64, 32_768))];
        Array.Fill(_buckets, -1);
    }

    /// <summary>Buckets of the wheel.</summary>
    public int Length => _buckets.Length;

    public long BytesHeld => _chunks.BytesHeld + (_buckets.Length * 4L);

    public void Add(int item, long second)
    {
        ref int bucket = ref _buckets[second & (_buckets.Length - 1)];
        if (bucket < 0 || _chunks[bucket].Count == Chunk.Capacity)
        {
            int added = _chunks.Rent();
            _chunks[added].Count = 0;
            _chunks[added].Next = bucket;
            bucket = added;
        }

        ref Chunk chunk = ref _chunks[bucket];
        chunk.Items[chunk.Count++] = item;
    }

    /// <summary>Empties the bucket of a second and returns its first chunk for <see cref="Take"/>; -1 when it is empty.</summary>
    public int Open(long second)
    {
        ref int bucket = ref _buckets[second & (_buckets.Length - 1)];
        int first = bucket;
        bucket = -1;
        return first;
    }

    /// <summary>Copies the numbers of a chunk, gives the chunk back and moves on to the next.</summary>
    public int Take(ref int chunk, Span<int> items)
    {
        ref Chunk taken = ref _chunks[chunk];
        int count = taken.Count;
        ((ReadOnlySpan<int>)taken.Items)[..count].CopyTo(items);
        int next = taken.Next;
        _chunks.Return(chunk);
        chunk = next;
        return count;
    }

    internal struct Chunk
    {
        public const int Capacity = 14;

        public int Count;
        public int Next;
        public Numbers Items;

        [InlineArray(Capacity)]
        internal struct Numbers
        {
            private int _first;
        }
    }
}

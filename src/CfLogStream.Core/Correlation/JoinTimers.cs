using System.Numerics;

namespace CfLogStream.Core.Correlation;

/// <summary>The deadlines of waiting rays, given out in order of time and then of the offset that began the wait.</summary>
/// <remarks>
/// A wheel of one-second buckets, hashed: a node further away than one turn stays in its bucket until its second comes. The second that
/// the watermark stands in is a binary heap, so that deadlines are met to the nanosecond. A timer is never taken out: when it comes up,
/// its owner sees that the wait it was made for is over (deadline and beginning differ).
/// </remarks>
internal sealed class JoinTimers
{
    private readonly ItemPool<Node> _nodes = new();
    private readonly int[] _buckets;
    private long _second = long.MinValue;

    // A binary heap of nodes whose second has come.
    private int[] _heap = new int[64];
    private int _heapCount;

    public JoinTimers(CorrelationOptions options)
    {
        double seconds = options.AllowedLateness.TotalSeconds + options.JoinHorizon.TotalSeconds + 2;
        _buckets = new int[BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(seconds, 64, 32_768))];
        Array.Fill(_buckets, -1);
    }

    /// <summary>The first deadline in the second that was advanced to; <see cref="long.MaxValue"/> when there is none.</summary>
    public long NextDueNs { get; private set; } = long.MaxValue;

    public long BytesHeld => _nodes.BytesHeld + (_heap.Length * 4L) + (_buckets.Length * 4L);

    /// <summary>Adds a deadline.</summary>
    public void Add(long dueNs, long beginOffset, int detail)
    {
        int node = _nodes.Rent();
        _nodes[node] = new Node { DueNs = dueNs, BeginOffset = beginOffset, Detail = detail };
        long second = dueNs / Watermark.SecondNs;
        if (second <= _second)
        {
            Push(node);
        }
        else
        {
            Link(node, second);
        }
    }

    /// <summary>Makes ready what is due at or before the watermark.</summary>
    public void Advance(long watermarkNs)
    {
        long second = watermarkNs < 0 ? -1 : watermarkNs / Watermark.SecondNs;
        if (second <= _second)
        {
            return;
        }

        int buckets = _second == long.MinValue ? _buckets.Length : (int)Math.Min(_buckets.Length, second - _second);
        _second = second;
        for (int i = 0; i < buckets; i++)
        {
            ref int bucket = ref _buckets[(second - i) & (_buckets.Length - 1)];
            int node = bucket;
            bucket = -1;
            while (node >= 0)
            {
                int next = _nodes[node].Next;
                long due = _nodes[node].DueNs / Watermark.SecondNs;
                if (due <= second)
                {
                    Push(node);
                }
                else
                {
                    Link(node, due);
                }

                node = next;
            }
        }
    }

    /// <summary>Takes the next deadline at or before the watermark that was advanced to.</summary>
    public bool TryTake(long watermarkNs, out long dueNs, out long beginOffset, out int detail)
    {
        if (NextDueNs > watermarkNs || _heapCount == 0)
        {
            dueNs = 0;
            beginOffset = 0;
            detail = -1;
            return false;
        }

        int node = _heap[0];
        ref readonly Node taken = ref _nodes[node];
        dueNs = taken.DueNs;
        beginOffset = taken.BeginOffset;
        detail = taken.Detail;
        Pop();
        _nodes.Return(node);
        return true;
    }

    private void Link(int node, long second)
    {
        ref int bucket = ref _buckets[second & (_buckets.Length - 1)];
        _nodes[node].Next = bucket;
        bucket = node;
    }

    private bool IsBefore(int left, int right)
    {
        ref readonly Node a = ref _nodes[left];
        ref readonly Node b = ref _nodes[right];
        return a.DueNs < b.DueNs || (a.DueNs == b.DueNs && a.BeginOffset < b.BeginOffset);
    }

    private void Push(int node)
    {
        if (_heapCount == _heap.Length)
        {
            Array.Resize(ref _heap, _heapCount * 2);
        }

        int at = _heapCount++;
        while (at > 0 && IsBefore(node, _heap[(at - 1) / 2]))
        {
            _heap[at] = _heap[(at - 1) / 2];
            at = (at - 1) / 2;
        }

        _heap[at] = node;
        NextDueNs = _nodes[_heap[0]].DueNs;
    }

    private void Pop()
    {
        int last = _heap[--_heapCount];
        int at = 0;
        while (true)
        {
            int child = (at * 2) + 1;
            if (child >= _heapCount)
            {
                break;
            }

            if (child + 1 < _heapCount && IsBefore(_heap[child + 1], _heap[child]))
            {
                child++;
            }

            if (!IsBefore(_heap[child], last))
            {
                break;
            }

            _heap[at] = _heap[child];
            at = child;
        }

        _heap[at] = last;
        NextDueNs = _heapCount == 0 ? long.MaxValue : _nodes[_heap[0]].DueNs;
    }

    private struct Node
    {
        public long DueNs;
        public long BeginOffset;
        public int Detail;
        public int Next;
    }
}

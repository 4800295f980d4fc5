namespace CfLogStream.Server.Analysis;

/// <summary>The least of many values that change one at a time: a change costs one step per doubling of their number.</summary>
internal sealed class MinimumTree
{
    // A complete binary tree: node i has the children 2i and 2i + 1, the values are its last half, the root is at 1.
    private readonly long[] _nodes;
    private readonly int _first;

    public MinimumTree(int count)
    {
        _first = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(count, 1));
        _nodes = new long[_first * 2];
        Array.Fill(_nodes, long.MaxValue);
    }

    /// <summary>The least value; <see cref="long.MaxValue"/> when there is none.</summary>
    public long Least => _nodes[1];

    public void Set(int index, long value)
    {
        int node = _first + index;
        _nodes[node] = value;
        for (node /= 2; node > 0; node /= 2)
        {
            _nodes[node] = Math.Min(_nodes[node * 2], _nodes[(node * 2) + 1]);
        }
    }
}

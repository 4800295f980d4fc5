using System.Buffers.Binary;
using System.Diagnostics;
using System.Numerics;

namespace CfLogStream.Core.Logpush;

/// <summary>Finds the meaning of a key, and guesses the key that follows it.</summary>
/// <remarks>
/// Every key is a node: its text as it stands in a record (<c>"RayID":</c>), its meaning, and the node that followed it the last time. The
/// records of one job repeat their keys in the same order, so comparing the line with the guessed node's text nearly always replaces
/// finding the key's end, looking it up and finding its colon. Guessing the successor per node, and not per position, stays right when
/// a field is added or left out and when two shapes share only a part of their order.
/// Look-up: open addressing over a hash of length, first and last eight bytes, then one comparison. Unknown keys are remembered too
/// (they are most of a record), up to a bound; what is past it shares one node that is never guessed.
/// Memory: about 30 kB. One thread owns it; it allocates only while it learns.
/// </remarks>
internal sealed class KeyTable
{
    /// <summary>The node before the first key.</summary>
    public const int Root = 0;

    /// <summary>The node of unknown keys that are not remembered; its meaning is that of the last such key.</summary>
    private const int Unlearned = 1;

    private const int FirstKey = 2;
    private const int MaxLearned = 1024;
    private const int MaxLearnedBytes = 128;

    private Node[] _nodes = new Node[512];
    private byte[] _texts = new byte[16 * 1024];
    private int[] _buckets = new int[1024];
    private int _nodeCount = FirstKey;
    private int _textBytes;
    private int _learned;

    public KeyTable(IReadOnlyList<byte[]> extraFields)
    {
        _nodes[Root].Guess = FirstKey;
        _nodes[Unlearned].Guess = FirstKey;
        foreach ((byte[] name, KeyMeaning meaning) in KnownKeys.All())
        {
            Add(name, meaning);
        }

        for (int i = 0; i < extraFields.Count; i++)
        {
            int node = Find(extraFields[i], learn: false);
            if (node == Unlearned)
            {
                node = Add(extraFields[i], _nodes[Unlearned].Meaning);
            }

            _nodes[node].Meaning = _nodes[node].Meaning with { Extra = (short)i };
        }
    }

    public KeyMeaning Meaning(int node) => _nodes[node].Meaning;

    /// <summary>Whether the line goes on with the key guessed to follow <paramref name="node"/>; moves there and over the key if
    /// so.</summary>
    public bool TryGuess(ReadOnlySpan<byte> line, ref int i, ref int node)
    {
        Node[] nodes = _nodes;
        int guess = nodes[node].Guess;
        ref readonly Node guessed = ref nodes[guess];
        if ((uint)i > (uint)line.Length || !line[i..].StartsWith(_texts.AsSpan(guessed.Start, guessed.Length)))
        {
            return false;
        }

        i += guessed.Length;
        node = guess;
        return true;
    }

    /// <summary>Finds a key (without quotes, decoded), and remembers it when it is unknown and <paramref name="learn"/> allows.</summary>
    /// <param name="learn">Only for keys that stand in the record exactly as given: the guess compares bytes.</param>
    public int Find(ReadOnlySpan<byte> key, bool learn)
    {
        int bucket = (int)(Hash(key) & (uint)(_buckets.Length - 1));
        while (_buckets[bucket] != 0)
        {
            int node = _buckets[bucket];
            if (_nodes[node].Length == key.Length + 3 && key.SequenceEqual(_texts.AsSpan(_nodes[node].Start + 1, key.Length)))
            {
                return node;
            }

            bucket = (bucket + 1) & (_buckets.Length - 1);
        }

        KeyMeaning meaning = KeyMeaning.Unwanted with { Evidence = KnownKeys.EvidenceOfUnknown(key) };
        if (learn && _learned < MaxLearned && key.Length <= MaxLearnedBytes)
        {
            _learned++;
            return Add(key, meaning);
        }

        _nodes[Unlearned].Meaning = meaning;
        return Unlearned;
    }

    /// <summary>Notes that <paramref name="next"/> came after <paramref name="node"/>.</summary>
    public void Follow(int node, int next)
    {
        if (next != Unlearned)
        {
            _nodes[node].Guess = next;
        }
    }

    private static uint Hash(ReadOnlySpan<byte> key)
    {
        ulong first;
        ulong last;
        if (key.Length >= 8)
        {
            first = BinaryPrimitives.ReadUInt64LittleEndian(key);
            last = BinaryPrimitives.ReadUInt64LittleEndian(key[^8..]);
        }
        else if (key.Length >= 4)
        {
            first = BinaryPrimitives.ReadUInt32LittleEndian(key);
            last = BinaryPrimitives.ReadUInt32LittleEndian(key[^4..]);
        }
        else
        {
            first = key.IsEmpty ? 0UL : key[0];
            last = key.IsEmpty ? 0UL : (uint)((key[key.Length / 2] << 8) | key[^1]);
        }

        ulong hash = ((first ^ BitOperations.RotateLeft(last, 29)) + (ulong)key.Length) * 0x9E3779B97F4A7C15;
        return (uint)(hash >> 40);
    }

    private int Add(ReadOnlySpan<byte> key, KeyMeaning meaning)
    {
        if (_nodeCount == _nodes.Length)
        {
            Array.Resize(ref _nodes, _nodes.Length * 2);
        }

        if (_textBytes + key.Length + 3 > _texts.Length)
        {
            Array.Resize(ref _texts, Math.Max(_texts.Length * 2, _textBytes + key.Length + 3));
        }

        int start = _textBytes;
        _texts[start] = (byte)'"';
        key.CopyTo(_texts.AsSpan(start + 1));
        _texts[start + key.Length + 1] = (byte)'"';
        _texts[start + key.Length + 2] = (byte)':';
        _textBytes += key.Length + 3;
        _nodes[_nodeCount] = new Node { Start = start, Length = key.Length + 3, Guess = FirstKey, Meaning = meaning };
        if (_nodeCount * 2 >= _buckets.Length)
        {
            _buckets = new int[_buckets.Length * 2];
            for (int node = FirstKey; node < _nodeCount; node++)
            {
                Place(node);
            }
        }

        Place(_nodeCount);
        return _nodeCount++;
    }

    private void Place(int node)
    {
        Debug.Assert(_nodes[node].Length >= 3);
        int bucket = (int)(Hash(_texts.AsSpan(_nodes[node].Start + 1, _nodes[node].Length - 3)) & (uint)(_buckets.Length - 1));
        while (_buckets[bucket] != 0)
        {
            bucket = (bucket + 1) & (_buckets.Length - 1);
        }

        _buckets[bucket] = node;
    }

    private struct Node
    {
        public int Start;
        public int Length;
        public int Guess;
        public KeyMeaning Meaning;
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;

namespace CfLogStream.Core.Traffic.Paths;

/// <summary>Maps short ASCII words to numbers without regard to case: a flat open-addressed table, built once, read without
/// allocation.</summary>
internal sealed class WordTable
{
    private readonly byte[][] _words;
    private readonly int[] _values;

    // Index into _words plus one; 0 is free. At most half full.
    private readonly int[] _slots;

    // By length: the first letters of the words that long, as bits. Most texts asked for end here.
    private readonly uint[] _firstLetters;

    public WordTable(IReadOnlyList<(byte[] Word, int Value)> words)
    {
        _words = new byte[words.Count][];
        _values = new int[words.Count];
        _slots = new int[BitOperations.RoundUpToPowerOf2((uint)Math.Max(4, words.Count * 2))];
        _firstLetters = new uint[words.Count == 0 ? 0 : words.Max(word => word.Word.Length) + 1];
        for (int i = 0; i < words.Count; i++)
        {
            (_words[i], _values[i]) = words[i];
            _firstLetters[_words[i].Length] |= FirstLetter(_words[i]);
            int slot = (int)Hash(_words[i]) & (_slots.Length - 1);
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & (_slots.Length - 1);
            }

            _slots[slot] = i + 1;
        }
    }

    /// <summary>Makes a set from words parted by blanks.</summary>
    public static WordTable Set(string words) =>
        new([.. words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select((word, i) => (Encoding.ASCII.GetBytes(word), i))]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Contains(ReadOnlySpan<byte> word) => Find(word) >= 0;

    /// <summary>Returns the word's value, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(ReadOnlySpan<byte> word) => MayContain(word) ? FindSlot(word) : -1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool MayContain(ReadOnlySpan<byte> word)
    {
        uint[] firstLetters = _firstLetters;
        return (uint)word.Length < (uint)firstLetters.Length && (firstLetters[word.Length] & FirstLetter(word)) != 0;
    }

    private int FindSlot(ReadOnlySpan<byte> word)
    {
        int slot = (int)Hash(word) & (_slots.Length - 1);
        for (int index = _slots[slot]; index != 0; index = _slots[slot])
        {
            if (Ascii.EqualsIgnoreCase(_words[index - 1], word))
            {
                return _values[index - 1];
            }

            slot = (slot + 1) & (_slots.Length - 1);
        }

        return -1;
    }

    // The five low bits are the same for both cases of a letter.
    private static uint FirstLetter(ReadOnlySpan<byte> word) => word.IsEmpty ? 1u : 1u << (word[0] & 0x1F);

    // FNV-1a over the bytes with the case bit set. The table is the program's or the user's own, so nobody can aim at it.
    private static uint Hash(ReadOnlySpan<byte> word)
    {
        uint hash = 2166136261;
        foreach (byte value in word)
        {
            hash = (hash ^ (value | 0x20u)) * 16777619;
        }

        return hash ^ (hash >> 15);
    }
}

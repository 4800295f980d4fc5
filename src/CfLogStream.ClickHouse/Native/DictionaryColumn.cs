using CfLogStream.Core;

namespace CfLogStream.ClickHouse.Native;

/// <summary>A column of texts that repeat: each distinct text is sent once, rows send its number (LowCardinality(String)).</summary>
/// <remarks>
/// Layout on the wire: prefix UInt64 1 (keys version); then UInt64 flags (index width, "keys follow", "dictionary is new"), UInt64 count of
/// keys, the keys as texts, UInt64 count of rows, the indexes. In memory: keys one after another in a byte buffer, an open-addressing table
/// of their numbers, and the number of each row. A row equal to the one before it costs one comparison.
/// Part of a block is written with the whole dictionary; that happens only when a bad batch is halved.
/// </remarks>
internal sealed class DictionaryColumn : NativeColumn
{
    private const ulong KeysVersion = 1;
    private const ulong HasKeys = 1UL << 9;
    private const ulong NewDictionary = 1UL << 10;

    private readonly ByteBuffer _keys = new();
    private readonly CompactNumbers _rowKeys = new();
    private Key[] _keyPlaces = new Key[16];
    private Slot[] _slots = new Slot[32];
    private int _keyCount;
    private int _last;

    public DictionaryColumn()
        : base("LowCardinality(String)")
    {
    }

    public override int Rows => _rowKeys.Count;

    public override long Bytes => _keys.Length + ((long)_rowKeys.Count * IndexWidth);

    private int IndexWidth => _keyCount <= 256 ? 1 : _keyCount <= 65536 ? 2 : 4;

    /// <summary>Changes when the keys are forgotten; until then a key's number stays what it is.</summary>
    public int Filling { get; private set; }

    /// <summary>Adds a row and returns the number of its key.</summary>
    public int Add(ReadOnlySpan<byte> utf8)
    {
        if (_keyCount == 0 || !KeyAt(_last).SequenceEqual(utf8))
        {
            _last = Find(utf8);
        }

        _rowKeys.Add((ulong)_last);
        return _last;
    }

    /// <summary>Adds a row with a key that is there.</summary>
    public void AddKey(int key)
    {
        _last = key;
        _rowKeys.Add((ulong)key);
    }

    public override void Clear()
    {
        _keys.Clear();
        _rowKeys.Clear();
        _slots.AsSpan().Clear();
        _keyCount = 0;
        _last = 0;
        Filling++;
    }

    public override void WritePrefix(ByteBuffer destination) => destination.WriteUInt64(KeysVersion);

    public override void WriteRows(ByteBuffer destination, int start, int count)
    {
        if (count == 0)
        {
            return;
        }

        int width = IndexWidth;
        destination.WriteUInt64(HasKeys | NewDictionary | (ulong)(width / 2));
        destination.WriteUInt64((ulong)_keyCount);
        destination.Write(_keys.Span);
        destination.WriteUInt64((ulong)count);
        _rowKeys.Write(destination, start, count, width);
    }

    private ReadOnlySpan<byte> KeyAt(int key) => _keys.Span.Slice(_keyPlaces[key].Start, _keyPlaces[key].Length);

    private int Find(ReadOnlySpan<byte> utf8)
    {
        uint hash = (uint)SeededHash.Of(utf8);
        Slot[] slots = _slots;
        int mask = slots.Length - 1;
        int at = (int)hash & mask;
        while (slots[at].Number != 0)
        {
            if (slots[at].Hash == hash && KeyAt(slots[at].Number - 1).SequenceEqual(utf8))
            {
                return slots[at].Number - 1;
            }

            at = (at + 1) & mask;
        }

        slots[at] = new Slot { Hash = hash, Number = Append(utf8) + 1 };
        if (_keyCount * 2 > slots.Length)
        {
            GrowSlots();
        }

        return _keyCount - 1;
    }

    private int Append(ReadOnlySpan<byte> utf8)
    {
        if (_keyCount == _keyPlaces.Length)
        {
            Array.Resize(ref _keyPlaces, _keyCount * 2);
        }

        _keys.WriteText(utf8);
        _keyPlaces[_keyCount] = new Key { Start = _keys.Length - utf8.Length, Length = utf8.Length };
        return _keyCount++;
    }

    private void GrowSlots()
    {
        var larger = new Slot[_slots.Length * 2];
        int mask = larger.Length - 1;
        foreach (Slot slot in _slots)
        {
            if (slot.Number != 0)
            {
                int at = (int)slot.Hash & mask;
                while (larger[at].Number != 0)
                {
                    at = (at + 1) & mask;
                }

                larger[at] = slot;
            }
        }

        _slots = larger;
    }

    private struct Key
    {
        public int Start;
        public int Length;
    }

    private struct Slot
    {
        public uint Hash;
        public int Number;
    }
}

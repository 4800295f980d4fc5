using CfLogStream.Core;

namespace CfLogStream.ClickHouse.Native;

/// <summary>A column of texts that repeat: each distinct text is sent once, rows send its number (LowCardinality(String)).</summary>
/// <remarks>
/// Layout on the wire: prefix UInt64 1 (keys version); then UInt64 flags (index width, "keys follow", "dictionary is new"), UInt64 count of
/// keys, the keys as texts, UInt64 count of rows, the indexes. In memory: keys one after another in a byte buffer, an open-addressing table
/// of their numbers by StableHash, and one int per row. A row equal to the one before it costs one comparison.
/// Part of a block is written with the whole dictionary; that happens only when a bad batch is halved.
/// </remarks>
internal sealed class DictionaryColumn : NativeColumn
{
    private const ulong KeysVersion = 1;
    private const ulong HasKeys = 1UL << 9;
    private const ulong NewDictionary = 1UL << 10;

    private readonly ByteBuffer _keys = new();
    private int[] _rowKeys = new int[64];
    private int[] _keyStarts = new int[16];
    private int[] _keyLengths = new int[16];
    private ulong[] _keyHashes = new ulong[16];
    private int[] _slots = new int[32];
    private int _keyCount;
    private int _rows;

    public DictionaryColumn()
        : base("LowCardinality(String)")
    {
    }

    public override int Rows => _rows;

    public override long Bytes => _keys.Length + ((long)_rows * IndexWidth);

    private int IndexWidth => _keyCount <= 256 ? 1 : _keyCount <= 65536 ? 2 : 4;

    public void Add(ReadOnlySpan<byte> utf8)
    {
        if (_rows == _rowKeys.Length)
        {
            Array.Resize(ref _rowKeys, _rows * 2);
        }

        int key = _rows > 0 && Key(_rowKeys[_rows - 1]).SequenceEqual(utf8) ? _rowKeys[_rows - 1] : Find(utf8);
        _rowKeys[_rows++] = key;
    }

    public override void Clear()
    {
        _keys.Clear();
        _slots.AsSpan().Clear();
        _keyCount = 0;
        _rows = 0;
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
        ReadOnlySpan<int> rowKeys = _rowKeys.AsSpan(start, count);
        switch (width)
        {
            case 1:
                Span<byte> room = destination.Reserve(count);
                for (int i = 0; i < rowKeys.Length; i++)
                {
                    room[i] = (byte)rowKeys[i];
                }

                destination.Advance(count);
                break;
            case 2:
                foreach (int key in rowKeys)
                {
                    destination.WriteUInt16((ushort)key);
                }

                break;
            default:
                foreach (int key in rowKeys)
                {
                    destination.WriteUInt32((uint)key);
                }

                break;
        }
    }

    private ReadOnlySpan<byte> Key(int key) => _keys.Span.Slice(_keyStarts[key], _keyLengths[key]);

    private int Find(ReadOnlySpan<byte> utf8)
    {
        ulong hash = StableHash.Of(utf8);
        int mask = _slots.Length - 1;
        int slot = (int)hash & mask;
        while (_slots[slot] != 0)
        {
            int key = _slots[slot] - 1;
            if (_keyHashes[key] == hash && Key(key).SequenceEqual(utf8))
            {
                return key;
            }

            slot = (slot + 1) & mask;
        }

        _slots[slot] = Append(utf8, hash) + 1;
        if (_keyCount * 2 > _slots.Length)
        {
            GrowSlots();
        }

        return _keyCount - 1;
    }

    private int Append(ReadOnlySpan<byte> utf8, ulong hash)
    {
        if (_keyCount == _keyHashes.Length)
        {
            Array.Resize(ref _keyHashes, _keyCount * 2);
            Array.Resize(ref _keyStarts, _keyCount * 2);
            Array.Resize(ref _keyLengths, _keyCount * 2);
        }

        _keys.WriteText(utf8);
        _keyHashes[_keyCount] = hash;
        _keyLengths[_keyCount] = utf8.Length;
        _keyStarts[_keyCount] = _keys.Length - utf8.Length;
        return _keyCount++;
    }

    private void GrowSlots()
    {
        _slots = new int[_slots.Length * 2];
        int mask = _slots.Length - 1;
        for (int key = 0; key < _keyCount; key++)
        {
            int slot = (int)_keyHashes[key] & mask;
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }

            _slots[slot] = key + 1;
        }
    }
}

using System.Buffers.Binary;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace CfLogStream.Core.Traffic;

/// <summary>Classified records of one batch: heads in an array, all texts in one growing byte buffer. Reused after <see cref="Clear"/>.</summary>
/// <remarks>
/// One thread writes: <see cref="Begin"/>, then the slots in order with <see cref="Append(ReadOnlySpan{byte})"/>, then <see cref="Commit"/>.
/// Handing the batch to another thread hands over everything in it. Nothing is allocated once both arrays have grown to a batch's size.
/// </remarks>
public sealed class TrafficBatch
{
    private TrafficHead[] _heads = new TrafficHead[512];
    private byte[] _bytes = new byte[256 * 1024];
    private int _used;
    private int _slotTable;
    private int _slotCount;
    private int _slotsWritten;
    private int _textStart;

    /// <summary>Committed records.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of texts and slot tables held.</summary>
    public int ByteCount => _used;

    /// <summary>The record at <paramref name="index"/>; valid until <see cref="Clear"/> or the next <see cref="Begin"/>.</summary>
    public TrafficRecord this[int index]
    {
        get
        {
            ref readonly TrafficHead head = ref _heads[index];
            return new TrafficRecord(in head, _bytes.AsSpan(head.DataStart, head.DataLength));
        }
    }

    /// <summary>The head at <paramref name="index"/>.</summary>
    public ref readonly TrafficHead Head(int index) => ref _heads[index];

    /// <summary>Forgets all records and keeps the memory.</summary>
    public void Clear()
    {
        Count = 0;
        _used = 0;
    }

    /// <summary>Starts a record with as many slots as its flags and counts say, and returns its head to be filled.</summary>
    /// <remarks>Flags (<see cref="RecordFlags.Detailed"/>), entry count and extra count must be final here.</remarks>
    public ref TrafficHead Begin(RecordFlags flags, int entryCount, int extraCount)
    {
        if (Count == _heads.Length)
        {
            Array.Resize(ref _heads, _heads.Length * 2);
        }

        ref TrafficHead head = ref _heads[Count];
        head = default;
        head.Flags = flags;
        head.EntryCount = checked((byte)entryCount);
        head.ExtraCount = checked((byte)extraCount);
        _slotCount = ((flags & RecordFlags.Detailed) != 0 ? (int)RecordText.Count : (int)RecordText.DimensionCount)
            + (entryCount * TrafficRecord.EntrySlots) + (extraCount * 2);
        _slotTable = _used;
        _slotsWritten = 0;
        Reserve(_slotCount * sizeof(int));
        _used += _slotCount * sizeof(int);
        _textStart = _used;
        head.DataStart = _slotTable;
        return ref head;
    }

    /// <summary>Writes the next slot.</summary>
    public void Append(ReadOnlySpan<byte> text)
    {
        Reserve(text.Length);
        text.CopyTo(_bytes.AsSpan(_used));
        Advance(text.Length);
    }

    /// <summary>Writes the next slot as a little-endian int32: the match index of an entry.</summary>
    public void AppendInt32(int value)
    {
        Reserve(sizeof(int));
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(_used), value);
        Advance(sizeof(int));
    }

    /// <summary>Returns room for a text of at most <paramref name="maxBytes"/> to be written in place; end it with <see cref="Advance"/>.</summary>
    public Span<byte> GetSpan(int maxBytes)
    {
        Reserve(maxBytes);
        return _bytes.AsSpan(_used, maxBytes);
    }

    /// <summary>Ends the next slot after <paramref name="length"/> bytes written into <see cref="GetSpan"/>.</summary>
    public void Advance(int length)
    {
        Debug.Assert(_slotsWritten < _slotCount);
        _used += length;
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(_slotTable + (_slotsWritten * sizeof(int))), _used - _textStart);
        _slotsWritten++;
    }

    /// <summary>Returns room for the next slots to be written together; end them with <see cref="EndSlots"/>.</summary>
    /// <param name="slots">How many slots.</param>
    /// <param name="maxBytes">The most bytes of their texts.</param>
    /// <param name="ends">Where the ends of the texts go, as little-endian int32 each.</param>
    /// <param name="start">What is to be added to each end: the bytes of the texts before.</param>
    internal Span<byte> BeginSlots(int slots, int maxBytes, out Span<byte> ends, out int start)
    {
        Debug.Assert(_slotsWritten + slots <= _slotCount);
        Reserve(maxBytes);
        ends = _bytes.AsSpan(_slotTable + (_slotsWritten * sizeof(int)), slots * sizeof(int));
        start = _used - _textStart;
        return _bytes.AsSpan(_used, maxBytes);
    }

    /// <summary>Ends slots whose ends are in the table, after <paramref name="length"/> bytes of their texts.</summary>
    internal void EndSlots(int slots, int length)
    {
        _used += length;
        _slotsWritten += slots;
    }

    /// <summary>Writes the next slots, whose texts stand one behind the other.</summary>
    internal void AppendSlots(ReadOnlySpan<byte> texts, ReadOnlySpan<int> ends)
    {
        texts.CopyTo(BeginSlots(ends.Length, texts.Length, out Span<byte> table, out int start));
        for (int i = 0; i < ends.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(table[(i * sizeof(int))..], start + ends[i]);
        }

        EndSlots(ends.Length, texts.Length);
    }

    /// <summary>Ends the record; every slot must have been written.</summary>
    public void Commit()
    {
        if (_slotsWritten != _slotCount)
        {
            ThrowUnfinished();
        }

        _heads[Count].DataLength = _used - _slotTable;
        Count++;
    }

    /// <summary>Drops the record that was begun.</summary>
    public void Rollback() => _used = _slotTable;

    [DoesNotReturn]
    private void ThrowUnfinished() =>
        throw new InvalidOperationException($"A record was committed with {_slotsWritten} of {_slotCount} slots written.");

    private void Reserve(int bytes)
    {
        if (_bytes.Length - _used < bytes)
        {
            Grow(bytes);
        }
    }

    private void Grow(int bytes) => Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _used + bytes));
}

using System.Diagnostics;
using System.Runtime.InteropServices;
using CfLogStream.Core.Traffic;

namespace CfLogStream.Server.Analysis;

/// <summary>A piece of memory with records of one batch: from its beginning on the records, from its end down a key for each.</summary>
/// <remarks>
/// A record is its head, the slot table and the texts, padded to 8 bytes. Filled by the worker that parsed the batch, read by the
/// correlator thread, which gives it back when its last record is out.
/// </remarks>
internal sealed class RecordPage(byte[] bytes)
{
    private const int KeyBytes = 16;

    private static readonly int s_headBytes = MemoryMarshal.AsBytes(new TrafficHead[1].AsSpan()).Length;

    private int _used;

    public byte[] Bytes { get; } = bytes;

    /// <summary>Records in it that have not been given out.</summary>
    public int Live { get; set; }

    /// <summary>The next free page of the pool.</summary>
    public RecordPage? Next { get; set; }

    /// <summary>Where the key stands that was written last.</summary>
    public int LastKey { get; private set; } = bytes.Length;

    /// <summary>Bytes that a record with so many bytes of texts takes with its key.</summary>
    public static int SizeOf(int dataLength) => ((s_headBytes + dataLength + 7) & ~7) + KeyBytes;

    public bool Fits(int dataLength) => LastKey - _used >= SizeOf(dataLength);

    /// <summary>Empties the page.</summary>
    public void Clear()
    {
        _used = 0;
        Live = 0;
        LastKey = Bytes.Length;
    }

    /// <summary>Copies a record that fits.</summary>
    public void Add(in TrafficRecord record, uint nsOfSecond)
    {
        Debug.Assert(Fits(record.Data.Length));
        LastKey -= KeyBytes;
        var key = new RecordKey(nsOfSecond, record.Head.Ray, record.Head.Dataset, _used);
        MemoryMarshal.Write(Bytes.AsSpan(LastKey), in key);
        MemoryMarshal.Write(Bytes.AsSpan(_used), in record.Head);
        record.Data.CopyTo(Bytes.AsSpan(_used + s_headBytes));
        _used += SizeOf(record.Data.Length) - KeyBytes;
        Live++;
    }

    public ReadOnlySpan<RecordKey> Keys(int start, int count) =>
        MemoryMarshal.Cast<byte, RecordKey>(Bytes.AsSpan(start, count * KeyBytes));

    /// <summary>The record at a place; valid until the page is given back.</summary>
    public TrafficRecord Read(int start)
    {
        ref readonly TrafficHead head = ref MemoryMarshal.AsRef<TrafficHead>(Bytes.AsSpan(start));
        return new TrafficRecord(in head, Bytes.AsSpan(start + s_headBytes, head.DataLength));
    }
}

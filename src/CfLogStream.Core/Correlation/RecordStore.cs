using System.Runtime.InteropServices;
using CfLogStream.Core.Traffic;

namespace CfLogStream.Core.Correlation;

/// <summary>
/// Copies of records that outlive their batch: those waiting for their join and those kept for the <c>requests</c> table.
/// </summary>
/// <remarks>A copy is one slab block: <see cref="StoredRecord"/>, then the slot table and texts. Granules are 64 bytes.</remarks>
internal sealed class RecordStore
{
    private readonly Slab<byte> _slab = new(granule: 64, chunkBits: 14, elementBytes: 1);
    private readonly int _headBytes = MemoryMarshal.AsBytes(new StoredRecord[1].AsSpan()).Length;

    public long BytesHeld => _slab.BytesHeld;

    /// <summary>Bytes of the copies that live.</summary>
    public long BytesRented => _slab.BytesRented;

    /// <summary>Copies a record and returns the copy's handle, never 0.</summary>
    public int Keep(in TrafficRecord record, in RecordPlace place)
    {
        int handle = _slab.Rent(_headBytes + record.Data.Length);
        Span<byte> block = _slab.Span(handle, _headBytes + record.Data.Length);
        ref StoredRecord stored = ref MemoryMarshal.AsRef<StoredRecord>(block);
        stored.Head = record.Head;
        stored.Head.DataLength = record.Data.Length;
        stored.Place = place;
        stored.Owners = 1;
        record.Data.CopyTo(block[_headBytes..]);
        return handle;
    }

    /// <summary>Returns a view of a copy; valid until it is freed.</summary>
    public TrafficRecord Read(int handle)
    {
        ref StoredRecord stored = ref Stored(handle);
        return new TrafficRecord(in stored.Head, _slab.Span(handle, _headBytes + stored.Head.DataLength)[_headBytes..]);
    }

    /// <summary>Returns where a copied record stands.</summary>
    public ref readonly RecordPlace Place(int handle) => ref Stored(handle).Place;

    /// <summary>Makes one more owner of a copy, who frees it as well.</summary>
    public int Share(int handle)
    {
        Stored(handle).Owners++;
        return handle;
    }

    public void Free(int handle)
    {
        ref StoredRecord stored = ref Stored(handle);
        if (--stored.Owners == 0)
        {
            _slab.Return(handle, _headBytes + stored.Head.DataLength);
        }
    }

    private ref StoredRecord Stored(int handle) => ref MemoryMarshal.AsRef<StoredRecord>(_slab.Span(handle, _headBytes));
}

using System.Buffers.Binary;
using System.IO.Hashing;
using CfLogStream.Kafka.Slices;

namespace CfLogStream.Server.Spool;

/// <summary>What stands before each message in a segment.</summary>
/// <remarks>
/// <para>Layout, little endian, 64 bytes: checksum of what follows in these 64 (8), marker (4), length of the value (4), offset (8),
/// schema (8),
/// batch (8), part (4), count (4), kind (8), checksum of the value (8). The value follows.</para>
/// <para>Both checksums are XxHash3 with the seed of the spool, which no sender knows: a line that was made to look like a record is
/// never taken
/// for one while damage is searched for the next record. The header has its own, so that of a damaged value only the value is lost.</para>
/// </remarks>
/// <param name="Offset">The message's offset in its partition.</param>
/// <param name="Header">What its headers say.</param>
/// <param name="Length">The bytes of its value.</param>
/// <param name="ValueHash">The checksum of its value.</param>
internal readonly record struct SpoolRecord(long Offset, SliceHeader Header, int Length, ulong ValueHash)
{
    public const int HeaderBytes = 64;

    /// <summary>Begins every record, behind its checksum.</summary>
    public static ReadOnlySpan<byte> Marker => "CFLR"u8;

    /// <summary>Where the marker stands in a record.</summary>
    public const int MarkerAt = 8;

    /// <summary>Returns the checksum of a value.</summary>
    public static ulong HashOf(ReadOnlySpan<byte> value, long seed) => XxHash3.HashToUInt64(value, seed);

    /// <summary>Writes the header.</summary>
    public void Write(Span<byte> bytes, long seed)
    {
        bytes = bytes[..HeaderBytes];
        Marker.CopyTo(bytes[MarkerAt..]);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[12..], Length);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], Offset);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[24..], Header.Schema);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[32..], Header.Batch);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[40..], Header.Part);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[44..], Header.Count);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[48..], (byte)Header.Kind);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[56..], ValueHash);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, XxHash3.HashToUInt64(bytes[MarkerAt..], seed));
    }

    /// <summary>Reads a header; false when these bytes are none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, long seed, out SpoolRecord record)
    {
        record = default;
        if (bytes.Length < HeaderBytes)
        {
            return false;
        }

        bytes = bytes[..HeaderBytes];
        if (!bytes[MarkerAt..].StartsWith(Marker)
            || BinaryPrimitives.ReadUInt64LittleEndian(bytes) != XxHash3.HashToUInt64(bytes[MarkerAt..], seed))
        {
            return false;
        }

        record = new SpoolRecord(
            BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
            new SliceHeader(
                (SliceKind)bytes[48],
                BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]),
                BinaryPrimitives.ReadUInt64LittleEndian(bytes[32..]),
                BinaryPrimitives.ReadInt32LittleEndian(bytes[40..]),
                BinaryPrimitives.ReadInt32LittleEndian(bytes[44..])),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[56..]));
        return record.Length >= 0 && record.Offset >= 0;
    }
}

using System.Buffers.Binary;
using CfLogStream.Core.Logpush;

namespace CfLogStream.Core.Traffic;

/// <summary>Reads the whole numbers of a record: up to eight digits at once, every other form as <see cref="LogRecord.TryGetInt64"/> does.</summary>
/// <remarks>
/// The eight bytes that end with the number are read together: whatever stands before it in the line (its key, at least) is shifted
/// out, so numbers of different lengths take the same way and nothing is read that is not in the buffer.
/// </remarks>
internal static class WholeNumber
{
    private const int Digits = 8;
    private const ulong Zeros = 0x3030_3030_3030_3030;

    /// <summary>Reads a field; false when it is no integer, or none that fits.</summary>
    public static bool TryRead(LogRecord record, LogField field, out long value)
    {
        FieldSlot slot = record.Slot(field);
        int start = slot.Start + slot.Length - Digits;
        if (slot.Kind is FieldKind.Number or FieldKind.Text && (uint)(slot.Length - 1) < Digits && start >= 0)
        {
            // The first digit is the lowest byte that is left, so that each step joins two neighbours.
            int before = (Digits - slot.Length) * 8;
            ulong digits = (BinaryPrimitives.ReadUInt64LittleEndian(record.Raw(start, Digits)) ^ Zeros) >> before << before;
            if (((digits | (digits + 0x7676_7676_7676_7676)) & 0x8080_8080_8080_8080) == 0)
            {
                digits = ((digits * 10) + (digits >> 8)) & 0x00FF_00FF_00FF_00FF;
                digits = ((digits * 100) + (digits >> 16)) & 0x0000_FFFF_0000_FFFF;
                value = (long)(((digits * 10_000) + (digits >> 32)) & 0xFFFF_FFFF);
                return true;
            }
        }
        else if (slot.Kind is FieldKind.Absent or FieldKind.Null || slot.Length == 0)
        {
            value = 0;
            return false;
        }

        return record.TryGetInt64(field, out value);
    }
}

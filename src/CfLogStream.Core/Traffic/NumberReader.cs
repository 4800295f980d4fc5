using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using CfLogStream.Core.Logpush;

namespace CfLogStream.Core.Traffic;

/// <summary>Reads the whole numbers of a record together; every form that <see cref="LogRecord.TryGetInt64"/> knows. One per thread.</summary>
/// <remarks>
/// Of each field the eight bytes that end with it are taken from the line: whatever stands before the number (its key, at least) is
/// shifted out, so numbers of different lengths take the same way and nothing is read that is not in the buffer. Then the digits of
/// four numbers are joined at a time, two by two. What is no number of one to eight digits is left to the record.
/// </remarks>
internal sealed class NumberReader
{
    private const int Lanes = 4;
    private const int Digits = 8;
    private const ulong Zeros = 0x3030_3030_3030_3030;
    private const ulong NoDigits = ulong.MaxValue;

    private readonly LogField[] _fields;
    private readonly long[] _values;
    private uint _present;
    private uint _plain;

    /// <param name="fields">The fields, a multiple of four and at most 16; their places are the numbers' indexes.</param>
    public NumberReader(params ReadOnlySpan<LogField> fields)
    {
        Debug.Assert(fields.Length % Lanes == 0 && fields.Length <= 16);
        _fields = fields.ToArray();
        _values = new long[fields.Length];
    }

    /// <summary>The value of a number; 0 when it is none, or none that fits.</summary>
    public long this[int index] => _values[index];

    /// <summary>Whether a field is a number that fits.</summary>
    public bool Has(int index) => (_present & (1u << index)) != 0;

    /// <summary>Whether a field is one to eight digits and nothing else.</summary>
    public bool IsPlain(int index) => (_plain & (1u << index)) != 0;

    /// <summary>Reads the numbers of a record.</summary>
    public void Read(LogRecord record)
    {
        LogField[] fields = _fields;
        uint odd = 0;
        for (int i = 0; i + Lanes <= fields.Length; i += Lanes)
        {
            // Made in registers: four stores and a load of all would wait for each other.
            Vector256<ulong> digits = Vector256.Create(
                ReadDigits(record, fields[i]), ReadDigits(record, fields[i + 1]),
                ReadDigits(record, fields[i + 2]), ReadDigits(record, fields[i + 3]));
            odd |= Join(digits, _values.AsSpan(i)) << i;
        }

        uint all = (1u << _fields.Length) - 1;
        odd &= all;
        _present = _plain = all & ~odd;
        for (; odd != 0; odd &= odd - 1)
        {
            ReadOdd(record, System.Numerics.BitOperations.TrailingZeroCount(odd));
        }
    }

    /// <summary>Returns the digits as bytes 0 to 9, the first as the lowest of those that are left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong ReadDigits(LogRecord record, LogField field)
    {
        FieldSlot slot = record.Slot(field);
        int start = slot.Start + slot.Length - Digits;
        if (slot.Kind is not (FieldKind.Number or FieldKind.Text) || (uint)(slot.Length - 1) >= Digits || start < 0)
        {
            return NoDigits;
        }

        int before = (Digits - slot.Length) * 8;
        return (BinaryPrimitives.ReadUInt64LittleEndian(record.Raw(start, Digits)) ^ Zeros) >> before << before;
    }

    /// <summary>Joins the digits of four numbers and returns which of them have bytes that are none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Join(Vector256<ulong> digits, Span<long> values)
    {
        Vector256<byte> odd = Vector256.GreaterThan(digits.AsByte(), Vector256.Create((byte)9));
        Vector256<ulong> pairs = ((digits << 3) + (digits << 1) + (digits >> 8)) & Vector256.Create(0x00FF_00FF_00FF_00FFUL);
        Vector256<ulong> fours = ((pairs.AsUInt16() * Vector256.Create((ushort)100)).AsUInt64() + (pairs >> 16))
            & Vector256.Create(0x0000_FFFF_0000_FFFFUL);
        Vector256<ulong> eights = ((fours.AsUInt32() * Vector256.Create(10_000u)).AsUInt64() + (fours >> 32)) & Vector256.Create(0xFFFF_FFFFUL);
        eights.AsInt64().CopyTo(values);
        return (uint)Vector256.GreaterThan(odd.AsUInt64(), Vector256<ulong>.Zero).ExtractMostSignificantBits();
    }

    private void ReadOdd(LogRecord record, int index)
    {
        _values[index] = 0;
        LogField field = _fields[index];
        if (!record.IsEmpty(field) && record.TryGetInt64(field, out long value))
        {
            _values[index] = value;
            _present |= 1u << index;
        }
    }
}

using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace CfLogStream.Core.Logpush;

/// <summary>Reads plain decimal digits, eight at a time.</summary>
public static class Digits
{
    /// <summary>The most digits that always fit.</summary>
    public const int MaxLength = 19;

    private const ulong Zeros = 0x3030_3030_3030_3030;

    /// <summary>Reads 1 to <see cref="MaxLength"/> digits; false when there is anything else, or nothing.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out ulong value)
    {
        value = 0;
        if (text.Length is 0 or > MaxLength)
        {
            return false;
        }

        if (text.Length < 8)
        {
            // Most numbers.
            return TryEight((Few(text) ^ Zeros) << (64 - (8 * text.Length)), out value);
        }

        while (text.Length >= 8)
        {
            if (!TryEight(BinaryPrimitives.ReadUInt64LittleEndian(text) ^ Zeros, out ulong eight))
            {
                return false;
            }

            value = (value * 100_000_000) + eight;
            text = text[8..];
        }

        if (text.Length == 0)
        {
            return true;
        }

        // Fewer than eight stand at the high end of a word of eight, behind zeros.
        if (!TryEight((Few(text) ^ Zeros) << (64 - (8 * text.Length)), out ulong few))
        {
            return false;
        }

        value = (value * PowerOfTen(text.Length)) + few;
        return true;
    }

    /// <summary>Reads 1 to 7 bytes into the low end of a word, with two or three loads that may overlap.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Few(ReadOnlySpan<byte> text)
    {
        int length = text.Length;
        if (length >= 4)
        {
            ulong last = BinaryPrimitives.ReadUInt32LittleEndian(text[(length - 4)..]);
            return BinaryPrimitives.ReadUInt32LittleEndian(text) | (last << (8 * (length - 4)));
        }

        int middle = length >> 1;
        return text[0] | ((ulong)text[middle] << (8 * middle)) | ((ulong)text[length - 1] << (8 * (length - 1)));
    }

    /// <summary>Joins neighbouring digits to pairs, pairs to fours, fours to eight; false when a byte is above 9.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryEight(ulong digits, out ulong value)
    {
        ulong pairs = (digits * 10) + (digits >> 8);
        value = (((pairs & 0x0000_00FF_0000_00FF) * 0x000F_4240_0000_0064)
            + (((pairs >> 16) & 0x0000_00FF_0000_00FF) * 0x0000_2710_0000_0001)) >> 32;
        return (((digits + 0x7676_7676_7676_7676) | digits) & 0x8080_8080_8080_8080) == 0;
    }

    private static ulong PowerOfTen(int digits) => digits switch
    {
        1 => 10,
        2 => 100,
        3 => 1_000,
        4 => 10_000,
        5 => 100_000,
        6 => 1_000_000,
        _ => 10_000_000,
    };
}

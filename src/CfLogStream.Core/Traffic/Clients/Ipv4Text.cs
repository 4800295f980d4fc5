using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CfLogStream.Core.Traffic.Clients;

/// <summary>Reads dotted IPv4 addresses without looking at one digit after the other.</summary>
/// <remarks>The text is brought into one vector as two halves that overlap, so nothing behind it is read; dots and digits become masks.</remarks>
internal static class Ipv4Text
{
    private const int MinLength = 7;
    private const int MaxLength = 15;

    /// <summary>Reads an address of four numbers of one to three digits.</summary>
    /// <param name="value">The address as a number.</param>
    /// <param name="isCanonical">Whether no number has a leading zero: whether the address is written as one would write it.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryParse(ReadOnlySpan<byte> text, out uint value, out bool isCanonical)
    {
        value = 0;
        isCanonical = true;
        if (text.Length is < MinLength or > MaxLength)
        {
            return false;
        }

        ulong low;
        ulong high;
        if (text.Length >= 8)
        {
            low = BinaryPrimitives.ReadUInt64LittleEndian(text);
            high = text.Length == 8 ? 0 : BinaryPrimitives.ReadUInt64LittleEndian(text[^8..]) >> ((16 - text.Length) * 8);
        }
        else
        {
            low = BinaryPrimitives.ReadUInt32LittleEndian(text) | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(text[3..]) << 24);
            high = 0;
        }

        Vector128<byte> bytes = Vector128.Create(low, high).AsByte();
        uint dots = Vector128.Equals(bytes, Vector128.Create((byte)'.')).ExtractMostSignificantBits();
        uint digits = Vector128.LessThanOrEqual(bytes - Vector128.Create((byte)'0'), Vector128.Create((byte)9)).ExtractMostSignificantBits();
        uint whole = (1u << text.Length) - 1;
        if ((dots | digits) != whole || BitOperations.PopCount(dots) != 3)
        {
            return false;
        }

        // A fourth dot behind the text ends the last number like the others.
        dots |= 1u << text.Length;
        int start = 0;
        for (int i = 0; i < 4; i++)
        {
            int end = BitOperations.TrailingZeroCount(dots);
            dots &= dots - 1;
            int length = end - start;
            if (length is 0 or > 3)
            {
                return false;
            }

            // The number's digits at the upper end of 32 bits, zeros below: the first digit counts 100, 10 or 1.
            uint number = (uint)(start < 8 ? (low >> (start * 8)) | (start == 0 ? 0 : high << (64 - (start * 8))) : high >> ((start - 8) * 8));
            number = (number << ((4 - length) * 8)) & 0x0F0F0F0F;
            uint part = ((number >> 8) & 0xFF) * 100 + ((number >> 16) & 0xFF) * 10 + (number >> 24);
            if (part > 255)
            {
                return false;
            }

            isCanonical &= length == 1 || part >= (length == 2 ? 10u : 100u);
            value = (value << 8) | part;
            start = end + 1;
        }

        return true;
    }
}

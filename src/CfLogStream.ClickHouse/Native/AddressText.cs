using System.Buffers.Binary;

namespace CfLogStream.ClickHouse.Native;

/// <summary>Reads IPv4 and IPv6 addresses from text into ClickHouse's 16-byte form without allocating.</summary>
/// <remarks>Strict: no zone index, no leading zeros and no other bases in IPv4, nothing around the address.</remarks>
internal static class AddressText
{
    /// <summary>Bytes of an address.</summary>
    public const int Length = 16;

    private const int Groups = 8;

    /// <summary>Reads an address; the destination is undefined when it is none.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        if (text.Contains((byte)':'))
        {
            return TryParseIPv6(text, destination);
        }

        destination[..10].Clear();
        destination[10] = 0xFF;
        destination[11] = 0xFF;
        return TryParseIPv4(text, destination[12..Length]);
    }

    private static bool TryParseIPv4(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        int part = 0;
        int value = -1;
        bool leadingZero = false;
        foreach (byte character in text)
        {
            if (character == (byte)'.')
            {
                if (value < 0 || part == 3)
                {
                    return false;
                }

                destination[part++] = (byte)value;
                value = -1;
                continue;
            }

            int digit = character - '0';
            if ((uint)digit > 9 || (value >= 0 && leadingZero))
            {
                return false;
            }

            leadingZero = value < 0 && digit == 0;
            value = (Math.Max(value, 0) * 10) + digit;
            if (value > 255)
            {
                return false;
            }
        }

        if (part != 3 || value < 0)
        {
            return false;
        }

        destination[3] = (byte)value;
        return true;
    }

    private static bool TryParseIPv6(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        int group = 0;
        int gap = -1;
        int i = 0;
        if (text.StartsWith("::"u8))
        {
            gap = 0;
            i = 2;
        }

        while (i < text.Length)
        {
            ReadOnlySpan<byte> rest = text[i..];
            int length = rest.IndexOf((byte)':');
            ReadOnlySpan<byte> word = length < 0 ? rest : rest[..length];
            if (word.Contains((byte)'.'))
            {
                if (length >= 0 || group > Groups - 2 || !TryParseIPv4(word, destination.Slice(group * 2, 4)))
                {
                    return false;
                }

                group += 2;
                break;
            }

            if (group == Groups || !TryReadGroup(word, out ushort value))
            {
                return false;
            }

            BinaryPrimitives.WriteUInt16BigEndian(destination[(group * 2)..], value);
            group++;
            if (length < 0)
            {
                break;
            }

            i += length + 1;
            if (i == text.Length)
            {
                return false;
            }

            if (text[i] == (byte)':')
            {
                if (gap >= 0)
                {
                    return false;
                }

                gap = group;
                i++;
            }
        }

        return CloseGap(destination, group, gap);
    }

    private static bool CloseGap(Span<byte> destination, int group, int gap)
    {
        if (gap < 0)
        {
            return group == Groups;
        }

        if (group == Groups)
        {
            return false;
        }

        int tail = (group - gap) * 2;
        destination.Slice(gap * 2, tail).CopyTo(destination[(Length - tail)..]);
        destination[(gap * 2)..(Length - tail)].Clear();
        return true;
    }

    private static bool TryReadGroup(ReadOnlySpan<byte> word, out ushort value)
    {
        value = 0;
        if (word.Length is 0 or > 4)
        {
            return false;
        }

        foreach (byte character in word)
        {
            int digit = character switch
            {
                >= (byte)'0' and <= (byte)'9' => character - '0',
                >= (byte)'a' and <= (byte)'f' => character - 'a' + 10,
                >= (byte)'A' and <= (byte)'F' => character - 'A' + 10,
                _ => -1,
            };
            if (digit < 0)
            {
                return false;
            }

            value = (ushort)((value << 4) | digit);
        }

        return true;
    }
}

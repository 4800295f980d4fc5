using System.Buffers.Text;

namespace CfLogStream.Core.Traffic.Clients;

/// <summary>
/// An address reduced to what names a caller: IPv4 whole (/32), IPv6 its first 64 bits. IPv4 in IPv6 (<c>::ffff:1.2.3.4</c>) is IPv4.
/// </summary>
internal readonly record struct IpPrefix
{
    /// <summary>The longest text that <see cref="Format"/> writes.</summary>
    public const int MaxFormattedLength = 24;

    private IpPrefix(ulong bits, ulong low, byte length)
    {
        Bits = bits;
        Low = low;
        Length = length;
    }

    /// <summary>The first 64 bits of an IPv6 address, or an IPv4 address as a number.</summary>
    public ulong Bits { get; }

    /// <summary>The other 64 bits of an IPv6 address; 0 for IPv4. Not part of the prefix.</summary>
    public ulong Low { get; }

    /// <summary>32, 64, or 0 for no address.</summary>
    public byte Length { get; }

    public bool IsAddress => Length != 0;

    /// <summary>A stable hash of the prefix; 0 for no address.</summary>
    public ulong Hash => Length == 0 ? 0 : StableHash.Combine(StableHash.Of(Bits), Length);

    /// <summary>Returns the prefix of an IPv4 address given as a number.</summary>
    public static IpPrefix OfV4(uint address) => new(address, 0, 32);

    /// <summary>Reads an address; no address when the text is none.</summary>
    public static IpPrefix Parse(ReadOnlySpan<byte> text)
    {
        if (text.IndexOf((byte)':') < 0)
        {
            return TryReadV4(text, out uint v4) ? new IpPrefix(v4, 0, 32) : default;
        }

        int zone = text.IndexOf((byte)'%');
        return TryReadV6(zone < 0 ? text : text[..zone], out ulong high, out ulong low)
            ? high == 0 && low >> 32 == 0xFFFF ? new IpPrefix(low & uint.MaxValue, 0, 32) : new IpPrefix(high, low, 64)
            : default;
    }

    /// <summary>Writes <c>1.2.3.4/32</c> or <c>2001:db8:1:2::/64</c>.</summary>
    /// <returns>The number of bytes written; 0 for no address.</returns>
    public int Format(Span<byte> destination)
    {
        int written = 0;
        if (Length == 32)
        {
            for (int shift = 24; shift >= 0; shift -= 8)
            {
                Utf8Formatter.TryFormat((byte)(Bits >> shift), destination[written..], out int digits);
                written += digits;
                destination[written++] = shift == 0 ? (byte)'/' : (byte)'.';
            }

            "32"u8.CopyTo(destination[written..]);
            return written + 2;
        }

        if (Length == 0)
        {
            return 0;
        }

        int groups = 4;
        while (groups > 0 && (ushort)(Bits >> (64 - (groups * 16))) == 0)
        {
            groups--;
        }

        for (int i = 0; i < groups; i++)
        {
            ushort group = (ushort)(Bits >> (48 - (i * 16)));
            Utf8Formatter.TryFormat(group, destination[written..], out int digits, new System.Buffers.StandardFormat('x'));
            written += digits;
            destination[written++] = (byte)':';
        }

        ReadOnlySpan<byte> end = groups == 0 ? "::/64"u8 : ":/64"u8;
        end.CopyTo(destination[written..]);
        return written + end.Length;
    }

    private static bool TryReadV4(ReadOnlySpan<byte> text, out uint value)
    {
        value = 0;
        int parts = 0;
        int digits = 0;
        uint part = 0;
        foreach (byte b in text)
        {
            if ((uint)(b - '0') <= 9)
            {
                part = (part * 10) + (uint)(b - '0');
                digits++;
                if (digits > 3 || part > 255)
                {
                    return false;
                }
            }
            else if (b == (byte)'.' && digits > 0 && parts < 3)
            {
                value = (value << 8) | part;
                parts++;
                part = 0;
                digits = 0;
            }
            else
            {
                return false;
            }
        }

        value = (value << 8) | part;
        return parts == 3 && digits > 0;
    }

    private static bool TryReadV6(ReadOnlySpan<byte> text, out ulong high, out ulong low)
    {
        high = low = 0;
        Span<ushort> groups = stackalloc ushort[8];
        groups.Clear();
        int count = 0;
        int gap = -1;
        int i = 0;
        while (i < text.Length)
        {
            if (text[i] == (byte)':')
            {
                if (i + 1 < text.Length && text[i + 1] == (byte)':')
                {
                    if (gap >= 0)
                    {
                        return false;
                    }

                    gap = count;
                    i += 2;
                    continue;
                }

                // A single colon stands between two groups only.
                if (count == 0 || gap == count || i + 1 == text.Length)
                {
                    return false;
                }

                i++;
            }

            int length = text[i..].IndexOf((byte)':');
            ReadOnlySpan<byte> group = length < 0 ? text[i..] : text.Slice(i, length);
            if (count == 8 || !TryReadGroup(group, length < 0, groups, ref count))
            {
                return false;
            }

            i += group.Length;
        }

        if (gap < 0 ? count != 8 : count > 7)
        {
            return false;
        }

        if (gap >= 0)
        {
            int tail = count - gap;
            for (int j = 0; j < tail; j++)
            {
                (groups[7 - j], groups[count - 1 - j]) = (groups[count - 1 - j], groups[7 - j]);
            }
        }

        for (int j = 0; j < 4; j++)
        {
            high = (high << 16) | groups[j];
            low = (low << 16) | groups[4 + j];
        }

        return true;
    }

    /// <summary>Reads one group of hexadecimal digits, or at the end an IPv4 address, which is two groups.</summary>
    private static bool TryReadGroup(ReadOnlySpan<byte> text, bool last, Span<ushort> groups, ref int count)
    {
        if (last && text.IndexOf((byte)'.') >= 0)
        {
            if (count > 6 || !TryReadV4(text, out uint v4))
            {
                return false;
            }

            groups[count++] = (ushort)(v4 >> 16);
            groups[count++] = (ushort)v4;
            return true;
        }

        if (text.Length is 0 or > 4 || !Utf8Parser.TryParse(text, out ushort group, out int consumed, 'x') || consumed != text.Length)
        {
            return false;
        }

        groups[count++] = group;
        return true;
    }
}

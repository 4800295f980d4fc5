using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace CfLogStream.Core.Rules;

/// <summary>Tells the forms of literals without quotes apart. Strict: what only some tools take for an address is none.</summary>
public static class BareForm
{
    /// <summary>Returns what a literal is by its form; null when it is none. An address in dots is one before it is bytes.</summary>
    public static BareKind? Of(string token)
    {
        int range = token.IndexOf("..", StringComparison.Ordinal);
        if (range > 0)
        {
            return RangeOf(token[..range], token[(range + 2)..]);
        }

        if (TryInteger(token, out _))
        {
            return BareKind.Integer;
        }

        if (TryAddress(token, out _))
        {
            return BareKind.Address;
        }

        if (TryNetwork(token, out _, out _))
        {
            return BareKind.Network;
        }

        return IsBytes(token) ? BareKind.Bytes : null;
    }

    /// <summary>Reads a whole number: hexadecimal after <c>0x</c>, octal after a leading 0, otherwise decimal with an optional minus.</summary>
    public static bool TryInteger(string token, out long value)
    {
        if (token.StartsWith("0x", StringComparison.Ordinal))
        {
            return long.TryParse(token.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value) && value >= 0;
        }

        if (token.Length > 1 && token[0] == '0')
        {
            return TryOctal(token.AsSpan(1), out value);
        }

        return long.TryParse(token, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && token[0] != '+';
    }

    /// <summary>Reads an IP address in its usual form: four decimal numbers without leading zeros, or IPv6 without a zone.</summary>
    public static bool TryAddress(string token, out IPAddress address)
    {
        address = IPAddress.None;
        if (token.Contains('%', StringComparison.Ordinal) || token.Contains('[', StringComparison.Ordinal)
            || !IPAddress.TryParse(token, out IPAddress? parsed))
        {
            return false;
        }

        if (parsed.AddressFamily == AddressFamily.InterNetwork && parsed.ToString() != token)
        {
            return false;
        }

        address = parsed;
        return true;
    }

    /// <summary>Reads a network; bits behind its length must be zero.</summary>
    public static bool TryNetwork(string token, out IPAddress address, out int length)
    {
        length = 0;
        address = IPAddress.None;
        int slash = token.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !TryAddress(token[..slash], out address)
            || !int.TryParse(token.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length))
        {
            return false;
        }

        byte[] bytes = address.GetAddressBytes();
        if (length > bytes.Length * 8)
        {
            return false;
        }

        for (int bit = length; bit < bytes.Length * 8; bit++)
        {
            if ((bytes[bit / 8] & (0x80 >> (bit % 8))) != 0)
            {
                return false;
            }
        }

        return true;
    }

    private static BareKind? RangeOf(string first, string last)
    {
        if (TryInteger(first, out long from) && TryInteger(last, out long to))
        {
            return from <= to ? BareKind.IntegerRange : null;
        }

        if (!TryAddress(first, out IPAddress low) || !TryAddress(last, out IPAddress high) || low.AddressFamily != high.AddressFamily)
        {
            return null;
        }

        return low.GetAddressBytes().AsSpan().SequenceCompareTo(high.GetAddressBytes()) <= 0 ? BareKind.AddressRange : null;
    }

    private static bool TryOctal(ReadOnlySpan<char> digits, out long value)
    {
        value = 0;
        foreach (char digit in digits)
        {
            if (digit is < '0' or > '7' || value > long.MaxValue >> 3)
            {
                return false;
            }

            value = (value << 3) | (long)(digit - '0');
        }

        return true;
    }

    private static bool IsBytes(string token)
    {
        if (token.Length < 5 || token.Length % 3 != 2)
        {
            return false;
        }

        for (int i = 0; i < token.Length; i++)
        {
            if (i % 3 == 2 ? token[i] is not (':' or '-' or '.') : !char.IsAsciiHexDigit(token[i]))
            {
                return false;
            }
        }

        return true;
    }
}

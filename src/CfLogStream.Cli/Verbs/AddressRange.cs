using System.Globalization;
using System.Net;

namespace CfLogStream.Cli.Verbs;

/// <summary>Reads an address or a prefix: <c>203.0.113.7</c>, <c>203.0.113.0/24</c>, <c>2001:db8::/32</c>.</summary>
internal static class AddressRange
{
    /// <summary>Returns the first and the last address, IPv4 as IPv4 in IPv6.</summary>
    public static (IPAddress First, IPAddress Last) Read(string option, string text)
    {
        string[] parts = text.Trim().Split('/');
        bool isFour = !parts[0].Contains(':', StringComparison.Ordinal);

        // IPAddress.Parse takes '10' and '10.1' for addresses.
        if (parts.Length > 2 || !IPAddress.TryParse(parts[0], out IPAddress? address) || address.ScopeIdOrZero() != 0
            || (isFour && parts[0].Count(static c => c == '.') != 3))
        {
            throw Bad(option, text, "it is no address");
        }

        int width = isFour ? 32 : 128;
        int length = width;
        if (parts.Length == 2
            && (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > width))
        {
            throw Bad(option, text, $"'{parts[1]}' is no prefix length from 0 to {width}");
        }

        byte[] first = (isFour ? address.MapToIPv6() : address).GetAddressBytes();
        byte[] last = [.. first];
        for (int bit = 128 - width + length; bit < 128; bit++)
        {
            first[bit / 8] &= (byte)~(0x80 >> (bit % 8));
            last[bit / 8] |= (byte)(0x80 >> (bit % 8));
        }

        return (new IPAddress(first), new IPAddress(last));
    }

    private static long ScopeIdOrZero(this IPAddress address) =>
        address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? address.ScopeId : 0;

    private static CommandException Bad(string option, string text, string why) => CommandException.Usage(
        $"The value of '{option}' is '{text}': {why}; expected for instance '203.0.113.7', '203.0.113.0/24' or '2001:db8::/32'.");
}

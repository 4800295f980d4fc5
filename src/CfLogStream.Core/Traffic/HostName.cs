namespace CfLogStream.Core.Traffic;

/// <summary>Host names as dimensions: lower case, without port, and the site they belong to.</summary>
/// <remarks>
/// The site is the registrable-looking end of a name: its last two labels, or three when the second last is one under which countries
/// register (<c>co.uk</c>, <c>com.br</c>). It stands in for a missing ZoneName and tells referers of the same site. Addresses and
/// single
/// labels have none. The list of public suffixes is not consulted: a wrong site only merges rows that show the same host anyway.
/// </remarks>
internal static class HostName
{
    /// <summary>The longest host name that is kept.</summary>
    public const int MaxLength = 255;

    /// <summary>Writes a host in lower case without port and final dot; longer ones are cut.</summary>
    /// <returns>The number of bytes written.</returns>
    public static int Write(ReadOnlySpan<byte> host, Span<byte> destination)
    {
        ReadOnlySpan<byte> name = WithoutPort(host);
        int length = Math.Min(name.Length, MaxLength);
        for (int i = 0; i < length; i++)
        {
            byte b = name[i];
            destination[i] = (uint)(b - 'A') <= 'Z' - 'A' ? (byte)(b | 0x20) : b;
        }

        return length;
    }

    /// <summary>Returns a host without <c>:port</c> and final dot; an IPv6 address keeps its brackets.</summary>
    public static ReadOnlySpan<byte> WithoutPort(ReadOnlySpan<byte> host)
    {
        if (!host.IsEmpty && host[0] == (byte)'[')
        {
            int bracket = host.IndexOf((byte)']');
            return bracket < 0 ? host : host[..(bracket + 1)];
        }

        int colon = host.IndexOf((byte)':');
        ReadOnlySpan<byte> name = colon < 0 ? host : host[..colon];
        return name.Length > 1 && name[^1] == (byte)'.' ? name[..^1] : name;
    }

    /// <summary>Returns the site of a lower-case host without port; empty for addresses and single labels.</summary>
    public static ReadOnlySpan<byte> Site(ReadOnlySpan<byte> host)
    {
        int top = host.LastIndexOf((byte)'.');
        if (top <= 0 || top == host.Length - 1 || host[0] == (byte)'[' || IsDigits(host[(top + 1)..]))
        {
            return default;
        }

        int second = host[..top].LastIndexOf((byte)'.');
        if (second > 0 && host.Length - top == 3 && IsRegistryLabel(host[(second + 1)..top]))
        {
            second = host[..second].LastIndexOf((byte)'.');
        }

        return host[(second + 1)..];
    }

    /// <summary>
    /// Whether the host of a referer belongs to the same site as a requested host; both in any case, with or without port.
    /// </summary>
    public static bool IsSameSite(ReadOnlySpan<byte> host, ReadOnlySpan<byte> refererHost)
    {
        ReadOnlySpan<byte> first = WithoutPort(host);
        ReadOnlySpan<byte> second = WithoutPort(refererHost);
        if (second.IsEmpty)
        {
            return false;
        }

        ReadOnlySpan<byte> firstSite = Site(first);
        return firstSite.IsEmpty
            ? System.Text.Ascii.EqualsIgnoreCase(first, second)
            : System.Text.Ascii.EqualsIgnoreCase(firstSite, Site(second));
    }

    /// <summary>Returns the host of a web address, with port; empty when it has none.</summary>
    public static ReadOnlySpan<byte> OfAddress(ReadOnlySpan<byte> address)
    {
        int scheme = address.IndexOf("://"u8);
        if (scheme <= 0)
        {
            return default;
        }

        ReadOnlySpan<byte> rest = address[(scheme + 3)..];
        int end = rest.IndexOfAny((byte)'/', (byte)'?', (byte)'#');
        rest = end < 0 ? rest : rest[..end];
        int user = rest.LastIndexOf((byte)'@');
        return rest[(user + 1)..];
    }

    private static bool IsDigits(ReadOnlySpan<byte> label) => label.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;

    /// <summary>Labels under which names are registered in country domains.</summary>
    private static bool IsRegistryLabel(ReadOnlySpan<byte> label) => label.Length switch
    {
        2 => IsOneOf(label, "co", "ac", "or", "ne", "go", "gv", "ad"),
        3 => IsOneOf(label, "com", "net", "org", "gov", "edu", "mil", "gob", "nom"),
        _ => false,
    };

    private static bool IsOneOf(ReadOnlySpan<byte> label, params ReadOnlySpan<string> words)
    {
        foreach (string word in words)
        {
            if (System.Text.Ascii.EqualsIgnoreCase(label, word))
            {
                return true;
            }
        }

        return false;
    }
}

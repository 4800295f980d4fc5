using System.Text;

namespace CfLogStream.Core.Traffic.Paths;

/// <summary>A host as settings name it: a name, <c>*.</c> and a name, or empty for every host.</summary>
internal static class HostPattern
{
    private const int MaxHost = 253;

    /// <summary>Checks a host and brings it to the form that is compared: lower case, without port and trailing dot.</summary>
    /// <returns>Null when it can be used, else what is wrong with it.</returns>
    public static string? Normalize(string host, out string normalized)
    {
        normalized = TrimHost(host).ToLowerInvariant();
        string name = normalized.StartsWith("*.", StringComparison.Ordinal) ? normalized[2..] : normalized;
        if (name.Length == 0 || name.Length > MaxHost)
        {
            return "the host is empty or longer than 253 characters";
        }

        foreach (string label in name.Split('.'))
        {
            if (label.Length == 0 || !label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            {
                return "a host holds letters, digits, hyphens and dots, and may start with '*.'";
            }
        }

        return normalized.Contains('.', StringComparison.Ordinal)
            ? null
            : $"'{name}' is taken for a host and has no dot; a path starts with '/'";
    }

    /// <summary>Cuts the port and the trailing dot of a host as logged.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> host)
    {
        int colon = host.LastIndexOf((byte)':');
        if (colon >= 0 && NumericShape.DigitRun(host, colon + 1) == host.Length)
        {
            host = host[..colon];
        }

        return host.EndsWith("."u8) ? host[..^1] : host;
    }

    /// <summary>True when the host, as trimmed by <see cref="Trim"/>, is the name or below the <c>*.</c> name.</summary>
    public static bool Matches(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> host)
    {
        if (pattern.IsEmpty)
        {
            return true;
        }

        if (!pattern.StartsWith("*."u8))
        {
            return Ascii.EqualsIgnoreCase(pattern, host);
        }

        ReadOnlySpan<byte> suffix = pattern[1..];
        return host.Length > suffix.Length && Ascii.EqualsIgnoreCase(host[^suffix.Length..], suffix);
    }

    private static string TrimHost(string host)
    {
        int colon = host.LastIndexOf(':');
        if (colon >= 0 && host.AsSpan(colon + 1).IndexOfAnyExceptInRange('0', '9') < 0)
        {
            host = host[..colon];
        }

        return host.EndsWith('.') ? host[..^1] : host;
    }
}

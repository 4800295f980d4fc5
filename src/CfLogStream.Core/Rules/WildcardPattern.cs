namespace CfLogStream.Core.Rules;

/// <summary>The patterns of <c>wildcard</c> and <c>strict wildcard</c>: the whole value, with <c>*</c> for any bytes.</summary>
internal static class WildcardPattern
{
    /// <summary>Returns why a pattern is refused; null when it is fine.</summary>
    public static string? Problem(ReadOnlySpan<byte> pattern)
    {
        bool afterStar = false;
        for (int i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == '\\')
            {
                if (++i == pattern.Length || pattern[i] is not ((byte)'*' or (byte)'\\'))
                {
                    return "in a wildcard pattern only '*' and '\\' can be escaped.";
                }

                afterStar = false;
                continue;
            }

            bool star = pattern[i] == '*';
            if (star && afterStar)
            {
                return "'**' is not allowed in a wildcard pattern.";
            }

            afterStar = star;
        }

        return null;
    }

    /// <summary>Whether a pattern without problems stands for a whole value.</summary>
    /// <remarks>The first and the last part are fixed, those between are searched from the left, each once: no backtracking.</remarks>
    public static bool IsMatch(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> value, bool caseSensitive)
    {
        List<byte[]> parts = Parts(pattern);
        if (!caseSensitive)
        {
            parts.ForEach(static part => Fold(part));
            byte[] folded = value.ToArray();
            Fold(folded);
            value = folded;
        }

        byte[] first = parts[0];
        if (parts.Count == 1)
        {
            return value.SequenceEqual(first);
        }

        byte[] last = parts[^1];
        if (value.Length < first.Length + last.Length || !value.StartsWith(first) || !value.EndsWith(last))
        {
            return false;
        }

        value = value[first.Length..^last.Length];
        for (int i = 1; i < parts.Count - 1; i++)
        {
            int found = value.IndexOf(parts[i]);
            if (found < 0)
            {
                return false;
            }

            value = value[(found + parts[i].Length)..];
        }

        return true;
    }

    // What stands between the stars, without escapes.
    private static List<byte[]> Parts(ReadOnlySpan<byte> pattern)
    {
        var parts = new List<byte[]>();
        var part = new List<byte>();
        for (int i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == '*')
            {
                parts.Add([.. part]);
                part.Clear();
                continue;
            }

            part.Add(pattern[i] == '\\' ? pattern[++i] : pattern[i]);
        }

        parts.Add([.. part]);
        return parts;
    }

    private static void Fold(Span<byte> bytes)
    {
        foreach (ref byte b in bytes)
        {
            b = b is >= (byte)'A' and <= (byte)'Z' ? (byte)(b | 0x20) : b;
        }
    }
}

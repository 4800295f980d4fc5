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
}

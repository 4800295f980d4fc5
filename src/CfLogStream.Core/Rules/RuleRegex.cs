using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace CfLogStream.Core.Rules;

/// <summary>A regular expression of the Rules language, as far as it means the same here and is matched in linear time.</summary>
/// <remarks>
/// The engine at Cloudflare matches bytes, with classes of ASCII. So only ASCII patterns on ASCII text are answered, and of the syntax what
/// both read alike: no flags but a leading <c>(?i)</c>, no named groups, no nested classes. The rest is unknown.
/// </remarks>
internal sealed class RuleRegex
{
    private const int MaxRepeats = 5000;
    private const int MaxText = 64 * 1024;
    private const string Escapable = "dDwWsSbBnrt.\\/-^$*+?()[]{}|\"'&~#@!%=:;,<> ";

    private static readonly TimeSpan s_timeout = TimeSpan.FromMilliseconds(250);

    private readonly Regex _regex;

    private RuleRegex(Regex regex)
    {
        _regex = regex;
    }

    /// <summary>Compiles a pattern; null when it cannot be done safely.</summary>
    public static RuleRegex? Compile(ReadOnlySpan<byte> pattern)
    {
        if (!Ascii.IsValid(pattern) || Translate(Encoding.ASCII.GetString(pattern)) is not { } translated)
        {
            return null;
        }

        try
        {
            return new RuleRegex(new Regex(translated, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, s_timeout));
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>Searches the text; null when the answer is not certain or takes too long.</summary>
    public bool? IsMatch(ReadOnlySpan<byte> text)
    {
        if (text.Length > MaxText || !Ascii.IsValid(text))
        {
            return null;
        }

        try
        {
            return _regex.IsMatch(Encoding.ASCII.GetString(text));
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }

    private static string? Translate(string pattern)
    {
        var text = new StringBuilder(pattern.Length + 8);
        bool inClass = false;
        long repeats = 1;
        int start = pattern.StartsWith("(?i)", StringComparison.Ordinal) ? 4 : 0;
        text.Append(pattern.AsSpan(0, start));
        for (int i = start; i < pattern.Length; i++)
        {
            char c = pattern[i];
            if (c == '\\')
            {
                if (++i == pattern.Length || !Escapable.Contains(pattern[i], StringComparison.Ordinal) || (inClass && pattern[i] is 'b' or 'B'))
                {
                    return null;
                }

                text.Append('\\').Append(pattern[i]);
                continue;
            }

            if (inClass)
            {
                // Classes within classes and operations on them are read differently.
                if (c == '[' || (c is '&' or '-' or '~' && pattern.AsSpan(i + 1).StartsWith([c])))
                {
                    return null;
                }

                inClass = c != ']';
                text.Append(c);
                continue;
            }

            switch (c)
            {
                case '[':
                    int first = i + (pattern.AsSpan(i + 1).StartsWith("^") ? 2 : 1);
                    if (first < pattern.Length && pattern[first] == ']')
                    {
                        return null;
                    }

                    inClass = true;
                    break;
                case '(' when pattern.AsSpan(i + 1).StartsWith("?") && !pattern.AsSpan(i + 1).StartsWith("?:"):
                    return null;
                case '{':
                    int length = Repeat(pattern.AsSpan(i), out int most);
                    repeats *= Math.Max(1, most);
                    if (length == 0 || repeats > MaxRepeats)
                    {
                        return null;
                    }

                    text.Append(pattern.AsSpan(i, length));
                    i += length - 1;
                    continue;
                case '}' or ']':
                    return null;
                case '$':
                    text.Append("\\z");
                    continue;
            }

            text.Append(c);
        }

        return inClass ? null : text.ToString();
    }

    /// <summary>Returns the length of <c>{n}</c>, <c>{n,}</c> or <c>{n,m}</c>; 0 for anything else.</summary>
    private static int Repeat(ReadOnlySpan<char> text, out int most)
    {
        most = 0;
        int end = text.IndexOf('}');
        if (end < 2)
        {
            return 0;
        }

        ReadOnlySpan<char> inner = text[1..end];
        int comma = inner.IndexOf(',');
        ReadOnlySpan<char> low = comma < 0 ? inner : inner[..comma];
        ReadOnlySpan<char> high = comma < 0 || comma == inner.Length - 1 ? low : inner[(comma + 1)..];
        return int.TryParse(low, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            && int.TryParse(high, NumberStyles.None, CultureInfo.InvariantCulture, out most) ? end + 1 : 0;
    }
}

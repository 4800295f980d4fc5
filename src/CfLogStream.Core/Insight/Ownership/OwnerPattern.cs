namespace CfLogStream.Core.Insight.Ownership;

/// <summary>A pattern of an owner's entry: <c>*</c> is any run of characters, <c>{name}</c> one whole segment between slashes.</summary>
/// <remarks>A segment's name does not matter, so that a path template matches itself and the template the product finds, whatever the
/// parameters are called. Matching takes time proportional to pattern times text at worst, and never more.</remarks>
public sealed class OwnerPattern
{
    private const char AnyRun = '\uE000';
    private const char Segment = '\uE001';

    private readonly string _tokens;
    private readonly bool _ignoreCase;

    private OwnerPattern(string text, string tokens, bool ignoreCase)
    {
        Text = text;
        _tokens = tokens;
        _ignoreCase = ignoreCase;
    }

    /// <summary>The pattern as it was written.</summary>
    public string Text { get; }

    /// <summary>Whether it matches everything.</summary>
    public bool IsAny => _tokens.All(token => token == AnyRun);

    /// <summary>How much of it is plain text: the more, the more specific.</summary>
    public int Literals => _tokens.Count(token => token is not (AnyRun or Segment));

    /// <summary>Reads a pattern of names or descriptions: case does not matter, braces mean nothing.</summary>
    public static OwnerPattern OfName(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new OwnerPattern(text, Plain(text).Replace('*', AnyRun), ignoreCase: true);
    }

    /// <summary>Reads a pattern of paths.</summary>
    public static OwnerPattern OfPath(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        IEnumerable<string> segments = Plain(text).Split('/').Select(
            segment => segment is ['{', _, .., '}'] ? Segment.ToString() : segment.Replace('*', AnyRun));
        return new OwnerPattern(text, string.Join('/', segments), ignoreCase: false);
    }

    /// <summary>Whether all of a text matches.</summary>
    public bool Matches(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int token = 0;
        int at = 0;
        int starToken = -1;
        int starAt = 0;
        while (true)
        {
            if (token < _tokens.Length && _tokens[token] == AnyRun)
            {
                starToken = ++token;
                starAt = at;
                continue;
            }

            if (token == _tokens.Length && at == text.Length)
            {
                return true;
            }

            if (token < _tokens.Length && TryTake(_tokens[token], text, ref at))
            {
                token++;
                continue;
            }

            // Only the last run of any characters can have to be longer.
            if (starToken < 0 || starAt >= text.Length)
            {
                return false;
            }

            token = starToken;
            at = ++starAt;
        }
    }

    private static string Plain(string text) => text.Replace(AnyRun, '\uFFFD').Replace(Segment, '\uFFFD');

    private bool TryTake(char token, string text, ref int at)
    {
        if (at >= text.Length)
        {
            return false;
        }

        if (token == Segment)
        {
            int end = text.IndexOf('/', at);
            end = end < 0 ? text.Length : end;
            if (end == at || (at > 0 && text[at - 1] != '/'))
            {
                return false;
            }

            at = end;
            return true;
        }

        if (text[at] != token && (!_ignoreCase || char.ToLowerInvariant(text[at]) != char.ToLowerInvariant(token)))
        {
            return false;
        }

        at++;
        return true;
    }
}

using System.Globalization;

namespace CfLogStream.Core.Rules;

/// <summary>Reads the words and literals of an expression; which one is due only the parser knows.</summary>
/// <remarks>The language is read in context: the same characters are a regular expression after <c>matches</c> and a string elsewhere.</remarks>
internal sealed class RuleScanner
{
    private const int MaxHashes = 255;

    private readonly string _text;
    private readonly int _end;

    public RuleScanner(string text)
    {
        _text = text;
        _end = text.AsSpan().TrimEnd().Length;
        Position = text.Length - text.AsSpan().TrimStart().Length;
    }

    /// <summary>The place of the next character.</summary>
    public int Position { get; private set; }

    /// <summary>The first failure; null while there is none.</summary>
    public RuleSyntaxError? Error { get; private set; }

    public bool AtEnd => Position >= _end;

    /// <summary>The next character; NUL at the end.</summary>
    public char Next => Position < _end ? _text[Position] : '\0';

    /// <summary>Notes a failure, unless there is one already, and returns null.</summary>
    public T? Fail<T>(int position, string message)
        where T : class
    {
        Error ??= new RuleSyntaxError(position, message);
        return null;
    }

    public void SkipBlanks()
    {
        while (Position < _end && _text[Position] is ' ' or '\r' or '\n')
        {
            Position++;
        }
    }

    public bool Starts(string word) => _text.AsSpan(Position, Math.Max(0, _end - Position)).StartsWith(word, StringComparison.Ordinal);

    /// <summary>Reads a word if it comes next; a blank after it is not needed.</summary>
    public bool TryRead(string word)
    {
        if (!Starts(word))
        {
            return false;
        }

        Position += word.Length;
        return true;
    }

    /// <summary>Reads names joined by dots; null when none comes next.</summary>
    public string? ReadIdentifier()
    {
        int start = Position;
        int i = start;
        while (true)
        {
            int part = i;
            while (i < _end && IsNameCharacter(_text[i]))
            {
                i++;
            }

            if (i == part)
            {
                // A dot with nothing behind it is not part of the name.
                i = Math.Max(start, part - 1);
                break;
            }

            if (i >= _end || _text[i] != '.')
            {
                break;
            }

            i++;
        }

        Position = i;
        return i == start ? null : _text[start..i];
    }

    /// <summary>Whether a quoted or raw string comes next.</summary>
    public bool AtString => Next == '"' || Starts("r\"") || Starts("r#");

    /// <summary>Reads a quoted or raw string.</summary>
    public StringLiteral? ReadString()
    {
        int start = Position;
        if (Next != '"')
        {
            return ReadRawString(isRegex: false);
        }

        var value = new ByteText();
        int i = start + 1;
        while (i < _end)
        {
            char c = _text[i];
            if (c == '"')
            {
                Position = i + 1;
                return new StringLiteral(start, value.ToArray(), IsRegex: false);
            }

            if (c != '\\')
            {
                value.Append(c);
                i++;
                continue;
            }

            int used = ReadEscape(i, value);
            if (used == 0)
            {
                return Fail<StringLiteral>(i, "this escape is unknown; expected \\\", \\\\, \\xHH or \\OOO (a byte in hexadecimal or octal).");
            }

            i += used;
        }

        return Fail<StringLiteral>(start, "the string has no closing quote.");
    }

    /// <summary>Reads the pattern of <c>matches</c>: a backslash stays, and a quote inside a class does not end it.</summary>
    public StringLiteral? ReadRegex()
    {
        int start = Position;
        if (Next != '"')
        {
            return ReadRawString(isRegex: true);
        }

        var value = new ByteText();
        bool inClass = false;
        for (int i = start + 1; i < _end; i++)
        {
            char c = _text[i];
            if (c == '\\' && i + 1 < _end)
            {
                if (_text[i + 1] != '"' || inClass)
                {
                    value.Append('\\');
                }

                value.Append(_text[++i]);
                continue;
            }

            if (c == '"' && !inClass)
            {
                Position = i + 1;
                return new StringLiteral(start, value.ToArray(), IsRegex: true);
            }

            inClass = c == '[' || (c != ']' && inClass);
            value.Append(c);
        }

        return Fail<StringLiteral>(start, "the pattern has no closing quote.");
    }

    /// <summary>Reads a literal without quotes: numbers, addresses, networks, ranges, bytes.</summary>
    public BareLiteral? ReadBare()
    {
        int start = Position;
        int i = start;
        while (i < _end && (char.IsAsciiLetterOrDigit(_text[i]) || _text[i] is ':' or '.' or '-' or '/'))
        {
            i++;
        }

        string token = _text[start..i];
        if (BareForm.Of(token) is not { } kind)
        {
            return Fail<BareLiteral>(start, "expected a literal: a quoted string, a whole number, an IP address or bytes such as 6f:72.");
        }

        Position = i;
        return new BareLiteral(start, token, kind);
    }

    private static bool IsNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    private StringLiteral? ReadRawString(bool isRegex)
    {
        int start = Position;
        int i = start + 1;
        while (i < _end && _text[i] == '#')
        {
            i++;
        }

        int hashes = i - start - 1;
        if (Next != 'r' || i >= _end || _text[i] != '"' || hashes > MaxHashes)
        {
            return Fail<StringLiteral>(start, "expected a string in quotes.");
        }

        string close = "\"" + new string('#', hashes);
        int end = _text.IndexOf(close, i + 1, Math.Max(0, _end - i - 1), StringComparison.Ordinal);
        if (end < 0)
        {
            return Fail<StringLiteral>(start, "the raw string has no closing quote.");
        }

        var value = new ByteText();
        foreach (char c in _text.AsSpan(i + 1, end - i - 1))
        {
            value.Append(c);
        }

        Position = end + close.Length;
        return new StringLiteral(start, value.ToArray(), isRegex);
    }

    /// <summary>Reads the escape at a backslash and returns its length; 0 when there is no such escape.</summary>
    private int ReadEscape(int i, ByteText value)
    {
        ReadOnlySpan<char> rest = _text.AsSpan(i + 1, _end - i - 1);
        if (rest.IsEmpty)
        {
            return 0;
        }

        if (rest[0] is '"' or '\\')
        {
            value.Append(rest[0]);
            return 2;
        }

        if (rest[0] == 'x' && rest.Length >= 3
            && byte.TryParse(rest.Slice(1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte hexadecimal))
        {
            value.AppendByte(hexadecimal);
            return 4;
        }

        if (rest.Length >= 3 && rest[0] is >= '0' and <= '3' && rest[1] is >= '0' and <= '7' && rest[2] is >= '0' and <= '7')
        {
            value.AppendByte((byte)(((rest[0] - '0') << 6) | ((rest[1] - '0') << 3) | (rest[2] - '0')));
            return 4;
        }

        return 0;
    }
}

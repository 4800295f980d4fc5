using System.Buffers;
using System.Text;

namespace CfLogStream.ClickHouse.Embedded.Sql;

/// <summary>
/// Splits a statement into tokens by the rules of ClickHouse's lexer (src/Parsers/Lexer.cpp): comments <c>--</c>, <c>//</c>, <c>#!</c>, <c># </c>
/// (also of two mathematical minus signs) and nested <c>/* */</c>; texts in single quotes, curly single quotes and heredocs
/// (<c>$tag$…$tag$</c>); identifiers in backticks, double quotes and curly double quotes. A backslash escapes the next byte and a
/// doubled quote stands for itself, but not between curly quotes.
/// </summary>
internal ref struct SqlTokenizer
{
    private static readonly SearchValues<byte> s_wordBytes =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$"u8);

    private readonly ReadOnlySpan<byte> _text;
    private int _at;

    public SqlTokenizer(ReadOnlySpan<byte> text)
    {
        _text = text;
        _at = 0;
    }

    /// <summary>Reads the next token.</summary>
    public bool Read(out SqlToken token)
    {
        SkipBlanksAndComments();
        if (_at >= _text.Length)
        {
            token = default;
            return false;
        }

        int start = _at;
        ReadOnlySpan<byte> rest = _text[start..];
        byte first = rest[0];
        if (first is (byte)'\'' or (byte)'"' or (byte)'`')
        {
            token = ReadQuoted(first == (byte)'\'' ? SqlTokenKind.Text : SqlTokenKind.QuotedIdentifier, first);
        }
        else if (rest.StartsWith("\u2018"u8))
        {
            token = ReadCurlyQuoted(SqlTokenKind.Text, "\u2019"u8);
        }
        else if (rest.StartsWith("\u201C"u8))
        {
            token = ReadCurlyQuoted(SqlTokenKind.QuotedIdentifier, "\u201D"u8);
        }
        else if (first == (byte)'$' && TryReadHeredoc(out token))
        {
        }
        else if (char.IsAsciiLetter((char)first) || first is (byte)'_' or (byte)'$')
        {
            token = ReadWord(SqlTokenKind.Word);
        }
        else if (char.IsAsciiDigit((char)first))
        {
            token = ReadWord(SqlTokenKind.Number);
        }
        else
        {
            _at++;
            // At the end of the text a dash or a slash may be the start of a comment.
            token = new SqlToken(SqlTokenKind.Punctuation, start, _at, Closed: _at < _text.Length);
        }

        return true;
    }

    /// <summary>Returns the bytes of a token.</summary>
    public readonly ReadOnlySpan<byte> Bytes(SqlToken token) => _text[token.Start..token.End];

    /// <summary>Returns the name that a word or a quoted identifier stands for.</summary>
    public readonly string NameOf(SqlToken token)
    {
        ReadOnlySpan<byte> bytes = Bytes(token);
        if (token.Kind != SqlTokenKind.QuotedIdentifier)
        {
            return Encoding.UTF8.GetString(bytes);
        }

        // Curly quotes have 3 bytes, and nothing is escaped in them.
        int quote = bytes[0] is (byte)'"' or (byte)'`' ? 1 : 3;
        ReadOnlySpan<byte> inner = bytes[quote..^(token.Closed ? quote : 0)];
        return quote == 3 ? Encoding.UTF8.GetString(inner) : SqlEscapes.Unescape(inner, bytes[0]);
    }

    /// <summary>Returns whether a token is the keyword, in any case.</summary>
    public readonly bool Is(SqlToken token, ReadOnlySpan<byte> keyword) =>
        token.Kind == SqlTokenKind.Word && Ascii.EqualsIgnoreCase(Bytes(token), keyword);

    /// <summary>Returns whether a token is the punctuation.</summary>
    public readonly bool Is(SqlToken token, char punctuation) =>
        token.Kind == SqlTokenKind.Punctuation && _text[token.Start] == punctuation;

    private SqlToken ReadWord(SqlTokenKind kind)
    {
        int start = _at;
        int length = _text[start..].IndexOfAnyExcept(s_wordBytes);
        _at = length < 0 ? _text.Length : start + length;
        return new SqlToken(kind, start, _at, Closed: length >= 0);
    }

    private SqlToken ReadQuoted(SqlTokenKind kind, byte quote)
    {
        int start = _at;
        int at = start + 1;
        while (at < _text.Length)
        {
            if (_text[at] == (byte)'\\')
            {
                at += 2;
            }
            else if (_text[at] != quote)
            {
                at++;
            }
            else if (at + 1 < _text.Length && _text[at + 1] == quote)
            {
                at += 2;
            }
            else
            {
                _at = at + 1;
                return new SqlToken(kind, start, _at, Closed: true);
            }
        }

        _at = _text.Length;
        return new SqlToken(kind, start, _at, Closed: false);
    }

    // Nothing is escaped between curly quotes.
    private SqlToken ReadCurlyQuoted(SqlTokenKind kind, ReadOnlySpan<byte> close)
    {
        int start = _at;
        int length = _text[(start + close.Length)..].IndexOf(close);
        _at = length < 0 ? _text.Length : start + close.Length + length + close.Length;
        return new SqlToken(kind, start, _at, Closed: length >= 0);
    }

    private bool TryReadHeredoc(out SqlToken token)
    {
        ReadOnlySpan<byte> rest = _text[_at..];
        int tagLength = rest[1..].IndexOf((byte)'$');
        if (tagLength >= 0 && rest.Slice(1, tagLength).IndexOfAnyExcept(s_wordBytes) < 0)
        {
            ReadOnlySpan<byte> tag = rest[..(tagLength + 2)];
            int length = rest[tag.Length..].IndexOf(tag);
            int end = length < 0 ? _text.Length : _at + tag.Length + length + tag.Length;
            token = new SqlToken(SqlTokenKind.Text, _at, end, Closed: length >= 0);
            _at = end;
            return true;
        }

        token = default;
        return false;
    }

    private void SkipBlanksAndComments()
    {
        while (_at < _text.Length)
        {
            ReadOnlySpan<byte> rest = _text[_at..];
            if (rest[0] is <= (byte)' ')
            {
                _at++;
            }
            else if (rest.StartsWith("\u00A0"u8))
            {
                _at += 2;
            }
            else if (rest.StartsWith("--"u8) || rest.StartsWith("//"u8) || rest.StartsWith("#!"u8) || rest.StartsWith("# "u8)
                || rest.StartsWith("\u2212\u2212"u8))
            {
                int length = rest.IndexOf((byte)'\n');
                _at = length < 0 ? _text.Length : _at + length + 1;
            }
            else if (rest.StartsWith("/*"u8))
            {
                SkipBlockComment();
            }
            else
            {
                return;
            }
        }
    }

    private void SkipBlockComment()
    {
        int depth = 0;
        while (_at < _text.Length)
        {
            ReadOnlySpan<byte> rest = _text[_at..];
            if (rest.StartsWith("/*"u8))
            {
                depth++;
                _at += 2;
            }
            else if (rest.StartsWith("*/"u8))
            {
                depth--;
                _at += 2;
                if (depth == 0)
                {
                    return;
                }
            }
            else
            {
                _at++;
            }
        }
    }
}

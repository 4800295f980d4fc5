using System.Text;

namespace CfLogStream.ClickHouse.Embedded.Sql;

/// <summary>Answers of <see cref="InsertHead.Parse"/>.</summary>
internal enum InsertHeadStatus : byte
{
    /// <summary>Not an INSERT with data behind it: the whole text is the statement.</summary>
    None,

    /// <summary>The text ends before that can be told.</summary>
    NeedMore,

    /// <summary>An INSERT whose data begins at <see cref="InsertHead.DataStart"/>.</summary>
    Data,
}

/// <summary>
/// The part of a request before the inline data of an INSERT: <c>INSERT INTO t (…) [SETTINGS …] FORMAT F</c> or <c>… VALUES</c>.
/// Data begins as in ClickHouse's ParserInsertQuery: after the blanks that follow the format's name and at most one line end.
/// </summary>
/// <param name="Status">What the text is.</param>
/// <param name="StatementEnd">Where the statement without its FORMAT or VALUES ends.</param>
/// <param name="Format">Format of the data.</param>
/// <param name="DataStart">Where the data starts.</param>
internal readonly record struct InsertHead(InsertHeadStatus Status, int StatementEnd, string Format, int DataStart)
{
    private static readonly InsertHead s_none = new(InsertHeadStatus.None, 0, "", 0);
    private static readonly InsertHead s_needMore = new(InsertHeadStatus.NeedMore, 0, "", 0);

    /// <summary>Looks for the head of an INSERT.</summary>
    /// <param name="text">The request so far.</param>
    /// <param name="complete">Whether nothing follows.</param>
    public static InsertHead Parse(ReadOnlySpan<byte> text, bool complete)
    {
        InsertHead undecided = complete ? s_none : s_needMore;
        var tokens = new SqlTokenizer(text);
        if (!tokens.Read(out SqlToken token) || (!token.Closed && !complete))
        {
            return undecided;
        }

        if (!tokens.Is(token, "INSERT"u8))
        {
            return s_none;
        }

        // The word after INTO [TABLE] [FUNCTION] is a name, whatever it reads like.
        if (!tokens.Read(out token) || !tokens.Is(token, "INTO"u8) || !ReadName(ref tokens))
        {
            return undecided;
        }

        int depth = 0;
        while (tokens.Read(out token))
        {
            if (!token.Closed && !complete)
            {
                return s_needMore;
            }

            if (tokens.Is(token, '(') || tokens.Is(token, '[') || tokens.Is(token, '{'))
            {
                depth++;
            }
            else if (tokens.Is(token, ')') || tokens.Is(token, ']') || tokens.Is(token, '}'))
            {
                depth--;
            }
            else if (depth == 0)
            {
                if (tokens.Is(token, "SELECT"u8) || tokens.Is(token, "WITH"u8) || tokens.Is(token, "FROM"u8) || tokens.Is(token, ';'))
                {
                    return s_none;
                }

                if (tokens.Is(token, "VALUES"u8))
                {
                    return new InsertHead(InsertHeadStatus.Data, token.Start, "Values", token.End);
                }

                if (tokens.Is(token, "FORMAT"u8))
                {
                    return ParseFormat(ref tokens, text, token.Start, complete);
                }
            }
        }

        return undecided;
    }

    private static bool ReadName(ref SqlTokenizer tokens)
    {
        if (!tokens.Read(out SqlToken token))
        {
            return false;
        }

        // A table may be called table or function; only what follows tells, so look ahead on a copy.
        SqlTokenizer ahead = tokens;
        while ((tokens.Is(token, "TABLE"u8) || tokens.Is(token, "FUNCTION"u8))
            && ahead.Read(out SqlToken next)
            && next.Kind is SqlTokenKind.Word or SqlTokenKind.QuotedIdentifier
            && !tokens.Is(next, "FORMAT"u8) && !tokens.Is(next, "VALUES"u8) && !tokens.Is(next, "SELECT"u8))
        {
            token = next;
            tokens = ahead;
        }

        // database . table
        ahead = tokens;
        if (ahead.Read(out SqlToken dot) && tokens.Is(dot, '.') && ahead.Read(out _))
        {
            tokens = ahead;
        }

        return true;
    }

    private static InsertHead ParseFormat(ref SqlTokenizer tokens, ReadOnlySpan<byte> text, int statementEnd, bool complete)
    {
        if (!tokens.Read(out SqlToken name) || (!name.Closed && !complete))
        {
            return complete ? s_none : s_needMore;
        }

        if (name.Kind != SqlTokenKind.Word)
        {
            return s_none;
        }

        int start = name.End;
        while (start < text.Length && text[start] is (byte)' ' or (byte)'\t' or (byte)'\f')
        {
            start++;
        }

        if (start < text.Length && text[start] == (byte)'\r')
        {
            start++;
        }

        if (start < text.Length && text[start] == (byte)'\n')
        {
            start++;
        }
        else if (start == text.Length && !complete)
        {
            return s_needMore;
        }

        string format = Encoding.ASCII.GetString(tokens.Bytes(name));
        return new InsertHead(InsertHeadStatus.Data, statementEnd, format, start);
    }
}

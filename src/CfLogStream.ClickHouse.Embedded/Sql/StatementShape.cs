using System.Text;

namespace CfLogStream.ClickHouse.Embedded.Sql;

/// <summary>What the web server must know of a statement before it runs.</summary>
/// <param name="IsSelect">Whether it is a query whose result the engine can stream.</param>
/// <param name="Format">The FORMAT clause at its end, or null.</param>
internal readonly record struct StatementShape(bool IsSelect, string? Format)
{
    /// <summary>Reads the shape of a statement.</summary>
    public static StatementShape Of(ReadOnlySpan<byte> statement)
    {
        var tokens = new SqlTokenizer(statement);
        bool isSelect = false;
        bool first = true;
        int depth = 0;
        bool afterFormat = false;
        bool inSettings = false;
        string? format = null;
        while (tokens.Read(out SqlToken token))
        {
            if (first && !tokens.Is(token, '('))
            {
                isSelect = tokens.Is(token, "SELECT"u8) || tokens.Is(token, "WITH"u8) || tokens.Is(token, "FROM"u8);
                first = false;
            }

            if (tokens.Is(token, '(') || tokens.Is(token, '[') || tokens.Is(token, '{'))
            {
                depth++;
            }
            else if (tokens.Is(token, ')') || tokens.Is(token, ']') || tokens.Is(token, '}'))
            {
                depth--;
            }

            if (inSettings)
            {
                continue;
            }

            if (format is not null)
            {
                // Only settings may follow the clause; otherwise what came before was a column or an alias named format.
                inSettings = tokens.Is(token, "SETTINGS"u8);
                format = inSettings || tokens.Is(token, ';') ? format : null;
            }

            if (afterFormat && token.Kind == SqlTokenKind.Word)
            {
                format = Encoding.ASCII.GetString(tokens.Bytes(token));
            }

            afterFormat = depth == 0 && tokens.Is(token, "FORMAT"u8);
        }

        return new StatementShape(isSelect, format);
    }
}

namespace CfLogStream.ClickHouse.Embedded.Sql;

/// <summary>Kinds of <see cref="SqlToken"/>.</summary>
internal enum SqlTokenKind : byte
{
    /// <summary>A keyword or an identifier without quotes.</summary>
    Word,

    /// <summary>An identifier in backticks or double quotes.</summary>
    QuotedIdentifier,

    /// <summary>A text literal.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>One byte of punctuation.</summary>
    Punctuation,
}

/// <summary>One token of a statement.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Its first byte.</param>
/// <param name="End">The byte after it.</param>
/// <param name="Closed">Whether its end was seen; more text could make a token that is not closed another one.</param>
internal readonly record struct SqlToken(SqlTokenKind Kind, int Start, int End, bool Closed);

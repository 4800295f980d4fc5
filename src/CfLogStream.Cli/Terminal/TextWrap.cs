namespace CfLogStream.Cli.Terminal;

/// <summary>Breaks escaped text into lines at blanks.</summary>
internal static class TextWrap
{
    /// <summary>Escapes a text and breaks it into lines of so many columns; what does not fit the last line is cut there.</summary>
    public static IReadOnlyList<string> Lines(string text, int columns, int maxLines)
    {
        var lines = new List<string>();
        string rest = TerminalText.Escape(text);
        while (lines.Count < maxLines - 1 && TerminalText.Columns(rest) > columns)
        {
            // What fits, without the ellipsis: with two columns more than there are, the text is always cut.
            string head = TerminalText.Cut(rest + "  ", columns + 1)[..^1];
            int blank = rest[head.Length] == ' ' ? head.Length : head.LastIndexOf(' ');

            // A word longer than half a line is broken: a long path would leave the line empty.
            int end = blank > columns / 2 ? blank : head.Length;
            lines.Add(rest[..end]);
            rest = rest[end..].TrimStart(' ');
        }

        lines.Add(TerminalText.Cut(rest, columns));
        return lines;
    }
}

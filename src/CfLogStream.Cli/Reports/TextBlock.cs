using System.Globalization;
using CfLogStream.Cli.Terminal;

namespace CfLogStream.Cli.Reports;

/// <summary>Writes text for a terminal of so many columns: escaped, and broken between words.</summary>
internal sealed class TextBlock(TextWriter destination, int columns)
{
    // JSON has the rest of what is longer.
    private const int Longest = 1_000;

    public int Columns => columns;

    public void Blank() => destination.WriteLine();

    /// <summary>A line, cut to the width.</summary>
    public void Line(string indent, string text) => destination.WriteLine(indent + TerminalText.Cut(text, columns - indent.Length));

    /// <summary>Lines that are to be copied: escaped, never cut or broken.</summary>
    public void Whole(string indent, string text)
    {
        foreach (string line in TerminalText.EscapeLines(text).Split('\n'))
        {
            destination.WriteLine(indent + line);
        }
    }

    public void Heading(string text)
    {
        Blank();
        Line("", text);
        destination.WriteLine(new string('─', Math.Min(TerminalText.Columns(TerminalText.Escape(text)), columns)));
    }

    public void Items(IEnumerable<string> texts, string mark)
    {
        foreach (string text in texts)
        {
            Wrap(mark, text);
        }
    }

    /// <summary>Breaks a text into lines, the first behind <paramref name="mark"/> and the others below its text; what does not fit into
    /// <paramref name="most"/> lines ends in <c>…</c>. Returns how many lines there are.</summary>
    public int Wrap(string mark, string text, int most = int.MaxValue)
    {
        int width = columns - mark.Length;
        string rest = TerminalText.Cut(text, Longest).Trim(' ');
        string indent = new(' ', mark.Length);
        for (int line = 1; ; line++)
        {
            string start = line == 1 ? mark : indent;
            if (TerminalText.Columns(rest) <= width)
            {
                destination.WriteLine(start + rest);
                return line;
            }

            if (line >= most)
            {
                destination.WriteLine(start + TerminalText.Cut(rest, width));
                return line;
            }

            int end = LineEnd(rest, width);
            destination.WriteLine(start + rest[..end].TrimEnd(' '));
            rest = rest[end..].TrimStart(' ');
        }
    }

    /// <summary>Where a line of at most so many columns ends: after its last blank, or within a word that is longer than the line.</summary>
    private static int LineEnd(string text, int width)
    {
        int used = 0;
        int index = 0;
        int blank = -1;
        TextElementEnumerator elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
        {
            string element = elements.GetTextElement();
            used += TerminalText.Columns(element);
            if (element == " " && !text.AsSpan(index).StartsWith(" %", StringComparison.Ordinal))
            {
                blank = index;
            }

            if (used > width)
            {
                break;
            }

            index += element.Length;
        }

        return blank > 0 ? blank : Math.Max(1, index);
    }
}

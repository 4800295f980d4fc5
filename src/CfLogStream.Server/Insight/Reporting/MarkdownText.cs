using System.Text;

namespace CfLogStream.Server.Insight.Reporting;

/// <summary>Puts any text into Markdown so that it stays text.</summary>
/// <remarks>
/// Trackers turn text into more than Markdown says: <c>@name</c> notifies people, <c>#12</c> and <c>GH-12</c> link to other tickets,
/// bare addresses become links, and they do so after backslashes and entities are resolved. None of them touches a code span. So a word
/// that has anything but letters, digits and quiet punctuation becomes one, with its neighbours of the same kind.
/// </remarks>
internal static class MarkdownText
{
    /// <summary>A sentence that may hold log text, for one line outside tables.</summary>
    public static string Sentence(string text) => Words(text, inTable: false);

    /// <summary>A sentence that may hold log text, for a table's cell.</summary>
    public static string Cell(string text) => Words(text, inTable: true);

    /// <summary>A whole text as one code span; empty for an empty one.</summary>
    public static string Code(string text) => Span(VisibleText.Of(text), inTable: false);

    /// <summary>A whole text as one code span for a table's cell.</summary>
    public static string CodeCell(string text) => Span(VisibleText.Of(text), inTable: true);

    /// <summary>A block of code; its fence is longer than any within, so that nothing in it can close it.</summary>
    public static string Fence(string text, string language)
    {
        string visible = VisibleText.Lines(text);
        string fence = new('`', Math.Max(3, LongestRun(visible) + 1));
        return $"{fence}{language}\n{visible}\n{fence}";
    }

    private static string Words(string text, bool inTable)
    {
        var line = new StringBuilder();
        var code = new List<string>();
        foreach (string word in VisibleText.Of(text).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            int start = 0;
            while (start < word.Length && word[start] is '"' or '\'' or '(')
            {
                start++;
            }

            int end = EndOf(word, start);
            bool listMark = line.Length == 0 && code.Count == 0 && char.IsAsciiDigit(word[0]) && end < word.Length;
            if (IsPlain(word.AsSpan(start, end - start)) && !listMark)
            {
                FlushCode(line, code, inTable);
                line.Append(line.Length > 0 ? " " : "").Append(word);
                continue;
            }

            // Words of code that follow each other are one span; what opens the first stays outside.
            if (code.Count == 0)
            {
                line.Append(line.Length > 0 ? " " : "").Append(word.AsSpan(0, start));
                start = Math.Min(start, word.Length);
            }
            else
            {
                start = 0;
            }

            code.Add(word[start..]);
        }

        FlushCode(line, code, inTable);
        return line.ToString();
    }

    private static void FlushCode(StringBuilder line, List<string> code, bool inTable)
    {
        if (code.Count > 0)
        {
            string text = string.Join(' ', code);
            int end = EndOf(text, 0);
            line.Append(Span(text[..end], inTable)).Append(text.AsSpan(end));
            code.Clear();
        }
    }

    /// <summary>Where the quiet punctuation begins that a text ends in.</summary>
    private static int EndOf(string text, int start)
    {
        int end = text.Length;
        while (end > start && text[end - 1] is '"' or '\'' or ')' or ',' or '.' or ';' or ':' or '?')
        {
            end--;
        }

        return end;
    }

    /// <summary>Whether no tracker makes anything of the word: letters or plain numbers, no key of a ticket, no commit's hash.</summary>
    private static bool IsPlain(ReadOnlySpan<char> word)
    {
        bool hex = word.Length >= 7;
        for (int i = 0; i < word.Length; i++)
        {
            char c = word[i];
            bool inner = c is '-' or '\'' or '.' or ',' && i > 0 && i < word.Length - 1;
            bool between = inner && char.IsAsciiDigit(word[i - 1]) == char.IsAsciiDigit(word[i + 1]);
            bool quiet = c is '-' or '\'' ? between && !char.IsAsciiDigit(word[i + 1])
                : c is '.' or ',' ? between && char.IsAsciiDigit(word[i + 1])
                : c is '%' or '–' or '−' or '…' ? word.Length == 1
                : char.IsLetterOrDigit(c);
            if (!quiet)
            {
                return false;
            }

            hex &= char.IsAsciiHexDigit(c);
        }

        return !hex;
    }

    private static string Span(string text, bool inTable)
    {
        if (text.Length == 0)
        {
            return "";
        }

        // A bar ends a cell even within code; where a backslash stands before it, renderers disagree about which of the two escapes.
        string safe = !inTable ? text : text.Replace("\\|", "\\\\x7c", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal);
        string fence = new('`', LongestRun(safe) + 1);
        string pad = safe[0] is '`' or ' ' || safe[^1] is '`' or ' ' ? " " : "";
        return $"{fence}{pad}{safe}{pad}{fence}";
    }

    private static int LongestRun(string text)
    {
        int longest = 0;
        int run = 0;
        foreach (char c in text)
        {
            run = c == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        return longest;
    }
}

using System.Buffers;
using System.Globalization;
using System.Text;

namespace CfLogStream.Server.Insight.Reporting;

/// <summary>Makes what nobody sees visible: log text is written by attackers and goes into tickets and pages.</summary>
/// <remarks>
/// Control characters and direction overrides would reorder or hide what stands beside them; they become <c>\x1b</c> or
/// <c>\u{202e}</c>, as in the terminal. This is no encoding for a medium: HTML and Markdown still have to be escaped.
/// </remarks>
internal static class VisibleText
{
    /// <summary>Longest text that is shown; JSON has all of it.</summary>
    public const int Longest = 1_000;

    private const int MaxMarksInARow = 4;

    /// <summary>Returns the text on one line, cut to <paramref name="limit"/> characters.</summary>
    public static string Of(string text, int limit = Longest) => Render(text, limit, keepLines: false);

    /// <summary>Returns the text uncut with its line feeds and tabs.</summary>
    public static string Lines(string text) => Render(text, int.MaxValue, keepLines: true);

    private static string Render(string text, int limit, bool keepLines)
    {
        var line = new StringBuilder(Math.Min(text.Length, 4096));
        int marks = MaxMarksInARow;
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            if (line.Length >= limit)
            {
                return line.Append('…').ToString();
            }

            bool whole = Rune.DecodeFromUtf16(rest, out Rune rune, out int used) == OperationStatus.Done;
            UnicodeCategory category = whole ? Rune.GetUnicodeCategory(rune) : UnicodeCategory.Surrogate;
            bool mark = category is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark;
            if (keepLines && rune.Value is '\n' or '\t')
            {
                line.Append((char)rune.Value);
                marks = MaxMarksInARow;
            }
            else if (IsInvisible(category) || (mark && marks >= MaxMarksInARow))
            {
                int code = whole ? rune.Value : rest[0];
                line.Append(code <= 0x7f ? $"\\x{code:x2}" : $"\\u{{{code:x}}}");
                marks = MaxMarksInARow;
            }
            else
            {
                line.Append(rest[..used]);
                marks = mark ? marks + 1 : 0;
            }

            rest = rest[used..];
        }

        return line.ToString();
    }

    private static bool IsInvisible(UnicodeCategory category) => category
        is UnicodeCategory.Control
        or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.Surrogate
        or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned;
}

using System.Buffers;
using System.Globalization;
using System.Text;

namespace CfLogStream.Cli.Terminal;

/// <summary>
/// Makes any text safe to show in a terminal. Log fields are written by attackers: a user agent may carry escape sequences that rewrite
/// the screen, direction overrides that reorder a line, or characters nobody sees.
/// </summary>
/// <remarks>
/// What is not plainly visible becomes visible: <c>\x1b</c> for ASCII control characters and for bytes that are no UTF-8,
/// <c>\u{202e}</c> for other control, format, separator and surrogate code points. Columns are those of a terminal: 2 for wide East Asian
/// characters and emoji, 0 for combining marks, of which no more than four may pile up.
/// </remarks>
internal static class TerminalText
{
    private const int MaxMarksInARow = 4;
    private const string Ellipsis = "…";

    /// <summary>Returns the text on one line with everything dangerous made visible.</summary>
    public static string Escape(string text) => Render(text, int.MaxValue, keepLines: false);

    /// <summary>As <see cref="Escape(string)"/>, for bytes that should be UTF-8.</summary>
    public static string Escape(ReadOnlySpan<byte> utf8) => Render(utf8, int.MaxValue);

    /// <summary>As <see cref="Escape(string)"/>, but line feeds stay.</summary>
    public static string EscapeLines(string text) => Render(text, int.MaxValue, keepLines: true);

    /// <summary>Escapes the text and cuts it to so many columns; what was cut ends in <c>…</c>.</summary>
    public static string Cut(string text, int columns) => Render(text, columns, keepLines: false);

    /// <summary>As <see cref="Cut(string, int)"/>, for bytes that should be UTF-8.</summary>
    public static string Cut(ReadOnlySpan<byte> utf8, int columns) => Render(utf8, columns);

    /// <summary>Escapes, cuts and pads with blanks to exactly so many columns.</summary>
    public static string Fit(string text, int columns)
    {
        string cut = Cut(text, columns);
        return cut + new string(' ', Math.Max(0, columns - Columns(cut)));
    }

    /// <summary>Returns how many columns an escaped text takes.</summary>
    public static int Columns(string escaped)
    {
        int columns = 0;
        foreach (Rune rune in escaped.EnumerateRunes())
        {
            columns += Width(rune);
        }

        return columns;
    }

    private static string Render(string text, int columns, bool keepLines)
    {
        var line = new Line(columns);
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty && !line.IsFull)
        {
            if (Rune.DecodeFromUtf16(rest, out Rune rune, out int used) == OperationStatus.Done)
            {
                line.Append(rune, keepLines);
            }
            else
            {
                line.AppendEscaped($"\\u{{{(int)rest[0]:x}}}");
            }

            rest = rest[used..];
        }

        return line.ToString();
    }

    private static string Render(ReadOnlySpan<byte> utf8, int columns)
    {
        var line = new Line(columns);
        while (!utf8.IsEmpty && !line.IsFull)
        {
            if (Rune.DecodeFromUtf8(utf8, out Rune rune, out int used) == OperationStatus.Done)
            {
                line.Append(rune, keepLines: false);
            }
            else
            {
                foreach (byte invalid in utf8[..used])
                {
                    line.AppendEscaped($"\\x{invalid:x2}");
                }
            }

            utf8 = utf8[used..];
        }

        return line.ToString();
    }

    private static int Width(Rune rune) => IsMark(rune) ? 0 : EastAsianWidth.IsWide(rune.Value) ? 2 : 1;

    private static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark;

    private static bool IsInvisible(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control
        or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.Surrogate;

    /// <summary>The line being built: it knows the last place where it can be cut so that the ellipsis still fits.</summary>
    private sealed class Line(int limit)
    {
        private readonly StringBuilder _text = new();
        private int _columns;
        private int _cutAt;
        private int _marks = MaxMarksInARow;

        public bool IsFull => _columns > limit;

        public void Append(Rune rune, bool keepLines)
        {
            if (keepLines && rune.Value == '\n')
            {
                _text.Append('\n');
                _marks = MaxMarksInARow;
                return;
            }

            bool mark = IsMark(rune);
            if (IsInvisible(rune) || (mark && _marks >= MaxMarksInARow))
            {
                AppendEscaped(rune.Value <= 0x7f ? $"\\x{rune.Value:x2}" : $"\\u{{{rune.Value:x}}}");
                return;
            }

            _marks = mark ? _marks + 1 : 0;
            Span<char> chars = stackalloc char[2];
            Add(chars[..rune.EncodeToUtf16(chars)], Width(rune));
        }

        public void AppendEscaped(string visible)
        {
            // A mark after an escape would change how the escape looks.
            _marks = MaxMarksInARow;
            Add(visible, visible.Length);
        }

        public override string ToString() =>
            !IsFull ? _text.ToString() : limit <= 0 ? "" : string.Concat(_text.ToString(0, _cutAt), Ellipsis);

        private void Add(ReadOnlySpan<char> chars, int width)
        {
            _text.Append(chars);
            _columns += width;
            if (_columns < limit)
            {
                _cutAt = _text.Length;
            }
        }
    }
}

using System.Globalization;

namespace CfLogStream.Server.Setup;

/// <summary>Makes text stand for itself in a shell script and in a URL, whatever is in it.</summary>
public static class ShellText
{
    /// <summary>Returns the text as one word of a POSIX shell: between single quotes nothing has a meaning but their end.</summary>
    public static string Quote(string text) => "'" + text.Replace("'", @"'\''", StringComparison.Ordinal) + "'";

    /// <summary>Whether all of a text is seen by who reads it: no control characters, none that are invisible or turn the direction.</summary>
    public static bool IsVisible(string text) => text.EnumerateRunes().All(rune =>
        System.Text.Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned))
        && !text.Contains('\uFFFD', StringComparison.Ordinal);

    /// <summary>Whether a text is a name that a shell variable can have: it cannot be quoted, so it must be harmless.</summary>
    public static bool IsVariable(string text) =>
        text.Length is > 0 and <= 128 && !char.IsAsciiDigit(text[0]) && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');
}

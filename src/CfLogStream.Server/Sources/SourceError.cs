using System.Globalization;

namespace CfLogStream.Server.Sources;

/// <summary>Says that a source could not be read, or not to its end: where, what was found and what to do.</summary>
/// <param name="Source">The file, path or pattern.</param>
/// <param name="Offset">The byte of the file as it is stored (compressed, for gzip) where it went wrong; null when no byte was
/// read.</param>
/// <param name="Found">What was found instead of what is needed: a clause.</param>
/// <param name="Advice">What the reader of the message can do: a clause.</param>
public sealed record SourceError(string Source, long? Offset, string Found, string Advice)
{
    private const int MaxSourceCharacters = 200;

    /// <summary>The whole message, fit for a terminal: what comes from outside is escaped and cut.</summary>
    public override string ToString() => Offset is { } offset
        ? string.Create(CultureInfo.InvariantCulture, $"Cannot read '{Shown(Source)}' to its end: at byte {offset}, {Found}; {Advice}.")
        : $"Cannot read '{Shown(Source)}': {Found}; {Advice}.";

    private static string Shown(string source)
    {
        string cut = source.Length > MaxSourceCharacters ? source[..MaxSourceCharacters] + "…" : source;
        return string.Concat(cut.Select(letter => char.IsControl(letter) || char.GetUnicodeCategory(letter) == UnicodeCategory.Format
            ? string.Create(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}")
            : letter.ToString()));
    }
}

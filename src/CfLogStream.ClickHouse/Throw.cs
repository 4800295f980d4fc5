using System.Diagnostics.CodeAnalysis;

namespace CfLogStream.ClickHouse;

/// <summary>The throwing of this assembly, away from the code that runs often.</summary>
internal static class Throw
{
    [DoesNotReturn]
    public static void BlockTooLarge(long bytes) =>
        throw new InvalidOperationException(
            $"A column of one block needs {bytes} bytes, more than an array can hold. Lower the bytes per block.");

    [DoesNotReturn]
    public static void BadIdentifier(string what, string? value) =>
        throw new ArgumentException(
            $"'{Excerpt(value)}' is no valid {what}. A {what} starts with a letter or '_' and has only letters, digits and '_'.",
            nameof(value));

    /// <summary>Cuts external text to 200 characters and shows control characters as '?', so that it can stand in a message.</summary>
    public static string Excerpt(string? text)
    {
        const int Longest = 200;
        string cut = text is null ? string.Empty : text.Length <= Longest ? text : text[..Longest] + "…";
        return string.Create(cut.Length, cut, static (span, source) =>
        {
            for (int i = 0; i < source.Length; i++)
            {
                span[i] = char.IsControl(source[i]) ? '?' : source[i];
            }
        });
    }
}

using System.Text.RegularExpressions;

namespace CfLogStream.Benchmarks.Results;

/// <summary>The README's block of figures: copied out of result files, never typed.</summary>
/// <remarks>
/// A result file has its block between the same two marks. The block names its own file in a link, so the README says which files it was
/// copied from, and a test compares it with them.
/// </remarks>
internal static partial class ReadmeBlock
{
    public const string Begin = "<!-- speed:begin -->";
    public const string End = "<!-- speed:end -->";

    /// <summary>Returns what stands between the marks.</summary>
    public static string Of(string text)
    {
        int begin = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length + 1;
        int end = text.IndexOf(End, StringComparison.Ordinal);
        return begin > Begin.Length && end >= begin
            ? text[begin..end]
            : throw new InvalidDataException($"There are no lines between '{Begin}' and '{End}'.");
    }

    /// <summary>Returns the README with its block replaced by those of result files.</summary>
    public static string Replace(string readme, IEnumerable<string> results)
    {
        string old = Of(readme);
        int at = readme.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length + 1;
        return string.Concat(readme.AsSpan(0, at), string.Join('\n', results.Select(Of)), readme.AsSpan(at + old.Length));
    }

    /// <summary>Returns the result files that a block was copied from, relative to the repository.</summary>
    public static IReadOnlyList<string> Sources(string block) => [.. ResultLink().Matches(block).Select(match => match.Groups[1].Value)];

    /// <summary>Returns a result file's path as the README links to it.</summary>
    public static string Link(string path)
    {
        string slashed = path.Replace('\\', '/');
        int at = slashed.IndexOf("benchmarks/results/", StringComparison.Ordinal);
        return at < 0 ? slashed : slashed[at..];
    }

    [GeneratedRegex(@"\]\((benchmarks/results/[^)]+\.md)\)")]
    private static partial Regex ResultLink();
}

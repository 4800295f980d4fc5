using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CfLogStream.Core.Rules;

namespace CfLogStream.Core.Insight.Remedies;

/// <summary>Turns a path template into a condition of the Rules language that needs no regular expression, so that it works on every plan.</summary>
/// <remarks>
/// A template without placeholders is an exact comparison. One with placeholders is a <c>strict wildcard</c>; because its <c>*</c> crosses
/// slashes, a second pattern excludes paths with more segments than the template has.
/// </remarks>
internal sealed partial class PathBinding
{
    // Escaping makes a path up to twelve times as long; a condition has to leave room for the rest of the expression.
    private const int MaxPath = 1024;
    private const int MaxCondition = 1400;

    private PathBinding(string literal, string condition)
    {
        Literal = literal;
        Condition = condition;
    }

    /// <summary>The path itself where the template is one; empty where it has placeholders.</summary>
    public string Literal { get; }

    /// <summary>The condition.</summary>
    public string Condition { get; }

    /// <summary>Returns the binding of a template; null when it is too long or stands for paths that nothing is known of.</summary>
    public static PathBinding? Of(string template) =>
        Build(template) is { Condition.Length: <= MaxCondition } binding ? binding : null;

    private static PathBinding? Build(string template)
    {
        if (template.Length is 0 or > MaxPath || template[0] != '/' || template.Contains("{other}", StringComparison.Ordinal)
            || template.Contains('\uFFFD', StringComparison.Ordinal))
        {
            return null;
        }

        MatchCollection placeholders = Placeholder().Matches(template);
        bool open = template.EndsWith("/**", StringComparison.Ordinal) || template.EndsWith("{*}", StringComparison.Ordinal);
        if (placeholders.Count == 0 && !open)
        {
            return new PathBinding(template, $"http.request.uri.path eq {RuleText.Quote(template)}");
        }

        string pattern = Pattern(open && template.EndsWith("**", StringComparison.Ordinal) ? template[..^2] + "{rest}" : template);
        if (!pattern.Any(static c => c is not ('/' or '*')))
        {
            return null;
        }

        string condition = $"http.request.uri.path strict wildcard {RuleText.Quote(pattern)}";
        if (!open)
        {
            var deeper = new StringBuilder();
            for (int slashes = template.Count(static c => c == '/'); slashes >= 0; slashes--)
            {
                deeper.Append("/*");
            }

            condition = string.Create(
                CultureInfo.InvariantCulture,
                $"({condition} and not http.request.uri.path strict wildcard {RuleText.Quote(deeper.ToString())})");
        }

        return new PathBinding("", condition);
    }

    /// <summary>Returns the segments that all templates begin with and that hold no placeholder, as <c>/a/b/</c>; empty when they are fewer than two.</summary>
    public static string CommonPrefix(IEnumerable<string> templates)
    {
        string[]? common = null;
        foreach (string template in templates)
        {
            string[] segments = template.Split('/', StringSplitOptions.RemoveEmptyEntries);
            int literal = Array.FindIndex(segments, static segment => segment.Contains('{', StringComparison.Ordinal) || segment == "**");
            segments = literal < 0 ? segments : segments[..literal];
            int shared = 0;
            while (common is not null && shared < Math.Min(common.Length, segments.Length) && common[shared] == segments[shared])
            {
                shared++;
            }

            common = common is null ? segments : common[..shared];
        }

        return common is { Length: >= 2 } ? $"/{string.Join('/', common)}/" : "";
    }

    // Neighbouring placeholders become one star: two are refused.
    private static string Pattern(string template)
    {
        var pattern = new StringBuilder();
        int last = 0;
        foreach (Match match in Placeholder().Matches(template))
        {
            pattern.Append(RuleText.EscapeWildcard(template[last..match.Index]));
            if (last == 0 || match.Index > last)
            {
                pattern.Append('*');
            }

            last = match.Index + match.Length;
        }

        return pattern.Append(RuleText.EscapeWildcard(template[last..])).ToString();
    }

    [GeneratedRegex(@"\{[A-Za-z0-9_.*@-]{1,64}\}", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Placeholder();
}

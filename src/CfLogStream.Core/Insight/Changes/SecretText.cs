using System.Text;
using System.Text.RegularExpressions;

namespace CfLogStream.Core.Insight.Changes;

/// <summary>Masks secrets inside a text: in addresses, behind authorization schemes, and in rule expressions.</summary>
internal static partial class SecretText
{
    private const string SecretWord = "auth|token|secret|passw|credential|signature|cookie|session|api[-_]?key|[-_]key";

    /// <summary>Returns the text with its secrets masked; the same object when it has none.</summary>
    public static string Apply(string text)
    {
        try
        {
            string masked = Query().IsMatch(text) ? Query().Replace(text, $"$1{SecretMask.Mask}") : text;
            masked = UserInfo().IsMatch(masked) ? UserInfo().Replace(masked, $"$1{SecretMask.Mask}@") : masked;
            masked = Scheme().IsMatch(masked) ? Scheme().Replace(masked, $"$1 {SecretMask.Mask}") : masked;
            return SecretField().IsMatch(masked) ? MaskLiterals(masked) : masked;
        }
        catch (RegexMatchTimeoutException)
        {
            return SecretMask.Mask;
        }
    }

    /// <summary>Masks the literals that a field with a secret is compared with: those up to the next <c>and</c>, <c>or</c> or <c>xor</c>.</summary>
    private static string MaskLiterals(string expression)
    {
        var result = new StringBuilder(expression.Length);
        int at = 0;
        while (SecretField().Match(expression, at) is { Success: true } field)
        {
            result.Append(expression, at, field.Index + field.Length - at);
            at = field.Index + field.Length;
            while (at < expression.Length && !IsConjunction(expression, at))
            {
                at = expression[at] == '"' ? TakeLiteral(expression, at, result) : TakeOther(expression, at, result);
            }
        }

        return result.Append(expression, at, expression.Length - at).ToString();
    }

    private static int TakeOther(string expression, int at, StringBuilder result)
    {
        result.Append(expression[at]);
        return at + 1;
    }

    /// <summary>Appends a masked literal and returns the index behind it; one without an end is masked to the end.</summary>
    private static int TakeLiteral(string expression, int start, StringBuilder result)
    {
        int end = start + 1;
        while (end < expression.Length && expression[end] != '"')
        {
            end += expression[end] == '\\' ? 2 : 1;
        }

        result.Append('"').Append(SecretMask.Mask).Append('"');
        return Math.Min(end + 1, expression.Length);
    }

    private static bool IsConjunction(string expression, int at)
    {
        ReadOnlySpan<char> rest = expression.AsSpan(at);
        return rest.StartsWith("&&", StringComparison.Ordinal) || rest.StartsWith("||", StringComparison.Ordinal)
            || rest.StartsWith("^^", StringComparison.Ordinal) || StartsWithWord(rest, "and") || StartsWithWord(rest, "or")
            || StartsWithWord(rest, "xor");
    }

    private static bool StartsWithWord(ReadOnlySpan<char> rest, string word) =>
        rest.Length > word.Length + 1 && rest[0] is ' ' or ')' && rest[1..].StartsWith(word, StringComparison.OrdinalIgnoreCase)
        && rest.Length > word.Length + 1 && !char.IsLetterOrDigit(rest[word.Length + 1]);

    [GeneratedRegex(
        $@"([?&;,\s][\w.%-]{{0,64}}(?:{SecretWord})[\w.%-]{{0,64}}=)[^&;\s""]+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 250)]
    private static partial Regex Query();

    [GeneratedRegex(@"(://)[^/\s@""]{1,256}@", RegexOptions.CultureInvariant, 250)]
    private static partial Regex UserInfo();

    [GeneratedRegex(@"\b(bearer|basic)(?:\s|%20)+[\w+/=.~-]{6,}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 250)]
    private static partial Regex Scheme();

    [GeneratedRegex(
        $@"\[\s*""[^""\]]{{0,128}}(?:{SecretWord})[^""\]]{{0,128}}""\s*\](?:\[[^\]]{{0,16}}\])?|http\.cookie\b|http\.request\.cookies\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        250)]
    private static partial Regex SecretField();
}

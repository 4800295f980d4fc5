using System.Diagnostics.CodeAnalysis;

namespace CfLogStream.Core.Rules;

/// <summary>Reads expressions of Cloudflare's Rules language into a tree.</summary>
/// <remarks>
/// The grammar is that of the engine, not of its documentation where the two differ: white space is blank, CR and LF only; keywords need no
/// blank after them; <c>not</c> binds tighter than <c>and</c>, then <c>xor</c>, then <c>or</c>. Types and the existence of fields are not
/// checked here. Expressions come from users and may be hostile: length and depth are bounded, reading takes linear time.
/// </remarks>
public static class RuleExpression
{
    /// <summary>The most characters that Cloudflare takes.</summary>
    public const int MaxLength = 4096;

    /// <summary>The deepest nesting.</summary>
    public const int MaxDepth = 128;

    /// <summary>Reads an expression; on failure <paramref name="error"/> says where and why.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out RuleNode? root, [NotNullWhen(false)] out RuleSyntaxError? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        var scanner = new RuleScanner(text);
        root = text.Length > MaxLength
            ? scanner.Fail<RuleNode>(MaxLength, $"it has {text.Length} characters; Cloudflare takes at most {MaxLength}.")
            : new RuleParser(scanner).ParseAll();
        error = root is null ? scanner.Error ?? new RuleSyntaxError(0, "it is no expression.") : null;
        return root is not null;
    }
}

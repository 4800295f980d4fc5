namespace CfLogStream.Core.Rules;

/// <summary>Why a text is no expression of the Rules language.</summary>
/// <param name="Position">Where, 0-based; the length of the text when it ends too early.</param>
/// <param name="Message">What was found and what was expected, as a sentence; holds none of the text.</param>
public sealed record RuleSyntaxError(int Position, string Message)
{
    /// <summary>The sentence with its column, counted from 1.</summary>
    public override string ToString() => $"Cannot read the expression at column {Position + 1}: {Message}";
}

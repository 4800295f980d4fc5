namespace CfLogStream.Core.Insight.Remedies;

/// <summary>What makes an exemption wider than it should be.</summary>
/// <param name="Code">A stable word, for instance <c>whole_host</c>.</param>
/// <param name="Message">The sentence for people; holds none of the expression's text.</param>
/// <param name="Position">The place in the expression, 0-based; 0 where it concerns the whole.</param>
public sealed record LintWarning(string Code, string Message, int Position);

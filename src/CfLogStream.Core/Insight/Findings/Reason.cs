namespace CfLogStream.Core.Insight.Findings;

/// <summary>One piece of evidence for or against.</summary>
/// <param name="Name">A stable word for it, for instance <c>prior_success</c>.</param>
/// <param name="Text">The sentence for people, with its numbers.</param>
/// <param name="LogOdds">What it adds to the logarithm of the odds that the traffic is legitimate (natural logarithm); 0 where it only informs.</param>
public sealed record Reason(string Name, string Text, double LogOdds);

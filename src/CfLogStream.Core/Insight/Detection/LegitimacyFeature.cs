namespace CfLogStream.Core.Insight.Detection;

/// <summary>One question of the legitimacy model: a measure between -1 and 1, and what it is worth.</summary>
/// <param name="Name">A stable word.</param>
/// <param name="Weight">Natural log-odds at a measure of 1.</param>
/// <param name="Measure">The measure.</param>
/// <param name="Explain">The sentence for people, with its numbers.</param>
internal sealed record LegitimacyFeature(
    string Name, double Weight, Func<LegitimacyEvidence, double> Measure, Func<LegitimacyEvidence, string> Explain);

using CfLogStream.Core.Insight.Detection;
using CfLogStream.Core.Insight.Findings;

namespace CfLogStream.Benchmarks.Judge;

/// <summary>How the diagnosis did on one incident.</summary>
/// <param name="Rank">The place of the first finding that leads with the true culprit, 1 for the first; 0 when there is none.</param>
/// <param name="PatternRight">Whether the pattern of that finding is right; null where there is none to be right.</param>
/// <param name="Findings">How many findings there are.</param>
/// <param name="Remedy">What the remedy of the first finding frees, where that is the culprit and has one with an expression.</param>
/// <param name="Pairs">Predicted probability and true share of legitimate requests, per judged group, with its lost requests.</param>
internal sealed record Verdict(
    IncidentCase Case, int Rank, bool? PatternRight, MisjudgementPattern Pattern, int Findings, IReadOnlyList<LabelledGroup> Pairs, string Note,
    RemedyFigures? Remedy)
{
    /// <summary>The same where only the class counts that the incident is about, or the one that lost most by it; 0 when it is not among them.</summary>
    public int OwnClassRank { get; init; }
}

/// <summary>A group with its prediction and its label.</summary>
internal sealed record LabelledGroup(StoppedGroup Group, long Legitimate, long Attack)
{
    public double Share => Legitimate / (double)Math.Max(1, Legitimate + Attack);
}

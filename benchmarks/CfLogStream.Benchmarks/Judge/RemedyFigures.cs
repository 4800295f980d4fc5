using CfLogStream.Core.Insight.Remedies;

namespace CfLogStream.Benchmarks.Judge;

/// <summary>What a remedy would have let pass of what was stopped.</summary>
/// <param name="Freed">Requests of the rule that it frees, those that cannot be told counted as freed.</param>
/// <param name="FreedAttacks">Of those, attacks.</param>
/// <param name="LetIn">Attacks that other controls stopped and that it lets in as well, at most.</param>
/// <param name="Uncertain">Of all of these, requests of which the logs do not say whether they are freed.</param>
/// <param name="Unlabelled">Of the freed, requests whose intent the ledger does not tell; not counted otherwise.</param>
/// <param name="Legitimate">Legitimate requests that the rule stopped of the clients that the finding is about.</param>
/// <param name="FreedLegitimate">Of those, requests that it frees.</param>
/// <param name="Bound">The share of attacks that the remedy itself says it may free at most; null when it says nothing.</param>
internal sealed record RemedyFigures(
    RemedyKind Kind, string Expression, double Freed, double FreedAttacks, double LetIn, double Uncertain, double Unlabelled, double Legitimate,
    double FreedLegitimate, double? Bound)
{
    /// <summary>Whether no exemption was made, because it would free attacks.</summary>
    public bool IsWithheld => Kind == RemedyKind.Withheld;

    public double Attacks => FreedAttacks + LetIn;

    /// <summary>The share of attacks in what passes by it.</summary>
    public double AttackShare => Attacks / Math.Max(1, Freed + LetIn);
}

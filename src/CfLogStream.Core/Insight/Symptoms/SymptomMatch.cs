namespace CfLogStream.Core.Insight.Symptoms;

/// <summary>What a text was taken for.</summary>
/// <param name="Symptom">The symptom; null when it was not recognised.</param>
/// <param name="Nearest">All symptoms, the nearest to the text first.</param>
public sealed record SymptomMatch(Symptom? Symptom, IReadOnlyList<Symptom> Nearest);

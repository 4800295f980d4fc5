namespace CfLogStream.Generator;

/// <summary>How far a run is.</summary>
/// <param name="Fraction">0 to 1.</param>
/// <param name="Records">Distinct records so far.</param>
/// <param name="Bytes">Bytes of JSON so far, before compression.</param>
public readonly record struct GeneratorProgress(double Fraction, long Records, long Bytes);

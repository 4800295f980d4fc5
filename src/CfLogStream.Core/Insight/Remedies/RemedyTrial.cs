namespace CfLogStream.Core.Insight.Remedies;

/// <summary>What a remedy does to a sample of the requests that the rule stopped.</summary>
/// <param name="Requests">Requests of the sample.</param>
/// <param name="Freed">The share of wrongly stopped requests that it frees, 0 to 1.</param>
/// <param name="Attacks">The share of rightly stopped requests in what it frees, 0 to 1.</param>
/// <param name="MostAttacks">The bound: with 97.5 % confidence not more than this, as far as the sample and the judgement of the clients go.</param>
public sealed record RemedyTrial(int Requests, double Freed, double Attacks, double MostAttacks);

namespace CfLogStream.Generator.Simulation;

/// <summary>What became of a request, in the words of the tables.</summary>
internal enum TrueOutcome
{
    Passed,
    Exempted,
    Logged,
    Challenged,
    ChallengeSolved,
    RateLimited,
    Blocked,
    Dropped,
}

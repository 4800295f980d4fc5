using CfLogStream.Core.Insight.Findings;

namespace CfLogStream.Core.Insight.Changes;

/// <summary>A change that fits an onset.</summary>
/// <param name="Score">0 to 1; 1 is the same rule at the very moment.</param>
/// <param name="Reason">Why it fits, as a sentence for people without text from logs.</param>
public sealed record ChangeMatch(Change Change, double Score, string Reason);

namespace CfLogStream.Core.Insight.Changes;

/// <summary>What explains an onset.</summary>
/// <param name="Matches">The changes that fit, the best first.</param>
/// <param name="Text">A sentence for people without text from logs.</param>
public sealed record ChangeExplanation(ChangeCause Cause, IReadOnlyList<ChangeMatch> Matches, string Text);

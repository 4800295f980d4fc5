using CfLogStream.Core.Insight.Changes;
using CfLogStream.Core.Insight.Findings;

namespace CfLogStream.Core.Insight.Detection;

/// <summary>Looks for what changed when a finding began.</summary>
public static class Causes
{
    /// <summary>Returns what explains the onset; null when there is none within the data.</summary>
    /// <param name="audited">Whether audit logs are read.</param>
    public static ChangeExplanation? Explain(FindingCandidate candidate, DiagnosisInput input, IEnumerable<Change> changes, bool audited)
    {
        if (candidate.Onset is not { } onset)
        {
            return null;
        }

        RuleText? text = input.Rules.GetValueOrDefault(candidate.Rule);
        var rule = new RuleIdentity(candidate.Rule.Zone, candidate.Rule.Control, candidate.Rule.Id, text?.Reference ?? "", text?.Description ?? "", "");
        ChangeDirection direction = candidate.Kind == FindingKind.BroadBypass ? ChangeDirection.Looser : ChangeDirection.Stricter;
        return ChangeFit.Explain(new ChangeQuestion(onset, rule, candidate.Rule.Zone, direction), changes, audited);
    }
}

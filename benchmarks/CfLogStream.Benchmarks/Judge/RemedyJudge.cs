using CfLogStream.Core.Insight.Detection;
using CfLogStream.Core.Insight.Findings;
using CfLogStream.Core.Insight.Remedies;

namespace CfLogStream.Benchmarks.Judge;

/// <summary>Tries a finding's remedy on what was stopped.</summary>
internal static class RemedyJudge
{
    /// <summary>Returns what the first remedy with an expression does; null when there is none.</summary>
    public static RemedyFigures? Try(IncidentCase incident, FindingCandidate candidate, RuleDetail detail)
    {
        Finding finding = FindingFactory.Make(candidate, incident.Input, detail);
        if (candidate.Kind == FindingKind.BroadBypass || finding.Rule is null)
        {
            return null;
        }

        RemedyRequest request = RemedyRequests.Of(finding, candidate, incident.Input, detail, rate: null, incident.Input.To);
        IReadOnlyList<Remedy> remedies = RemedyPlanner.Plan(request);
        bool withheld = remedies[0].Kind == RemedyKind.Withheld;
        RemedyScope? scope = withheld ? null : RemedyScope.Of(remedies, request);
        if (scope is null && !withheld)
        {
            return null;
        }

        var labels = new RequestLabels(incident.Truth.Labels);
        var clients = candidate.Groups.Select(group => (group.Host, group.Class, group.Name)).ToHashSet();
        double freed = 0, freedAttacks = 0, letIn = 0, uncertain = 0, unlabelled = 0, legitimate = 0, freedLegitimate = 0;
        foreach (LostRequest lost in incident.Lost!.Where(lost => lost.Zone == candidate.Rule.Zone))
        {
            bool own = lost.Control == candidate.Rule.Control && lost.RuleId == candidate.Rule.Id;
            if (!own && scope?.Skipped.Contains(lost.Control) != true)
            {
                continue;
            }

            double? share = labels.AttackShare(lost);
            double attacks = lost.Weight * (share ?? 0);
            double good = share is null ? 0 : lost.Weight - attacks;
            bool judged = own && clients.Contains((lost.Fields.Host, lost.Class, lost.Name));
            legitimate += judged ? good : 0;
            bool? frees = scope is null ? false : scope.Frees(lost.Fields);
            if (frees == false)
            {
                continue;
            }

            uncertain += frees is null && (own || attacks > 0) ? lost.Weight : 0;
            letIn += own ? 0 : attacks;
            freed += own ? lost.Weight : 0;
            freedAttacks += own ? attacks : 0;
            unlabelled += own && share is null ? lost.Weight : 0;
            freedLegitimate += judged ? good : 0;
        }

        return new RemedyFigures(
            scope?.Remedy.Kind ?? RemedyKind.Withheld, scope?.Remedy.Expression ?? "", freed, freedAttacks, letIn, uncertain, unlabelled, legitimate, freedLegitimate,
            scope?.Remedy.Trial?.MostAttacks);
    }
}

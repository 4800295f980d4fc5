using CfLogStream.ClickHouse.Reading;
using CfLogStream.Core.Insight.Detection;
using CfLogStream.Core.Insight.Findings;
using CfLogStream.Core.Insight.Ownership;
using CfLogStream.Core.Insight.Requests;
using CfLogStream.Server.Insight.Diagnosing;

namespace CfLogStream.Server.Insight.Requests;

/// <summary>Judges lost requests: was that right, who owns the rule, and what is the narrowest change.</summary>
/// <remarks>A diagnosis of the request's host, from half a day before it to a day after it, looked into for the one rule and client.</remarks>
public sealed class RequestJudge
{
    private static readonly TimeSpan s_before = TimeSpan.FromHours(12);
    private static readonly TimeSpan s_after = TimeSpan.FromHours(24);

    private readonly DiagnosisBuilder _diagnoses;
    private readonly OwnerBook _owners;

    public RequestJudge(Queries queries, string database, OwnerBook owners)
    {
        _diagnoses = new DiagnosisBuilder(queries, database, owners);
        _owners = owners;
    }

    /// <summary>Judges a request; null when it was not lost, no rule ended it, or its minute is not counted yet.</summary>
    public async Task<RequestVerdict?> OfAsync(RequestScreen screen, CancellationToken ct)
    {
        MatchedControl? ended = screen.Matches.FirstOrDefault(static match => match.EndedRequest);
        if (!screen.Lost || ended is null)
        {
            return null;
        }

        var scope = new DiagnosisScope
        {
            Zone = screen.Endpoint.Zone,
            Host = screen.Endpoint.Host,
            From = screen.Time - s_before,
            To = screen.Time + s_after,
        };
        var rule = new RuleKey(screen.Endpoint.Zone, ended.Control, ended.RuleId);
        bool IsItsOwn(StoppedGroup group) => group.Class == screen.Client.Class && group.Name == screen.Client.Name;
        (FindingCandidate Candidate, Finding Finding)? found = await _diagnoses.FindAsync(
            scope,
            candidate => candidate.Kind != FindingKind.BroadBypass && candidate.Rule == rule && candidate.Groups.Any(IsItsOwn),
            ct).ConfigureAwait(false);
        return found is not { } one
            ? null
            : new RequestVerdict(one.Candidate.Groups.First(IsItsOwn).Legitimacy, one.Finding, _owners.Find(one.Finding.Rule, screen.Endpoint));
    }
}

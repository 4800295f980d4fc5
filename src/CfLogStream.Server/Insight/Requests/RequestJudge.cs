using CfLogStream.ClickHouse.Reading;
using CfLogStream.Core.Insight.Detection;
using CfLogStream.Core.Insight.Findings;
using CfLogStream.Core.Insight.Ownership;
using CfLogStream.Core.Insight.Requests;
using CfLogStream.Server.Insight.Diagnosing;

namespace CfLogStream.Server.Insight.Requests;

/// <summary>Judges lost requests: was that right, who owns the rule, and what is the narrowest change.</summary>
/// <remarks>A diagnosis of the request's host, from half a day before it to a day after it, looked into for the one rule, client and endpoint.</remarks>
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
        FindingCandidate? Narrow(FindingCandidate candidate) =>
            candidate.Kind != FindingKind.BroadBypass && candidate.Rule == rule
                && candidate.Groups.FirstOrDefault(group => group.Class == screen.Client.Class && group.Name == screen.Client.Name) is { } group
                ? candidate.Only(group, screen.Endpoint.Method, screen.Endpoint.Path)
                : null;
        return await _diagnoses.FindAsync(scope, Narrow, ct).ConfigureAwait(false) is { } found
            ? new RequestVerdict(found.Candidate.Groups[0].Legitimacy, found.Finding, _owners.Find(found.Finding.Rule, screen.Endpoint))
            : null;
    }
}

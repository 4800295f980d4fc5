using CfLogStream.ClickHouse.Reading;
using CfLogStream.Core.Insight.Changes;
using CfLogStream.Core.Insight.Detection;
using CfLogStream.Core.Insight.Findings;
using CfLogStream.Core.Insight.Ownership;
using CfLogStream.Core.Insight.Remedies;
using CfLogStream.Server.Insight.Changes;

namespace CfLogStream.Server.Insight.Diagnosing;

/// <summary>Makes a diagnosis from what is in ClickHouse.</summary>
public sealed class DiagnosisBuilder
{
    /// <summary>Findings that are looked into.</summary>
    public const int MostFindings = 20;

    private const int MostRightlyStopped = 10;
    private const int DetailsAtOnce = 4;

    private readonly DiagnosisReader _reader;
    private readonly DetailReader _details;
    private readonly RateReader _rates;
    private readonly ChangeReader _changes;
    private readonly OwnerBook _owners;

    /// <param name="owners">Who owns what; an empty book where nobody says.</param>
    public DiagnosisBuilder(Queries queries, string database, OwnerBook owners)
    {
        _reader = new DiagnosisReader(queries, database);
        _details = new DetailReader(queries, database);
        _rates = new RateReader(queries);
        _changes = new ChangeReader(queries);
        _owners = owners;
    }

    /// <summary>Diagnoses a scope; null when nothing is kept at all.</summary>
    public async Task<Diagnosis?> BuildAsync(DiagnosisScope scope, CancellationToken ct)
    {
        if (await _reader.ReadAsync(scope, ct).ConfigureAwait(false) is not { } input)
        {
            return null;
        }

        (IReadOnlyList<Change> changes, bool audited) = await ChangesAsync(input, ct).ConfigureAwait(false);
        IReadOnlyList<FindingCandidate> candidates = Diagnoser.Candidates(input);
        FindingCandidate[] first = [.. candidates.Where(candidate => candidate.Kind != FindingKind.RightlyStopped).Take(MostFindings)];
        var findings = new Finding[first.Length];
        await Parallel.ForAsync(
            0,
            first.Length,
            new ParallelOptions { MaxDegreeOfParallelism = DetailsAtOnce, CancellationToken = ct },
            async (i, stop) => findings[i] = await CompleteAsync(first[i], input, changes, audited, stop).ConfigureAwait(false)).ConfigureAwait(false);
        return new Diagnosis
        {
            From = input.From,
            To = input.To,
            Requests = input.Endpoints.Sum(endpoint => endpoint.Requests),
            Lost = input.Endpoints.Sum(endpoint => endpoint.Lost),
            Findings = findings,
            RightlyStopped =
            [
                .. candidates.Where(candidate => candidate.Kind == FindingKind.RightlyStopped).Take(MostRightlyStopped)
                    .Select(candidate => Brief(candidate, input)),
            ],
            Errors = ErrorFindings.Find(input),
            Limits = DiagnosisLimits.Of(input),
        };
    }

    /// <summary>Looks into the first candidate of a scope that is wanted; null when there is none.</summary>
    /// <param name="want">Returns the candidate, or a part of it; null when it is not wanted.</param>
    public async Task<(FindingCandidate Candidate, Finding Finding)?> FindAsync(
        DiagnosisScope scope, Func<FindingCandidate, FindingCandidate?> want, CancellationToken ct)
    {
        if (await _reader.ReadAsync(scope, ct).ConfigureAwait(false) is not { } input
            || Diagnoser.Candidates(input).Select(want).FirstOrDefault(static one => one is not null) is not { } candidate)
        {
            return null;
        }

        if (candidate.Kind == FindingKind.RightlyStopped)
        {
            return (candidate, Brief(candidate, input));
        }

        (IReadOnlyList<Change> changes, bool audited) = await ChangesAsync(input, ct).ConfigureAwait(false);
        return (candidate, await CompleteAsync(candidate, input, changes, audited, ct).ConfigureAwait(false));
    }

    private async Task<(IReadOnlyList<Change> Changes, bool Audited)> ChangesAsync(DiagnosisInput input, CancellationToken ct) => (
        await _changes.ReadAsync(input.From - ChangeFit.Before, input.To, null, ct).ConfigureAwait(false),
        await _changes.HasAuditLogsAsync(input.To, ct).ConfigureAwait(false));

    private Finding Brief(FindingCandidate candidate, DiagnosisInput input)
    {
        Finding finding = FindingFactory.Make(candidate, input, new RuleDetail());
        return finding with { Owner = _owners.Find(finding.Rule, finding.Cells[0].Endpoint) };
    }

    private async Task<Finding> CompleteAsync(
        FindingCandidate candidate, DiagnosisInput input, IReadOnlyList<Change> changes, bool audited, CancellationToken ct)
    {
        RuleDetail detail = await _details.ReadAsync(candidate, input, ct).ConfigureAwait(false);
        ChangeExplanation? explained = Causes.Explain(candidate, input, changes, audited);
        if (explained is not null)
        {
            detail = detail with { Changes = [.. explained.Matches.Select(match => match.Change)] };
        }

        Finding finding = FindingFactory.Make(candidate, input, detail);
        finding = finding with
        {
            Owner = _owners.Find(finding.Rule, finding.Cells[0].Endpoint),
            Evidence = explained is null ? finding.Evidence : [new Reason("cause", explained.Text, 0), .. finding.Evidence],
        };
        RateEvidence? rate = candidate.Rule.Control == "ratelimit"
            ? await _rates.ReadAsync(candidate, finding, input, ct).ConfigureAwait(false)
            : null;
        return finding with { Remedies = RemedyPlanner.Plan(RemedyRequests.Of(finding, candidate, input, detail, rate, input.To)) };
    }
}

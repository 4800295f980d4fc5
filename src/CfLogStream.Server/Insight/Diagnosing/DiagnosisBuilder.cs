using CfLogStream.ClickHouse.Reading;
using CfLogStream.Core.Insight.Detection;
using CfLogStream.Core.Insight.Findings;

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

    public DiagnosisBuilder(Queries queries, string database)
    {
        _reader = new DiagnosisReader(queries, database);
        _details = new DetailReader(queries, database);
    }

    /// <summary>Diagnoses a scope; null when nothing is kept at all.</summary>
    public async Task<Diagnosis?> BuildAsync(DiagnosisScope scope, CancellationToken ct)
    {
        if (await _reader.ReadAsync(scope, ct).ConfigureAwait(false) is not { } input)
        {
            return null;
        }

        IReadOnlyList<FindingCandidate> candidates = Diagnoser.Candidates(input);
        FindingCandidate[] first = [.. candidates.Where(candidate => candidate.Kind != FindingKind.RightlyStopped).Take(MostFindings)];
        var findings = new Finding[first.Length];
        await Parallel.ForAsync(
            0,
            first.Length,
            new ParallelOptions { MaxDegreeOfParallelism = DetailsAtOnce, CancellationToken = ct },
            async (i, stop) => findings[i] = FindingFactory.Make(
                first[i], input, await _details.ReadAsync(first[i], input, stop).ConfigureAwait(false))).ConfigureAwait(false);
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
                    .Select(candidate => FindingFactory.Make(candidate, input, new RuleDetail())),
            ],
            Errors = ErrorFindings.Find(input),
            Limits = DiagnosisLimits.Of(input),
        };
    }
}

using CfLogStream.ClickHouse.Reading;
using CfLogStream.Core.Insight.Changes;
using CfLogStream.Core.Insight.Detection;
using CfLogStream.Core.Insight.Findings;
using CfLogStream.Generator;
using CfLogStream.Server.Insight.Changes;
using CfLogStream.Server.Insight.Diagnosing;

namespace CfLogStream.Benchmarks.Judge;

/// <summary>Makes incidents: generates the uploads, analyses them and reads what the diagnosis reads.</summary>
internal sealed class CaseMaker(JudgeOptions options) : IAsyncDisposable
{
    private JudgeEngine? _engine;

    public async Task<IncidentCase> MakeAsync(string scenario, ulong seed)
    {
        string path = Path.Combine(options.Data, $"{scenario}-{seed}-{options.Records}.json");
        if (options.Data.Length > 0 && IncidentCase.Load(path) is { } known)
        {
            return known;
        }

        string folder = Directory.CreateTempSubdirectory("cflogstream-judge").FullName;
        try
        {
            var generated = new GeneratorOptions
            {
                Scenario = scenario,
                Seed = seed,
                Records = options.Records,
                Folder = folder,
                Variation = Variation.Wide,
            };
            await new LogpushGenerator(generated).RunAsync(null, CancellationToken.None).ConfigureAwait(false);
            Truth truth = LedgerReader.Read(Path.Combine(folder, "ledger.ndjson"));
            _engine ??= await JudgeEngine.StartAsync().ConfigureAwait(false);
            IncidentCase made = await _engine.WithAsync(folder, (queries, database) => ReadAsync(scenario, seed, truth, queries, database))
                .ConfigureAwait(false);
            if (options.Data.Length > 0)
            {
                made.Save(path);
            }

            return made;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<IncidentCase> ReadAsync(string scenario, ulong seed, Truth truth, Queries queries, string database)
    {
        DiagnosisInput input = (await new DiagnosisReader(queries, database)
            .ReadAsync(new DiagnosisScope { Span = TimeSpan.FromDays(31) }, CancellationToken.None).ConfigureAwait(false))!;
        var reader = new DetailReader(queries, database);
        var details = new Dictionary<RuleKey, RuleDetail>();
        foreach (FindingCandidate candidate in Diagnoser.Candidates(input))
        {
            details.TryAdd(candidate.Rule, await reader.ReadAsync(candidate, input, CancellationToken.None).ConfigureAwait(false));
        }

        var changes = new ChangeReader(queries);
        return new IncidentCase(
            scenario,
            seed,
            truth,
            input,
            details,
            await changes.ReadAsync(input.From - ChangeFit.Before, input.To, null, CancellationToken.None).ConfigureAwait(false),
            await changes.HasAuditLogsAsync(input.To, CancellationToken.None).ConfigureAwait(false));
    }

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
        {
            await _engine.DisposeAsync().ConfigureAwait(false);
        }
    }
}

using System.Globalization;
using CfLogStream.Core.Insight.Detection;
using CfLogStream.Generator;

namespace CfLogStream.Benchmarks.Judge;

/// <summary>Judges the diagnosis against incidents with known truth.</summary>
internal static class JudgeRun
{
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output)
    {
        JudgeOptions options;
        try
        {
            options = JudgeOptions.Parse(arguments);
        }
        catch (ArgumentException problem)
        {
            await output.WriteLineAsync(problem.Message).ConfigureAwait(false);
            return 1;
        }

        var verdicts = new List<Verdict>();
        await using var maker = new CaseMaker(options);
        foreach (ScenarioInfo scenario in options.Scenarios)
        {
            for (ulong i = 0; i < (ulong)options.Seeds; i++)
            {
                IncidentCase made = await maker.MakeAsync(scenario.Name, options.FirstSeed + i).ConfigureAwait(false);
                Verdict verdict = CaseJudge.Judge(made);
                verdicts.Add(verdict);
                await output.WriteLineAsync(Line(verdict)).ConfigureAwait(false);
            }
        }

        string table = JudgeTable.Write(options, verdicts);
        await output.WriteLineAsync(table).ConfigureAwait(false);
        if (options.Results.Length > 0)
        {
            await File.WriteAllTextAsync(Path.Combine(options.Results, "diagnosis.md"), table).ConfigureAwait(false);
        }

        if (options.Measures.Length > 0)
        {
            await File.WriteAllLinesAsync(options.Measures, Measures(verdicts)).ConfigureAwait(false);
        }

        return 0;
    }

    private static string Line(Verdict verdict)
    {
        string right = verdict.PatternRight switch { true => "right", false => $"not {verdict.Pattern}", null => "-" };
        string result = verdict.Case.Truth.IsIncident ? $"place {verdict.Rank}, {verdict.Findings} findings, pattern {right}" : $"{verdict.Findings} findings";
        string note = verdict.Rank == 1 || verdict.Note.Length == 0 ? "" : $"; missed by: {verdict.Note}";
        string own = verdict.OwnClassRank == verdict.Rank ? "" : $"; by its own class {verdict.OwnClassRank}";
        string remedy = verdict.Remedy is { } figures
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"; {figures.Kind} frees {figures.Freed:0} ({figures.FreedAttacks:0.#} attacks, {figures.Uncertain:0} uncertain, {figures.Unlabelled:0} without label), lets in {figures.LetIn:0.#} attacks, covers {figures.FreedLegitimate:0} of {figures.Legitimate:0}")
            : "";
        return string.Create(CultureInfo.InvariantCulture, $"{verdict.Case.Scenario} {verdict.Case.Seed}: {result}{note}{own}{remedy}");
    }

    private static IEnumerable<string> Measures(IReadOnlyList<Verdict> verdicts)
    {
        yield return "scenario,seed,control,class,name,lost,share,probability," + string.Join(',', LegitimacyModel.Names);
        foreach (Verdict verdict in verdicts)
        {
            foreach (LabelledGroup pair in verdict.Pairs)
            {
                string measures = string.Join(',', LegitimacyModel.Measures(pair.Group.Evidence).Select(value => value.ToString("0.####", CultureInfo.InvariantCulture)));
                yield return string.Create(
                    CultureInfo.InvariantCulture,
                    $"{verdict.Case.Scenario},{verdict.Case.Seed},{pair.Group.Rule.Control},{pair.Group.Class},{pair.Group.Name},{pair.Group.Lost},{pair.Share:0.###},{pair.Group.Legitimacy.Probability:0.####},{measures}");
            }
        }
    }
}

using System.Globalization;
using System.Text;
using CfLogStream.Core.Insight.Findings;

namespace CfLogStream.Benchmarks.Judge;

/// <summary>The table of what the judge found, by scenario.</summary>
internal static class JudgeTable
{
    public static string Write(JudgeOptions options, IReadOnlyList<Verdict> verdicts)
    {
        var text = new StringBuilder();
        text.AppendLine("# Diagnosis against known truth");
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"`judge --set {options.Set} --seeds {options.Seeds} --first-seed {options.FirstSeed} --records {options.Records}`: {verdicts.Count} runs, parameters varied widely.");
        text.AppendLine();
        text.AppendLine("| scenario | runs | culprit first | in first three | pattern right | false findings |");
        text.AppendLine("|---|---|---|---|---|---|");
        foreach (IGrouping<string, Verdict> scenario in verdicts.GroupBy(verdict => verdict.Case.Scenario))
        {
            Row(text, scenario.Key, [.. scenario]);
        }

        Row(text, "**all**", verdicts);
        text.AppendLine();
        LabelledGroup[] pairs = [.. verdicts.SelectMany(verdict => verdict.Pairs).Where(pair => pair.Legitimate + pair.Attack > 0)];
        text.AppendLine("| legitimacy of stopped traffic | |");
        text.AppendLine("|---|---|");
        text.AppendLine(CultureInfo.InvariantCulture, $"| groups (rule × host × client) judged | {pairs.Length} |");
        text.AppendLine(CultureInfo.InvariantCulture, $"| area under the ROC curve | {RankStatistics.Area(pairs):0.000} |");
        text.AppendLine(CultureInfo.InvariantCulture, $"| expected calibration error, 10 bins | {RankStatistics.CalibrationError(pairs):0.000} |");
        return text.ToString();
    }

    private static void Row(StringBuilder text, string name, IReadOnlyList<Verdict> verdicts)
    {
        Verdict[] incidents = [.. verdicts.Where(verdict => verdict.Case.Truth.IsIncident)];
        Verdict[] calm = [.. verdicts.Where(verdict => !verdict.Case.Truth.IsIncident)];
        string first = Share(incidents.Count(verdict => verdict.Rank == 1), incidents.Length);
        string three = Share(incidents.Count(verdict => verdict.Rank is >= 1 and <= 3), incidents.Length);
        string pattern = Share(incidents.Count(verdict => verdict.PatternRight == true), incidents.Length);
        string wrong = Share(calm.Count(verdict => verdict.Findings > 0), calm.Length);
        text.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {verdicts.Count} | {first} | {three} | {pattern} | {wrong} |");
    }

    private static string Share(int part, int whole) =>
        whole == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{part}/{whole} ({100.0 * part / whole:0.0} %)");
}

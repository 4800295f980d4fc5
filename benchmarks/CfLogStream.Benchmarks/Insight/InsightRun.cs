using System.Diagnostics;
using System.Globalization;
using CfLogStream.Benchmarks.Judge;
using CfLogStream.ClickHouse.Reading;
using CfLogStream.Core.Insight.Findings;
using CfLogStream.Core.Insight.Ownership;
using CfLogStream.Server.Insight.Diagnosing;

namespace CfLogStream.Benchmarks.Insight;

/// <summary>Times the questions of an SRE on a day of 100 million requests.</summary>
internal static class InsightRun
{
    private const int Rounds = 5;

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output)
    {
        long minutes = arguments.Count == 2 && arguments[0] == "--minutes" ? long.Parse(arguments[1], CultureInfo.InvariantCulture) : 1440;
        JudgeEngine engine = await JudgeEngine.StartAsync().ConfigureAwait(false);
        await using (engine.ConfigureAwait(false))
        {
            return await engine.WithSchemaAsync((queries, database) => MeasureAsync(queries, database, minutes, output)).ConfigureAwait(false);
        }
    }

    private static async Task<int> MeasureAsync(Queries queries, string database, long minutes, TextWriter output)
    {
        for (long from = 0; from < minutes; from += 60)
        {
            foreach (string sql in (string[])[DaySql.Requests, DaySql.Mitigations, DaySql.Kept])
            {
                await ExecuteAsync(queries, database, sql, from, Math.Min(60, minutes - from)).ConfigureAwait(false);
            }
        }

        await ExecuteAsync(queries, database, DaySql.Callers, 0, minutes).ConfigureAwait(false);
        await ExecuteAsync(queries, database, DaySql.Rules, 0, minutes).ConfigureAwait(false);
        foreach (string table in (string[])["requests_1m", "mitigations_1m", "callers_1h", "requests"])
        {
            ulong rows = await queries.ScalarAsync<ulong>($"SELECT count() FROM {database}.{table}", null, CancellationToken.None).ConfigureAwait(false);
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{table}: {rows:N0} rows")).ConfigureAwait(false);
        }

        ulong requests = await queries.ScalarAsync<ulong>($"SELECT sum(requests) FROM {database}.requests_1m", null, CancellationToken.None).ConfigureAwait(false);
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{requests:N0} requests")).ConfigureAwait(false);
        var builder = new DiagnosisBuilder(queries, database, OwnerBook.Empty);
        await TimeAsync(output, "diagnose, everything", () => builder.BuildAsync(new DiagnosisScope(), CancellationToken.None)).ConfigureAwait(false);
        await TimeAsync(output, "diagnose --host", () => builder.BuildAsync(
            new DiagnosisScope { Host = "api3.zone3.example" }, CancellationToken.None)).ConfigureAwait(false);
        return 0;
    }

    private static Task ExecuteAsync(Queries queries, string database, string sql, long from, long minutes) => queries.ExecuteAsync(
        sql.Replace("${database}", database, StringComparison.Ordinal)
            .Replace("${from}", from.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("${minutes}", minutes.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal),
        null,
        CancellationToken.None);

    private static async Task TimeAsync(TextWriter output, string name, Func<Task<Diagnosis?>> run)
    {
        double[] seconds = new double[Rounds];
        string first = "";
        for (int i = 0; i < Rounds; i++)
        {
            var clock = Stopwatch.StartNew();
            Diagnosis? diagnosis = await run().ConfigureAwait(false);
            seconds[i] = clock.Elapsed.TotalSeconds;
            first = diagnosis?.Findings.Count > 0 ? diagnosis.Findings[0].Title : "nothing";
        }

        Array.Sort(seconds);
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: median {seconds[Rounds / 2]:0.00} s, highest {seconds[^1]:0.00} s ({first})")).ConfigureAwait(false);
    }
}

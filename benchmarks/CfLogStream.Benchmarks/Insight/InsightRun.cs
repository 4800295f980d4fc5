using System.Diagnostics;
using System.Globalization;
using CfLogStream.Benchmarks.Judge;
using CfLogStream.ClickHouse.Reading;

namespace CfLogStream.Benchmarks.Insight;

/// <summary>Times the questions of an SRE on a day of 100 million requests.</summary>
internal static class InsightRun
{
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output)
    {
        InsightOptions options = InsightOptions.Parse(arguments);
        JudgeEngine engine = await JudgeEngine.StartAsync().ConfigureAwait(false);
        await using (engine.ConfigureAwait(false))
        {
            return await engine.WithSchemaAsync((queries, database) => MeasureAsync(queries, database, options, output)).ConfigureAwait(false);
        }
    }

    private static async Task<int> MeasureAsync(Queries queries, string database, InsightOptions options, TextWriter output)
    {
        for (long from = 0; from < options.Minutes; from += 60)
        {
            foreach (string sql in (string[])[DaySql.Requests, DaySql.Mitigations, DaySql.Kept])
            {
                await ExecuteAsync(queries, database, sql, from, options).ConfigureAwait(false);
            }
        }

        await ExecuteAsync(queries, database, DaySql.Callers, 0, options).ConfigureAwait(false);
        await ExecuteAsync(queries, database, DaySql.Rules, 0, options).ConfigureAwait(false);
        foreach (string table in (string[])["requests_1m", "mitigations_1m", "callers_1h", "requests"])
        {
            ulong rows = await queries.ScalarAsync<ulong>($"SELECT count() FROM {database}.{table}", null, CancellationToken.None).ConfigureAwait(false);
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{table}: {rows:N0} rows")).ConfigureAwait(false);
        }

        ulong requests = await queries.ScalarAsync<ulong>($"SELECT sum(requests) FROM {database}.requests_1m", null, CancellationToken.None).ConfigureAwait(false);
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{requests:N0} requests")).ConfigureAwait(false);
        foreach (InsightQuestion question in InsightQuestion.All(queries, database))
        {
            await TimeAsync(output, question, options.Rounds).ConfigureAwait(false);
        }

        return 0;
    }

    private static Task ExecuteAsync(Queries queries, string database, string sql, long from, InsightOptions options) => queries.ExecuteAsync(
        sql.Replace("${database}", database, StringComparison.Ordinal)
            .Replace("${everywhere}", options.Everywhere ? "1" : "0", StringComparison.Ordinal)
            .Replace("${from}", from.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("${minutes}", Math.Min(60, options.Minutes - from).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal),
        null,
        CancellationToken.None);

    private static async Task TimeAsync(TextWriter output, InsightQuestion question, int rounds)
    {
        // Once more, to warm up.
        string answer = await question.Ask().ConfigureAwait(false);
        double[] seconds = new double[rounds];
        double[] cpu = new double[rounds];
        for (int i = 0; i < rounds; i++)
        {
            TimeSpan before = Environment.CpuUsage.TotalTime;
            var clock = Stopwatch.StartNew();
            answer = await question.Ask().ConfigureAwait(false);
            seconds[i] = clock.Elapsed.TotalSeconds;
            cpu[i] = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
        }

        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{question.Name}: median {Statistics.Median(seconds):0.000} s, highest {seconds.Max():0.000} s, processor time {Statistics.Median(cpu):0.000} s ({answer})"))
            .ConfigureAwait(false);
    }
}

using System.Data.Common;
using CfLogStream.ClickHouse.Reading;
using CfLogStream.Server.Analysis;

namespace CfLogStream.Server.Reports;

/// <summary>Asks ClickHouse for the incident report of one analysis.</summary>
public sealed class ReportBuilder
{
    /// <summary>Rows of lost traffic in a report.</summary>
    public const int MaxLost = 1_000;

    private const string DatabaseMark = "${database}";

    private readonly Queries _queries;
    private readonly string _database;

    public ReportBuilder(Queries queries, string database)
    {
        _queries = queries;
        _database = database;
    }

    /// <summary>Builds the report over the rows of the analysis that <paramref name="read"/> describes.</summary>
    public async Task<IncidentReport> BuildAsync(AnalysisSummary read, CancellationToken ct)
    {
        (DateTime start, TimeSpan bin) = await TrendAsync(read.Partition, ct).ConfigureAwait(false);
        QueryParameters lostParameters = Parameters(read.Partition).Add("start", start).Add("bin", (uint)bin.TotalSeconds).Add("rows", (uint)MaxLost + 1);
        IReadOnlyList<LostTraffic> lost = await _queries.ReadAsync(Sql(ReportSql.Lost), lostParameters, ReadLost, ct).ConfigureAwait(false);
        IReadOnlyList<ReportTotals> totals =
            await _queries.ReadAsync(Sql(ReportSql.Totals), Parameters(read.Partition), ReadTotals, ct).ConfigureAwait(false);
        ulong legitimate = 0;
        foreach (LostTraffic row in lost.Where(row => row.OnApi && row.LikelyLegitimate))
        {
            legitimate += row.Lost;
        }

        return new IncidentReport
        {
            Read = await WithQualityAsync(read, ct).ConfigureAwait(false),
            Totals = totals[0] with { LostLikelyLegitimate = legitimate },
            Lost = [.. lost.Take(MaxLost).OrderByDescending(row => row.OnApi && row.LikelyLegitimate).ThenByDescending(row => row.OnApi)],
            LostCut = lost.Count > MaxLost,
            Hosts = await _queries.ReadAsync(Sql(ReportSql.Hosts), Parameters(read.Partition), ReadHost, ct).ConfigureAwait(false),
            Exemptions = await _queries.ReadAsync(Sql(ReportSql.Exemptions), Parameters(read.Partition), ReadExemption, ct).ConfigureAwait(false),
            TrendStart = start,
            TrendBin = bin,
        };
    }

    private static QueryParameters Parameters(uint partition) => new QueryParameters().Add("partition", partition);

    private static LostTraffic ReadLost(DbDataReader row)
    {
        string clientClass = row.GetString(5);
        string trust = row.GetString(7);
        return new LostTraffic
        {
            Zone = row.GetString(0),
            Host = row.GetString(1),
            Method = row.GetString(2),
            Path = row.GetString(3),
            Surface = row.GetString(4),
            ClientClass = clientClass,
            ClientName = row.GetString(6),
            Trust = trust,
            Control = row.GetString(8),
            RuleId = row.GetString(9),
            Rule = row.GetString(10),
            Action = row.GetString(11),
            Lost = row.GetFieldValue<ulong>(12),
            Requests = row.GetFieldValue<ulong>(13),
            Callers = row.GetFieldValue<ulong>(14),
            FirstSeen = Utc(row.GetFieldValue<DateTime>(15)),
            LastSeen = Utc(row.GetFieldValue<DateTime>(16)),
            Trend = row.GetFieldValue<ulong[]>(17),
            ExampleRays = row.GetFieldValue<string[]>(18),
            LikelyLegitimate = Legitimacy.IsLikely(clientClass, trust, row.GetFieldValue<ulong>(19), row.GetFieldValue<ulong>(20)),
        };
    }

    private static ReportTotals ReadTotals(DbDataReader row) => new(
        row.GetFieldValue<ulong>(0), row.GetFieldValue<ulong>(1), row.GetFieldValue<ulong>(2), 0,
        row.GetFieldValue<ulong>(3), row.GetFieldValue<ulong>(4), row.GetFieldValue<ulong>(5));

    private static HostErrors ReadHost(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetFieldValue<ulong>(2), row.GetFieldValue<ulong>(3),
        row.GetFieldValue<ulong>(4), row.GetFieldValue<ulong>(5));

    private static Exemption ReadExemption(DbDataReader row)
    {
        string[] clients = row.GetFieldValue<string[]>(10);
        ulong[] counts = row.GetFieldValue<ulong[]>(11);
        return new Exemption(
            row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5),
            row.GetFieldValue<ulong>(6), row.GetFieldValue<ulong>(7), row.GetFieldValue<ulong>(8),
            [.. clients.Zip(counts, KeyValuePair.Create)]);
    }

    private static DateTime Utc(DateTime time) => DateTime.SpecifyKind(time, DateTimeKind.Utc);

    private string Sql(string template) => template.Replace(DatabaseMark, _database, StringComparison.Ordinal);

    /// <summary>Cuts the analysis' span into at most <see cref="ReportSql.TrendBins"/> bins of whole minutes.</summary>
    private async Task<(DateTime Start, TimeSpan Bin)> TrendAsync(uint partition, CancellationToken ct)
    {
        IReadOnlyList<(ulong Windows, DateTime First, DateTime Last)> span = await _queries.ReadAsync(
            Sql(ReportSql.Span),
            Parameters(partition),
            row => (row.GetFieldValue<ulong>(0), Utc(row.GetFieldValue<DateTime>(1)), Utc(row.GetFieldValue<DateTime>(2))),
            ct).ConfigureAwait(false);
        if (span[0].Windows == 0)
        {
            return (DateTime.UnixEpoch, TimeSpan.FromMinutes(1));
        }

        int minutes = (int)(span[0].Last - span[0].First).TotalMinutes + 1;
        return (span[0].First, TimeSpan.FromMinutes((minutes + ReportSql.TrendBins - 1) / ReportSql.TrendBins));
    }

    private async Task<AnalysisSummary> WithQualityAsync(AnalysisSummary read, CancellationToken ct)
    {
        IReadOnlyList<AnalysisSummary> summary = await _queries.ReadAsync(
            Sql(ReportSql.Quality),
            Parameters(read.Partition),
            row => read with
            {
                Duplicates = (long)row.GetFieldValue<ulong>(0),
                Late = (long)row.GetFieldValue<ulong>(1),
                UnmatchedEvents = (long)row.GetFieldValue<ulong>(2),
                UnmatchedRequests = (long)row.GetFieldValue<ulong>(3),
                Subrequests = (long)row.GetFieldValue<ulong>(4),
                Internal = (long)row.GetFieldValue<ulong>(5),
                Forced = (long)row.GetFieldValue<ulong>(6),
            },
            ct).ConfigureAwait(false);
        return summary[0] is { Disordered: > 0, Late: > 0 } disordered
            ? disordered with { Errors = [.. disordered.Errors, TooDisordered(disordered)] }
            : summary[0];
    }

    private static string TooDisordered(AnalysisSummary read) =>
        FormattableString.Invariant($"The input is too disordered for the memory given: {read.Disordered} records came after their place in time")
        + FormattableString.Invariant($" had been counted, {read.Late} of all records after their window had closed, so that a request and its")
        + " security events may be counted apart and a repeated record twice."
        + " Give more memory (analysis.reorder_bytes) or sort the input by time.";
}

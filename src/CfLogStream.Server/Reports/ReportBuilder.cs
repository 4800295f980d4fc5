using System.Data.Common;
using CfLogStream.ClickHouse.Reading;
using CfLogStream.Core.Insight.Detection;
using CfLogStream.Core.Insight.Findings;
using CfLogStream.Server.Analysis;
using CfLogStream.Server.Insight.Diagnosing;

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
        // Independent of one another; only the trend needs to know when the analysis begins and ends.
        Task<IReadOnlyList<SumsRow>> sums = _queries.ReadAsync(Sql(ReportSql.Sums), Parameters(read.Partition), ReadSums, ct);
        Task<IReadOnlyList<Exemption>> exemptions = _queries.ReadAsync(Sql(ReportSql.Exemptions), Parameters(read.Partition), ReadExemption, ct);
        Task<AnalysisSummary> quality = WithQualityAsync(read, ct);
        Task<LostPart> lostPart = LostAsync(read.Partition, ct);
        Task<DiagnosisInput?> input = new DiagnosisReader(_queries, _database).ReadAsync(
            new DiagnosisScope { From = DateTime.UnixEpoch, Partition = read.Partition }, ct);
        await Task.WhenAll(sums, exemptions, quality, lostPart, input).ConfigureAwait(false);
        IReadOnlyList<LostTraffic> lost = Judge(lostPart.Result.Rows, input.Result);
        ulong legitimate = 0;
        foreach (LostTraffic row in lost.Where(row => row.OnApi && row.LikelyLegitimate))
        {
            legitimate += row.Lost;
        }

        return new IncidentReport
        {
            Read = quality.Result,
            Totals = sums.Result.Count == 0 ? new ReportTotals(0, 0, 0, 0, 0, 0, 0) : sums.Result[0].Totals with { LostLikelyLegitimate = legitimate },
            Lost = [.. lost.Take(MaxLost).OrderByDescending(row => row.OnApi && row.LikelyLegitimate).ThenByDescending(row => row.OnApi)],
            LostCut = lost.Count > MaxLost,
            Hosts = [.. sums.Result.Skip(1).Select(row => new HostErrors(
                row.Zone, row.Host, row.Totals.Requests, row.Totals.Lost, row.Totals.EdgeErrors, row.Totals.OriginErrors))],
            Exemptions = exemptions.Result,
            TrendStart = lostPart.Result.Start,
            TrendBin = lostPart.Result.Bin,
        };
    }

    /// <summary>Says of each row how likely its client is legitimate: by the same estimate as a diagnosis, over the client's whole traffic on the host.</summary>
    private static IReadOnlyList<LostTraffic> Judge(IReadOnlyList<LostTraffic> rows, DiagnosisInput? input)
    {
        if (input is null)
        {
            return rows;
        }

        var known = Diagnoser.Groups(input).ToDictionary(
            group => (group.Rule, group.Host, group.Class, group.Name), group => group.Legitimacy.Probability);
        return
        [
            .. rows.Select(row => row with
            {
                Legitimacy = known.GetValueOrDefault((new RuleKey(row.Zone, row.Control, row.RuleId), row.Host, row.ClientClass, row.ClientName)),
            }),
        ];
    }

    private async Task<LostPart> LostAsync(uint partition, CancellationToken ct)
    {
        (DateTime start, TimeSpan bin) = await TrendAsync(partition, ct).ConfigureAwait(false);
        QueryParameters parameters = Parameters(partition).Add("start", start).Add("bin", (uint)bin.TotalSeconds).Add("rows", (uint)MaxLost + 1);
        IReadOnlyList<LostTraffic> rows = await _queries.ReadAsync(Sql(ReportSql.Lost), parameters, ReadLost, ct).ConfigureAwait(false);
        return new LostPart(start, bin, rows);
    }

    private static QueryParameters Parameters(uint partition) => new QueryParameters().Add("partition", partition);

    private static LostTraffic ReadLost(DbDataReader row)
    {
        return new LostTraffic
        {
            Zone = row.GetString(0),
            Host = row.GetString(1),
            Method = row.GetString(2),
            Path = row.GetString(3),
            Surface = row.GetString(4),
            ClientClass = row.GetString(5),
            ClientName = row.GetString(6),
            Trust = row.GetString(7),
            Control = row.GetString(8),
            RuleId = row.GetString(9),
            Rule = row.GetString(10),
            Action = row.GetString(11),
            Lost = row.GetFieldValue<ulong>(12),
            Requests = row.GetFieldValue<ulong>(13),
            Callers = row.GetFieldValue<ulong>(14),
            FirstSeen = AtNanoseconds(row.GetInt64(15)),
            LastSeen = AtNanoseconds(row.GetInt64(16)),
            Trend = row.GetFieldValue<ulong[]>(17),
            ExampleRays = row.GetFieldValue<string[]>(18),
        };
    }

    private static SumsRow ReadSums(DbDataReader row) => new(
        row.GetString(1),
        row.GetString(2),
        new ReportTotals(
            row.GetFieldValue<ulong>(3), row.GetFieldValue<ulong>(4), row.GetFieldValue<ulong>(5), 0,
            row.GetFieldValue<ulong>(6), row.GetFieldValue<ulong>(7), row.GetFieldValue<ulong>(8)));

    private static Exemption ReadExemption(DbDataReader row)
    {
        string[] clients = row.GetFieldValue<string[]>(10);
        ulong[] counts = row.GetFieldValue<ulong[]>(11);
        return new Exemption(
            row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5),
            row.GetFieldValue<ulong>(6), row.GetFieldValue<ulong>(7), row.GetFieldValue<ulong>(8),
            [.. clients.Zip(counts, KeyValuePair.Create)]);
    }

    private static DateTime AtSeconds(uint seconds) => DateTime.UnixEpoch.AddSeconds(seconds);

    private static DateTime AtNanoseconds(long ns) => DateTime.UnixEpoch.AddTicks(ns / 100);

    private string Sql(string template) => template.Replace(DatabaseMark, _database, StringComparison.Ordinal);

    /// <summary>Cuts the analysis' span into at most <see cref="ReportSql.TrendBins"/> bins of whole minutes.</summary>
    private async Task<(DateTime Start, TimeSpan Bin)> TrendAsync(uint partition, CancellationToken ct)
    {
        IReadOnlyList<(ulong Windows, DateTime First, DateTime Last)> span = await _queries.ReadAsync(
            Sql(ReportSql.Span),
            Parameters(partition),
            row => (row.GetFieldValue<ulong>(0), AtSeconds(row.GetFieldValue<uint>(1)), AtSeconds(row.GetFieldValue<uint>(2))),
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

    private sealed record SumsRow(string Zone, string Host, ReportTotals Totals);

    private sealed record LostPart(DateTime Start, TimeSpan Bin, IReadOnlyList<LostTraffic> Rows);
}

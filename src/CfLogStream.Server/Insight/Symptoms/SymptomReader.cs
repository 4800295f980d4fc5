using System.Data.Common;
using CfLogStream.ClickHouse.Reading;
using CfLogStream.Core.Insight.Symptoms;

namespace CfLogStream.Server.Insight.Symptoms;

/// <summary>Finds the rows that belong to a symptom.</summary>
public sealed class SymptomReader
{
    private static readonly TimeSpan s_defaultSpan = TimeSpan.FromHours(24);

    private readonly Queries _queries;
    private readonly string _database;

    /// <param name="queries">The connection.</param>
    /// <param name="database">The checked name of the database.</param>
    public SymptomReader(Queries queries, string database)
    {
        _queries = queries;
        _database = database;
    }

    /// <summary>Returns when the data begins and ends (exclusive), UTC; null when there is none.</summary>
    public async Task<(DateTime First, DateTime End)?> SpanAsync(CancellationToken ct)
    {
        IReadOnlyList<(ulong Windows, DateTime First, DateTime Last)> spans = await _queries.ReadAsync(
            Sql(SymptomSql.Span),
            null,
            static row => (row.GetFieldValue<ulong>(0), AtSeconds(row.GetFieldValue<uint>(1)), AtSeconds(row.GetFieldValue<uint>(2))),
            ct).ConfigureAwait(false);
        return spans[0].Windows == 0 ? null : (spans[0].First, spans[0].Last.AddMinutes(1));
    }

    /// <summary>Reads what the data says of a symptom; null when nothing is kept at all.</summary>
    public async Task<SymptomEvidence?> ReadAsync(Symptom symptom, SymptomScope scope, CancellationToken ct)
    {
        if (await SpanAsync(ct).ConfigureAwait(false) is not { } kept)
        {
            return null;
        }

        DateTime to = scope.To ?? kept.End;
        DateTime from = scope.From ?? to - s_defaultSpan;
        IReadOnlyList<SymptomStop> stops = symptom.Rows.Stops
            ? await _queries.ReadAsync(Sql(SymptomSql.Stops), StopParameters(symptom, scope, from, to), ReadStop, ct).ConfigureAwait(false)
            : [];
        IReadOnlyList<SymptomRequest> requests = symptom.Rows.Requests
            ? await _queries.ReadAsync(Sql(SymptomSql.Requests), RequestParameters(symptom, scope, from, to), ReadRequest, ct).ConfigureAwait(false)
            : [];
        return new SymptomEvidence(from, to, stops, requests);
    }

    private static QueryParameters StopParameters(Symptom symptom, SymptomScope scope, DateTime from, DateTime to) =>
        Parameters(symptom, scope, from, to)
            .Add("controls", symptom.Controls.ToArray())
            .Add("challenges", symptom.Rows.ChallengesOnly ? (byte)1 : (byte)0);

    private static QueryParameters RequestParameters(Symptom symptom, SymptomScope scope, DateTime from, DateTime to) =>
        Parameters(symptom, scope, from, to)
            .Add("statuses", symptom.Rows.Statuses.ToArray())
            .Add("html", symptom.Rows.HtmlOnApis ? (byte)1 : (byte)0);

    private static QueryParameters Parameters(Symptom symptom, SymptomScope scope, DateTime from, DateTime to) => new QueryParameters()
        .Add("from", from)
        .Add("to", to)
        .Add("host", scope.Host)
        .Add("method", symptom.Rows.PreflightsOnly ? "OPTIONS" : "")
        .Add("rows", (uint)SymptomSql.MaxRows);

    private static SymptomStop ReadStop(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6),
        row.GetString(7), row.GetString(8), row.GetFieldValue<ulong>(9), row.GetFieldValue<ulong>(10), row.GetFieldValue<ulong>(11),
        AtSeconds(row.GetFieldValue<uint>(12)), AtSeconds(row.GetFieldValue<uint>(13)), row.GetFieldValue<string[]>(14));

    private static SymptomRequest ReadRequest(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetFieldValue<ushort>(5),
        row.GetString(6), row.GetString(7), row.GetString(8), row.GetFieldValue<double>(9), AtSeconds(row.GetFieldValue<uint>(10)),
        row.GetFieldValue<string[]>(11));

    private static DateTime AtSeconds(uint seconds) => DateTime.UnixEpoch.AddSeconds(seconds);

    private string Sql(string sql) => SymptomSql.Of(sql, _database);
}

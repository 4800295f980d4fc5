using System.Data.Common;
using System.Globalization;
using CfLogStream.ClickHouse.Reading;
using CfLogStream.Core.Insight.Detection;
using CfLogStream.Core.Insight.Findings;

namespace CfLogStream.Server.Insight.Diagnosing;

/// <summary>Reads from ClickHouse what a diagnosis looks at.</summary>
public sealed class DiagnosisReader
{
    private static readonly string s_bins = DiagnosisSql.MostBins.ToString(CultureInfo.InvariantCulture);

    private readonly Queries _queries;
    private readonly string _database;

    public DiagnosisReader(Queries queries, string database)
    {
        _queries = queries;
        _database = database;
    }

    /// <summary>Reads the aggregates of a scope; null when nothing is kept at all.</summary>
    public async Task<DiagnosisInput?> ReadAsync(DiagnosisScope scope, CancellationToken ct)
    {
        IReadOnlyList<(ulong Windows, DateTime First, DateTime Last)> spans = await _queries.ReadAsync(
            Sql(DiagnosisSql.Span),
            new QueryParameters().Add("single", (byte)(scope.Partition is null ? 0 : 1)).Add("partition", scope.Partition ?? 0),
            static row => (row.GetFieldValue<ulong>(0), AtSeconds(row.GetFieldValue<uint>(1)), AtSeconds(row.GetFieldValue<uint>(2))),
            ct).ConfigureAwait(false);
        if (spans[0].Windows == 0)
        {
            return null;
        }

        DateTime to = Earlier(scope.To ?? DateTime.MaxValue, spans[0].Last.AddMinutes(1));
        DateTime from = Later(scope.From ?? to - scope.Span, spans[0].First);
        if (from >= to)
        {
            from = to.AddMinutes(-1);
        }

        from = new DateTime(from.Ticks - (from.Ticks % TimeSpan.TicksPerMinute), DateTimeKind.Utc);
        int minutes = (int)Math.Ceiling((to - from).TotalMinutes);
        var bin = TimeSpan.FromMinutes((minutes + DiagnosisSql.MostBins - 1) / DiagnosisSql.MostBins);
        int bins = (int)Math.Ceiling((to - from) / bin);
        QueryParameters Parameters() => DiagnosisParameters.Of(scope, from, to, bin);

        Task<IReadOnlyList<ClientLoad>> clients = _queries.ReadAsync(Sql(DiagnosisSql.Clients), Parameters(), row => ReadClient(row, bins), ct);
        Task<IReadOnlyList<RequestCell>> cells = _queries.ReadAsync(Sql(DiagnosisSql.Cells), Parameters(), row => ReadCell(row, bins), ct);
        Task<IReadOnlyList<StopCell>> stops = _queries.ReadAsync(Sql(DiagnosisSql.Stops), Parameters(), row => ReadStop(row, bins), ct);
        Task<IReadOnlyList<EndpointTotals>> endpoints = _queries.ReadAsync(Sql(DiagnosisSql.Endpoints), Parameters(), ReadEndpoint, ct);
        Task<IReadOnlyList<(RuleKey, RuleText)>> rules = _queries.ReadAsync(Sql(DiagnosisSql.Rules), Parameters(), ReadRule, ct);
        Task<IReadOnlyList<CallerHistory>> callers = _queries.ReadAsync(Sql(DiagnosisSql.Callers), Parameters(), ReadCallers, ct);
        await Task.WhenAll(clients, cells, stops, endpoints, rules, callers).ConfigureAwait(false);
        return new DiagnosisInput
        {
            From = from,
            To = to,
            Bin = bin,
            Bins = bins,
            Cells = await cells.ConfigureAwait(false),
            Clients = await clients.ConfigureAwait(false),
            Stops = await stops.ConfigureAwait(false),
            Endpoints = await endpoints.ConfigureAwait(false),
            Callers = await callers.ConfigureAwait(false),
            Rules = (await rules.ConfigureAwait(false)).ToDictionary(rule => rule.Item1, rule => rule.Item2),
        };
    }

    private static ClientLoad ReadClient(DbDataReader row, int bins) => new(
        row.GetString(0),
        row.GetString(1),
        row.GetString(2),
        row.GetString(3),
        row.GetString(4),
        ReadLoad(row, 5, bins),
        (long)row.GetFieldValue<ulong>(9),
        Math.Max(0, (long)row.GetFieldValue<ulong>(10) - (long)row.GetFieldValue<ulong>(9)),
        (long)row.GetFieldValue<ulong>(11));

    private static RequestCell ReadCell(DbDataReader row, int bins) => new()
    {
        Endpoint = new EndpointIdentity(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4)),
        Client = new ClientIdentity(row.GetString(5), row.GetString(6), row.GetString(7)),
        Load = ReadLoad(row, 8, bins),
        Lost = (long)row.GetFieldValue<ulong>(12),
        EdgeErrors = (long)row.GetFieldValue<ulong>(13),
        OriginErrors = (long)row.GetFieldValue<ulong>(14),
        ServerErrors = (long)row.GetFieldValue<ulong>(15),
    };

    private static StopCell ReadStop(DbDataReader row, int bins)
    {
        ushort[] places = row.GetFieldValue<ushort[]>(13);
        return new StopCell
        {
            Endpoint = new EndpointIdentity(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4)),
            Client = new ClientIdentity(row.GetString(5), row.GetString(6), row.GetString(7)),
            Rule = new RuleKey(row.GetString(0), row.GetString(8), row.GetString(9)),
            Action = row.GetString(10),
            Count = (long)row.GetFieldValue<ulong>(11),
            Lost = (long)row.GetFieldValue<ulong>(12),
            Matches = Spread(places, row.GetFieldValue<ulong[]>(14), bins),
            CallerMinutes = Spread(places, row.GetFieldValue<ulong[]>(15), bins),
            Callers = (long)row.GetFieldValue<ulong>(16),
            FirstSeen = AtNanoseconds(row.GetInt64(17)),
            LastSeen = AtNanoseconds(row.GetInt64(18)),
            WafScores = Numbers(row.GetFieldValue<ulong[]>(19)),
            BotScores = Numbers(row.GetFieldValue<ulong[]>(20)),
            ExampleRays = row.GetFieldValue<string[]>(21),
        };
    }

    private static EndpointTotals ReadEndpoint(DbDataReader row) => new(
        new EndpointIdentity(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4)),
        (long)row.GetFieldValue<ulong>(5),
        (long)row.GetFieldValue<ulong>(6),
        (long)row.GetFieldValue<ulong>(7),
        (long)row.GetFieldValue<ulong>(8),
        (long)row.GetFieldValue<ulong>(9),
        (long)row.GetFieldValue<ulong>(10),
        (long)row.GetFieldValue<ulong>(11));

    private static (RuleKey Key, RuleText Text) ReadRule(DbDataReader row) => (
        new RuleKey(row.GetString(0), row.GetString(1), row.GetString(2)),
        new RuleText(row.GetString(3), row.GetString(4), row.GetFieldValue<ulong>(5) == 0 ? null : AtNanoseconds(row.GetInt64(6))));

    private static CallerHistory ReadCallers(DbDataReader row) => new(
        new RuleKey(row.GetString(0), row.GetString(1), row.GetString(2)),
        row.GetString(3),
        row.GetString(4),
        row.GetString(5),
        (long)row.GetFieldValue<ulong>(6),
        (long)row.GetFieldValue<ulong>(7),
        (long)row.GetFieldValue<ulong>(8),
        (long)row.GetFieldValue<ulong>(9),
        (long)row.GetFieldValue<ulong>(10),
        (long)row.GetFieldValue<ulong>(11),
        (long)row.GetFieldValue<ulong>(12));

    private static LoadSeries ReadLoad(DbDataReader row, int column, int bins)
    {
        ushort[] places = row.GetFieldValue<ushort[]>(column);
        return new LoadSeries(
            Spread(places, row.GetFieldValue<ulong[]>(column + 1), bins),
            Spread(places, row.GetFieldValue<ulong[]>(column + 2), bins),
            Spread(places, row.GetFieldValue<ulong[]>(column + 3), bins));
    }

    private static long[] Spread(ushort[] places, ulong[] values, int bins)
    {
        long[] series = new long[bins];
        for (int i = 0; i < places.Length; i++)
        {
            series[Math.Min(places[i], bins - 1)] += (long)values[i];
        }

        return series;
    }

    private static long[] Numbers(ulong[] values)
    {
        long[] numbers = new long[5];
        for (int i = 0; i < Math.Min(5, values.Length); i++)
        {
            numbers[i] = (long)values[i];
        }

        return numbers;
    }

    private static DateTime Earlier(DateTime left, DateTime right) => left < right ? left : right;

    private static DateTime Later(DateTime left, DateTime right) => left > right ? left : right;

    private static DateTime AtSeconds(uint seconds) => DateTime.UnixEpoch.AddSeconds(seconds);

    private static DateTime AtNanoseconds(long ns) => DateTime.UnixEpoch.AddTicks(ns / 100);

    private string Sql(string template) => template
        .Replace("${scope}", DiagnosisSql.Scope, StringComparison.Ordinal)
        .Replace("${acting}", DiagnosisSql.Acting, StringComparison.Ordinal)
        .Replace("${stopped}", DiagnosisSql.Stopped, StringComparison.Ordinal)
        .Replace("${endpoint}", DiagnosisSql.EndpointKey, StringComparison.Ordinal)
        .Replace("${client}", DiagnosisSql.ClientKey, StringComparison.Ordinal)
        .Replace("${cell}", DiagnosisSql.CellKey, StringComparison.Ordinal)
        .Replace("${stop}", DiagnosisSql.StopKey, StringComparison.Ordinal)
        .Replace("${bins}", s_bins, StringComparison.Ordinal)
        .Replace("${settings}", DiagnosisSql.Settings, StringComparison.Ordinal)
        .Replace("${database}", _database, StringComparison.Ordinal);
}

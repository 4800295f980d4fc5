using CfLogStream.ClickHouse.Reading;
using CfLogStream.Core.Insight.Detection;

namespace CfLogStream.Server.Insight.Diagnosing;

/// <summary>Reads from the kept requests what distinguishes those that a rule stopped.</summary>
public sealed class DetailReader
{
    /// <summary>Requests that are looked at per rule: enough for any contrast, few enough for any day.</summary>
    private const uint MostRows = 200_000;

    /// <summary>Requests that a remedy is tried on: enough to see two in a hundred.</summary>
    private const uint MostTried = 2_000;

    private const double FewestPassed = 5;

    private readonly Queries _queries;
    private readonly string _database;

    public DetailReader(Queries queries, string database)
    {
        _queries = queries;
        _database = database;
    }

    /// <summary>Reads the details of a candidate; the changes are left to others.</summary>
    public async Task<RuleDetail> ReadAsync(FindingCandidate candidate, DiagnosisInput input, CancellationToken ct)
    {
        DateTime from = candidate.Onset is { } onset && onset > input.From ? onset : input.From;
        DateTime last = candidate.Groups.Max(group => group.LastSeen);

        // When the rule no longer acts, everything passes and tells nothing.
        DateTime to = last < input.To - input.Bin ? last.AddMinutes(1) : input.To;
        QueryParameters Parameters(DateTime from, DateTime to) => new QueryParameters()
            .Add("zone", candidate.Rule.Zone)
            .Add("control", candidate.Rule.Control)
            .Add("rule", candidate.Rule.Id)
            .Add("hosts", candidate.Groups.Select(group => group.Host).Distinct(StringComparer.Ordinal).Take(100).ToArray())
            .Add("classes", candidate.Groups.Select(group => $"{group.Class}/{group.Name}").Distinct(StringComparer.Ordinal).ToArray())
            .Add("from", from)
            .Add("to", to);
        string[] templates =
            [.. candidate.Groups.SelectMany(group => group.Stops).Select(stop => stop.Endpoint.Path).Distinct(StringComparer.Ordinal).Take(500)];
        IReadOnlyList<(FieldCount Count, double PassedNear)> counts = await _queries.ReadAsync(
            Sql(DetailSql.Fields),
            Parameters(from, to).Add("templates", templates).Add("most", MostRows),
            static row => (
                new FieldCount(
                    row.GetString(0), row.GetString(1), row.GetFieldValue<double>(2), row.GetFieldValue<double>(3), row.GetFieldValue<double>(4)),
                row.GetFieldValue<double>(5)),
            ct).ConfigureAwait(false);
        (FieldCount? all, double near) = counts.FirstOrDefault(row => row.Count.Field.Length == 0);

        IReadOnlyList<NetworkPast> networks = await _queries.ReadAsync(
            Sql(DetailSql.Networks),
            Parameters(input.From, input.To),
            static row => new NetworkPast(row.GetString(0), row.GetString(1), row.GetFieldValue<double>(2), (long)row.GetFieldValue<ulong>(3))
            {
                Ja4 = row.GetString(4),
                Addresses = (long)row.GetFieldValue<ulong>(5),
                AddressMinutes = (long)row.GetFieldValue<ulong>(6),
            },
            ct).ConfigureAwait(false);
        IReadOnlyList<StoppedRequest> sample = await _queries.ReadAsync(
            Sql(DetailSql.Sample), Parameters(input.From, input.To).Add("most", MostTried), StoppedRequestRow.Read, ct).ConfigureAwait(false);

        // On the same endpoints, where anything passes there at all; else on the same hosts.
        bool onlyNear = near >= FewestPassed;
        return new RuleDetail
        {
            Fields =
            [
                .. counts.Where(row => row.Count.Field.Length > 0)
                    .Select(row => onlyNear ? row.Count with { Passed = row.PassedNear } : row.Count),
            ],
            Stopped = all?.Stopped ?? 0,
            Judged = all?.Judged ?? 0,
            Passed = onlyNear ? near : all?.Passed ?? 0,
            Networks = networks,
            Sample = sample,
        };
    }

    private string Sql(string sql) => sql
        .Replace("${judged}", DetailSql.Judged, StringComparison.Ordinal)
        .Replace("${settings}", DiagnosisSql.Settings, StringComparison.Ordinal)
        .Replace("${database}", _database, StringComparison.Ordinal);
}

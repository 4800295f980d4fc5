using CfLogStream.ClickHouse.Reading;
using CfLogStream.Core.Insight.Detection;

namespace CfLogStream.Server.Insight.Diagnosing;

/// <summary>Reads from the kept requests what distinguishes those that a rule stopped.</summary>
public sealed class DetailReader
{
    /// <summary>Requests that are looked at per rule: enough for any contrast, few enough for any day.</summary>
    private const uint MostRows = 200_000;

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
        string sql = DetailSql.Fields
            .Replace("${settings}", DiagnosisSql.Settings, StringComparison.Ordinal)
            .Replace("${database}", _database, StringComparison.Ordinal);
        DateTime from = candidate.Onset is { } onset && onset > input.From ? onset : input.From;
        DateTime last = candidate.Groups.Max(group => group.LastSeen);

        // When the rule no longer acts, everything passes and tells nothing.
        DateTime to = last < input.To - input.Bin ? last.AddMinutes(1) : input.To;
        QueryParameters parameters = new QueryParameters()
            .Add("zone", candidate.Rule.Zone)
            .Add("control", candidate.Rule.Control)
            .Add("rule", candidate.Rule.Id)
            .Add("hosts", candidate.Groups.Select(group => group.Host).Distinct(StringComparer.Ordinal).Take(100).ToArray())
            .Add("classes", candidate.Groups.Select(group => $"{group.Class}/{group.Name}").Distinct(StringComparer.Ordinal).ToArray())
            .Add("from", from)
            .Add("to", to)
            .Add("most", MostRows);
        IReadOnlyList<FieldCount> counts = await _queries.ReadAsync(
            sql,
            parameters,
            static row => new FieldCount(
                row.GetString(0),
                row.GetString(1),
                row.GetFieldValue<double>(2),
                row.GetFieldValue<double>(3),
                row.GetFieldValue<double>(4)),
            ct).ConfigureAwait(false);
        FieldCount? all = counts.FirstOrDefault(count => count.Field.Length == 0);
        return new RuleDetail
        {
            Fields = [.. counts.Where(count => count.Field.Length > 0)],
            Stopped = all?.Stopped ?? 0,
            Judged = all?.Judged ?? 0,
            Passed = all?.Passed ?? 0,
        };
    }
}

using CfLogStream.ClickHouse.Reading;

namespace CfLogStream.Server.Insight.Requests;

/// <summary>The questions behind <see cref="RayAbsence"/>; each reads a day at most, or one column of a bounded number of rows.</summary>
internal sealed class AbsenceQueries
{
    private const int DeadLettersSearched = 200_000;

    private readonly Queries _queries;

    public AbsenceQueries(Queries queries)
    {
        _queries = queries;
    }

    /// <summary>Counts rows, of all versions: that takes no reading.</summary>
    public async Task<KeptSpan> SpanAsync(CancellationToken ct) => (await _queries.ReadAsync(
        $"SELECT toInt64(count()), min(time), max(time) FROM {_queries.Table("requests")}",
        null,
        static row => new KeptSpan(row.GetFieldValue<long>(0), Utc(row.GetFieldValue<DateTime>(1)), Utc(row.GetFieldValue<DateTime>(2))),
        ct).ConfigureAwait(false))[0];

    public async Task<ReadSpan> ReadAsync(CancellationToken ct)
    {
        uint newest = await _queries.ScalarAsync<uint>(
            $"SELECT toUnixTimestamp(max(window)) FROM {_queries.Table("quality_1m")} WHERE dataset IN ('http_requests', 'firewall_events')", null, ct)
            .ConfigureAwait(false);
        if (newest == 0)
        {
            return new ReadSpan(null, 0, null);
        }

        long inFlight = await _queries.ScalarAsync<long>(
            $"""
            SELECT toInt64(sum(received)) - toInt64(sum(counted)) - toInt64(sum(duplicates)) - toInt64(sum(dead_lettered))
            FROM {_queries.Table("quality_1m")} FINAL
            WHERE dataset IN ('http_requests', 'firewall_events') AND window > toDateTime({"{from:UInt32}"}, 'UTC')
            """,
            new QueryParameters().Add("from", newest - Math.Min(newest, 3600)),
            ct).ConfigureAwait(false);
        uint closed = await _queries.ScalarAsync<uint>(
            $"SELECT toUnixTimestamp(min(closed_minutes_before)) FROM {_queries.Table("progress")} FINAL", null, ct).ConfigureAwait(false);
        return new ReadSpan(DateTime.UnixEpoch.AddSeconds(newest), inFlight, closed == 0 ? null : DateTime.UnixEpoch.AddSeconds(closed));
    }

    public Task<(long All, long Kept)> PassedAsync(DateTime day, CancellationToken ct) => SharesAsync("passed", "outcome = 'passed'", day, ct);

    public Task<(long All, long Kept)> LostAsync(DateTime day, CancellationToken ct) => SharesAsync("lost", "lost", day, ct);

    /// <summary>Rejected lines that have the ray in what is kept of them.</summary>
    public async Task<(IReadOnlyList<string> Found, long Searched, long All)> DeadLettersAsync(string ray, CancellationToken ct)
    {
        long all = await _queries.ScalarAsync<long>($"SELECT toInt64(count()) FROM {_queries.Table("dead_letters")}", null, ct).ConfigureAwait(false);
        IReadOnlyList<string> found = ray.Length == 0 ? [] : await _queries.ReadAsync(
            $"""
            SELECT reason, source, line_number
            FROM (SELECT reason, source, line_number, bytes FROM {_queries.Table("dead_letters")} ORDER BY time DESC LIMIT {DeadLettersSearched})
            WHERE positionCaseInsensitive(bytes, {"{ray:String}"}) > 0
            ORDER BY source, line_number
            LIMIT 3
            """,
            new QueryParameters().Add("ray", ray),
            static row => $"{row.GetString(0)} in '{row.GetString(1)}', line {row.GetFieldValue<ulong>(2)}",
            ct).ConfigureAwait(false);
        return (found, Math.Min(all, DeadLettersSearched), all);
    }

    /// <summary>Kept requests that say the ray challenged them.</summary>
    public Task<IReadOnlyList<string>> NamedAsync(string ray, CancellationToken ct) => _queries.ReadAsync(
        $"SELECT ray FROM {_queries.Table("requests")} WHERE has(match_originator_ray, {{ray:String}}) ORDER BY time LIMIT 1",
        new QueryParameters().Add("ray", ray),
        static row => row.GetString(0),
        ct);

    /// <summary>Matches that have the ray as an example.</summary>
    public Task<IReadOnlyList<string>> ExamplesAsync(string ray, DateTime day, CancellationToken ct) => _queries.ReadAsync(
        $"""
        SELECT control, rule_id, action, host, window FROM {_queries.Table("mitigations_1m")}
        WHERE window >= toDateTime({"{from:UInt32}"}, 'UTC') AND has(example_rays, {"{ray:String}"})
        ORDER BY window LIMIT 1
        """,
        Since(day, hours: 48).Add("ray", ray),
        static row => $"{row.GetString(2)} by {row.GetString(0)} rule '{row.GetString(1)}' on '{row.GetString(3)}' at "
            + row.GetFieldValue<DateTime>(4).ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture) + " UTC",
        ct);

    public Task<(long Workers, long Cloudflare)> UncountedAsync(DateTime day, CancellationToken ct) =>
        PairAsync("toInt64(sum(subrequests)), toInt64(sum(internal))", day, ct);

    public Task<(long Events, long Requests)> UnmatchedAsync(DateTime day, CancellationToken ct) =>
        PairAsync("toInt64(sumIf(unmatched, dataset = 'firewall_events')), toInt64(sumIf(unmatched, dataset = 'http_requests'))", day, ct);

    public async Task<(long Partitions, long Lost)> GapsAsync(CancellationToken ct) => (await _queries.ReadAsync(
        $"SELECT toInt64(count()), toInt64(sum(arraySum(arrayMap((low, high) -> high - low, gap_from, gap_to)))) FROM {_queries.Table("progress")} FINAL",
        null,
        static row => (row.GetFieldValue<long>(0), row.GetFieldValue<long>(1)),
        ct).ConfigureAwait(false))[0];

    private async Task<(long All, long Kept)> SharesAsync(string column, string condition, DateTime day, CancellationToken ct)
    {
        long all = await _queries.ScalarAsync<long>(
            $"SELECT toInt64(sum({column})) FROM {_queries.Table("requests_1m")} FINAL WHERE window >= toDateTime({{from:UInt32}}, 'UTC')", Since(day, 24), ct)
            .ConfigureAwait(false);
        long kept = await _queries.ScalarAsync<long>(
            $"SELECT toInt64(count()) FROM {_queries.Table("requests")} WHERE time >= toDateTime({{from:UInt32}}, 'UTC') AND {condition}", Since(day, 24), ct)
            .ConfigureAwait(false);
        return (all, kept);
    }

    private async Task<(long First, long Second)> PairAsync(string columns, DateTime day, CancellationToken ct) => (await _queries.ReadAsync(
        $"SELECT {columns} FROM {_queries.Table("quality_1m")} FINAL WHERE window >= toDateTime({{from:UInt32}}, 'UTC')",
        Since(day, 24),
        static row => (row.GetFieldValue<long>(0), row.GetFieldValue<long>(1)),
        ct).ConfigureAwait(false))[0];

    private static QueryParameters Since(DateTime newest, int hours)
    {
        uint seconds = CallerLookup.Seconds(newest);
        uint from = seconds - Math.Min(seconds, (uint)hours * 3600);
        return new QueryParameters().Add("from", from / 60 * 60);
    }

    private static DateTime Utc(DateTime time) => DateTime.SpecifyKind(time, DateTimeKind.Utc);
}

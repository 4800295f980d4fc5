using System.Data.Common;
using CfLogStream.ClickHouse.Reading;

namespace CfLogStream.Server.Insight.Requests;

/// <summary>What a request's caller did before, after and around it.</summary>
internal sealed class CallerLookup
{
    /// <summary>Days before and after a request that are looked at.</summary>
    public const int Days = 7;

    /// <summary>Minutes before and after it in which neighbours are looked for.</summary>
    public const int NeighbourMinutes = 2;

    private const int MaxNeighbours = 6;

    private readonly Queries _queries;

    public CallerLookup(Queries queries)
    {
        _queries = queries;
    }

    /// <summary>From <c>callers_1h</c>: whole hours; of the request's own hour the good answers count when the last of them came before it.</summary>
    /// <remarks>Not FINAL: that would read all callers of the host. The caller is part of the key, so its newest rows are found by version.</remarks>
    public async Task<CallerPast?> OnHostAsync(RequestColumns request, CancellationToken ct)
    {
        IReadOnlyList<CallerPast> rows = await _queries.ReadAsync(
            $"""
            SELECT
                toFloat64(sumIf(r.3, h < toStartOfHour(at)) + own_good), toFloat64(sumIf(r.1, h < toStartOfHour(at)) + own_good),
                toFloat64(sumIf(r.2, h < toStartOfHour(at))),
                toUnixTimestamp64Nano(maxIf(r.4, r.4 < at)), toInt64(0),
                toFloat64(sumIf(r.1, h > toStartOfHour(at))), toUnixTimestamp64Nano(maxIf(r.4, r.4 > at)), count(),
                sumIf(r.1, h = toStartOfHour(at) AND r.4 < at) AS own_good
            FROM (
                SELECT hour AS h, partition, chunk, argMax((good, lost, requests, last_good), version) AS r,
                    fromUnixTimestamp64Nano({"{at:Int64}"}, 'UTC') AS at
                FROM {_queries.Table("callers_1h")}
                WHERE zone = {"{zone:String}"} AND host = {"{host:String}"} AND caller = {"{caller:UInt64}"}
                    AND hour >= toDateTime({"{from:UInt32}"}, 'UTC') AND hour <= toDateTime({"{to:UInt32}"}, 'UTC')
                GROUP BY hour, partition, chunk
            )
            """,
            Span(request),
            row => Past(request, row, (long)row.GetFieldValue<ulong>(7)),
            ct).ConfigureAwait(false);
        return rows.FirstOrDefault(static past => past.Kept > 0) is { } past ? past with { Kept = 0 } : null;
    }

    /// <summary>From the kept requests, each with its weight.</summary>
    public async Task<CallerPast?> OnEndpointAsync(RequestColumns request, CancellationToken ct)
    {
        IReadOnlyList<CallerPast> rows = await _queries.ReadAsync(
            $"""
            SELECT
                sumIf(w, t < at), sumIf(w, t < at AND good), sumIf(w, t < at AND is_lost),
                toUnixTimestamp64Nano(maxIf(t, t < at AND good)), toUnixTimestamp64Nano(minIf(t, is_lost)),
                sumIf(w, t > at AND good), toUnixTimestamp64Nano(minIf(t, t > at AND good)), count()
            FROM (
                SELECT time AS t, argMax((weight, lost, edge_status), version) AS r, r.1 AS w, r.2 AS is_lost,
                    NOT r.2 AND r.3 >= 100 AND r.3 < 400 AS good, fromUnixTimestamp64Nano({"{at:Int64}"}, 'UTC') AS at
                FROM {_queries.Table("requests")}
                WHERE zone = {"{zone:String}"} AND host = {"{host:String}"} AND caller = {"{caller:UInt64}"} AND template = {"{template:String}"}
                    AND method = {"{method:String}"} AND ray != {"{ray:String}"}
                    AND time >= toDateTime({"{from:UInt32}"}, 'UTC') AND time <= toDateTime({"{to:UInt32}"}, 'UTC')
                GROUP BY ray, time, partition
            )
            """,
            Span(request).Add("template", request.Text("template")).Add("method", request.Text("method")).Add("ray", request.Text("ray")),
            row => Past(request, row, (long)row.GetFieldValue<ulong>(7)),
            ct).ConfigureAwait(false);
        return rows.FirstOrDefault(static past => past.Kept > 0);
    }

    /// <summary>The caller's kept requests of the minutes around, those nearest in time, oldest first.</summary>
    public async Task<IReadOnlyList<Neighbour>> NeighboursAsync(RequestColumns request, CancellationToken ct)
    {
        const string Columns = "time, ray, method, host, path, outcome, toInt32(edge_status), toInt32(origin_status), weight, zone, partition, version";
        string conditions = $"zone = {"{zone:String}"} AND caller = {"{caller:UInt64}"} AND ray != {"{ray:String}"} "
            + $"AND time >= fromUnixTimestamp64Nano({"{first:Int64}"}, 'UTC') AND time <= fromUnixTimestamp64Nano({"{last:Int64}"}, 'UTC')";
        long span = NeighbourMinutes * TimeSpan.NanosecondsPerTick * TimeSpan.TicksPerMinute;
        long at = Nanoseconds(request.Time("time"));
        IReadOnlyList<Neighbour> nearest = await _queries.ReadAsync(
            $"""
            SELECT * FROM (
                SELECT {Columns}, toUInt8(0) AS early FROM {_queries.Table("requests")} WHERE {conditions}
                UNION ALL
                SELECT {Columns}, toUInt8(1) AS early FROM {_queries.Table("requests_early")} WHERE {conditions}
            )
            ORDER BY abs(toUnixTimestamp64Nano(time) - {"{at:Int64}"}), ray, early, version DESC
            LIMIT 1 BY ray, time
            LIMIT {MaxNeighbours}
            """,
            Span(request).Add("ray", request.Text("ray")).Add("first", at - span).Add("last", at + span),
            static row => new Neighbour(
                DateTime.SpecifyKind(row.GetFieldValue<DateTime>(0), DateTimeKind.Utc),
                row.GetString(1),
                row.GetString(2),
                row.GetString(3),
                row.GetString(4),
                row.GetString(5),
                row.GetFieldValue<int>(6),
                row.GetFieldValue<int>(7),
                row.GetFieldValue<double>(8)),
            ct).ConfigureAwait(false);
        return [.. nearest.OrderBy(static neighbour => neighbour.Time)];
    }

    /// <summary>The request's kind of client on its host in its minute, from the exact sums.</summary>
    public async Task<MinuteTraffic?> MinuteAsync(RequestColumns request, CancellationToken ct)
    {
        DateTime time = request.Time("time");
        var minute = new DateTime(time.Year, time.Month, time.Day, time.Hour, time.Minute, 0, DateTimeKind.Utc);
        IReadOnlyList<MinuteTraffic> rows = await _queries.ReadAsync(
            $"""
            SELECT toInt64(sum(requests)), toInt64(sum(r.lost)), toInt64(uniqCombined64Merge(callers)),
                toInt64(sumIf(requests, path = {"{template:String}"} AND method = {"{method:String}"})),
                toInt64(sumIf(r.lost, path = {"{template:String}"} AND method = {"{method:String}"}))
            FROM {_queries.Table("requests_1m")} AS r FINAL
            WHERE zone = {"{zone:String}"} AND host = {"{host:String}"} AND window = toDateTime({"{minute:UInt32}"}, 'UTC')
                AND client_class = {"{class:String}"} AND client_name = {"{name:String}"} AND trust = {"{trust:String}"}
            """,
            Span(request)
                .Add("template", request.Text("template")).Add("method", request.Text("method")).Add("minute", Seconds(minute))
                .Add("class", request.Text("client_class")).Add("name", request.Text("client_name")).Add("trust", request.Text("trust")),
            row => new MinuteTraffic(
                minute,
                row.GetFieldValue<long>(0),
                row.GetFieldValue<long>(1),
                row.GetFieldValue<long>(2),
                row.GetFieldValue<long>(3),
                row.GetFieldValue<long>(4)),
            ct).ConfigureAwait(false);
        return rows.FirstOrDefault(static minute => minute.Requests > 0);
    }

    internal static uint Seconds(DateTime utc) => (uint)Math.Clamp((utc - DateTime.UnixEpoch).TotalSeconds, 0, uint.MaxValue);

    internal static long Nanoseconds(DateTime utc) => (utc - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;

    private static QueryParameters Span(RequestColumns request)
    {
        DateTime time = request.Time("time");
        return new QueryParameters()
            .Add("zone", request.Text("zone"))
            .Add("host", request.Text("host"))
            .Add("caller", request.Hash("caller"))
            .Add("at", Nanoseconds(time))
            .Add("from", Seconds(time.AddDays(-Days)))
            .Add("to", Seconds(time.AddDays(Days)));
    }

    private static CallerPast Past(RequestColumns request, DbDataReader row, long kept) => new(
        request.Time("time").AddDays(-Days),
        row.GetFieldValue<double>(0),
        row.GetFieldValue<double>(1),
        row.GetFieldValue<double>(2),
        TimeOf(row.GetFieldValue<long>(3)),
        TimeOf(row.GetFieldValue<long>(4)),
        row.GetFieldValue<double>(5),
        TimeOf(row.GetFieldValue<long>(6)),
        kept);

    // An aggregate over no row gives 1970-01-01.
    private static DateTime? TimeOf(long nanoseconds) => nanoseconds <= 0 ? null : DateTime.UnixEpoch.AddTicks(nanoseconds / 100);
}

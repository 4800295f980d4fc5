using System.Data.Common;
using CfLogStream.ClickHouse.Reading;
using CfLogStream.Core.Insight.Detection;
using CfLogStream.Core.Insight.Retesting;
using CfLogStream.Server.Insight.Requests;

namespace CfLogStream.Server.Insight.Retesting;

/// <summary>Reads how a client fares on an endpoint since a change.</summary>
public sealed class RetestReader
{
    /// <summary>How long before the change is looked at.</summary>
    public static readonly TimeSpan Past = TimeSpan.FromHours(24);

    private const int RaysPerOutcome = 2;

    private readonly Queries _queries;
    private readonly string _database;

    public RetestReader(Queries queries, string database)
    {
        _queries = queries;
        _database = database;
    }

    /// <summary>Returns the first whole minute from a time on, UTC.</summary>
    public static DateTime WholeMinute(DateTime time)
    {
        long rest = time.Ticks % TimeSpan.TicksPerMinute;
        return rest == 0 ? time : time.AddTicks(TimeSpan.TicksPerMinute - rest);
    }

    /// <summary>Reads and judges.</summary>
    /// <param name="from">The first whole minute that counts, UTC.</param>
    /// <param name="successes">As <see cref="RetestInput.Successes"/>.</param>
    public async Task<RetestAnswer> ReadAsync(RetestSubject subject, DateTime from, int? successes, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(subject);
        DateTime past = from - Past;
        Task<IReadOnlyList<(DateTime Time, long[] Counts)>> minutes = ReadAsync(
            RetestSql.Minutes,
            Parameters(subject, past),
            static row => (At(row), Enumerable.Range(1, 6).Select(row.GetFieldValue<long>).ToArray()),
            ct);
        Task<IReadOnlyList<(DateTime Time, RetestStop Stop)>> stops = ReadAsync(
            RetestSql.Stops,
            Parameters(subject, past),
            static row => (At(row), new RetestStop(
                new RuleKey(row.GetString(1), row.GetString(2), row.GetString(3)), row.GetString(4), row.GetFieldValue<long>(5), row.GetFieldValue<long>(6))),
            ct);
        Task<IReadOnlyList<RetestRay>> rays = ReadAsync(RetestSql.Rays, Parameters(subject, from), ReadRay, ct);
        Task<IReadOnlyList<(long, long)>> elsewhere = ReadAsync(
            RetestSql.Elsewhere, Parameters(subject, from), static row => (row.GetFieldValue<long>(0), row.GetFieldValue<long>(1)), ct);
        Task<IReadOnlyList<(bool IsSince, RetestCounts Counts)>> scanners = ReadAsync(
            RetestSql.Scanners,
            Parameters(subject, from),
            static row => (row.GetFieldValue<byte>(0) != 0, new RetestCounts(
                row.GetFieldValue<long>(1), row.GetFieldValue<long>(2), row.GetFieldValue<long>(3), row.GetFieldValue<long>(4))),
            ct);
        Task<ReadSpan> read = new AbsenceQueries(_queries).ReadAsync(ct);
        await Task.WhenAll(minutes, stops, rays, elsewhere, scanners, read).ConfigureAwait(false);

        ILookup<DateTime, RetestStop> stopsOf = (await stops.ConfigureAwait(false)).ToLookup(static row => row.Time, static row => row.Stop);
        var all = new List<RetestMinute>();
        long errors = 0;
        long open = 0;
        foreach ((DateTime time, long[] counts) in await minutes.ConfigureAwait(false))
        {
            // Requests, lost, open challenges of scripts and of pages, callers, origin errors.
            all.Add(new RetestMinute(time, Math.Max(0, counts[0] - counts[3]), counts[1] + counts[2], counts[4], [.. stopsOf[time]]));
            errors += time >= from ? counts[5] : 0;
            open += time >= from ? counts[3] : 0;
        }

        all.RemoveAll(static minute => minute.Requests == 0);
        DateTime? newest = (await read.ConfigureAwait(false)).Newest;
        RetestVerdict verdict = RetestJudge.Judge(new RetestInput
        {
            From = from,
            NewestMinute = newest,
            Before = [.. all.Where(minute => minute.Window < from)],
            After = [.. all.Where(minute => minute.Window >= from)],
            Successes = successes,
        });
        return new RetestAnswer
        {
            Subject = subject,
            Verdict = verdict,
            NewestMinute = newest,
            Rules = await DescriptionsAsync(verdict, ct).ConfigureAwait(false),
            Rays = [.. (await rays.ConfigureAwait(false)).GroupBy(static ray => ray.Outcome).SelectMany(static some => some.Take(RaysPerOutcome))
                .OrderByDescending(static ray => ray.Time)],
            Elsewhere = (await elsewhere.ConfigureAwait(false))[0],
            OriginErrors = errors,
            OpenChallenges = open,
            Scanners = (await scanners.ConfigureAwait(false)).FirstOrDefault(static row => row.IsSince).Counts,
            ScannersBefore = (await scanners.ConfigureAwait(false)).FirstOrDefault(static row => !row.IsSince).Counts,
        };
    }

    /// <summary>Returns all that is kept of the request that a copy is best made of; null when none is kept.</summary>
    public async Task<RequestColumns?> ExampleAsync(RetestSubject subject, DateTime from, CancellationToken ct)
    {
        IReadOnlyList<string> found = await ReadAsync(RetestSql.Example, Parameters(subject, from - Past), static row => row.GetString(0), ct)
            .ConfigureAwait(false);
        return found.Count == 0 ? null
            : (await new RayLookup(_queries).FindAsync(found[0], ct).ConfigureAwait(false)).FirstOrDefault(row => row.Text("ray") == found[0]);
    }

    /// <summary>Returns endpoints of the subject's host, those its client used most first.</summary>
    public Task<IReadOnlyList<string>> KnownEndpointsAsync(RetestSubject subject, DateTime from, CancellationToken ct) =>
        ReadAsync(RetestSql.Known, Parameters(subject, from - Past), row => $"{row.GetString(0)} {subject.Host}{row.GetString(1)}", ct);

    private async Task<IReadOnlyDictionary<RuleKey, string>> DescriptionsAsync(RetestVerdict verdict, CancellationToken ct)
    {
        RuleKey[] keys = [.. verdict.StoppedSinceBy.Concat(verdict.SetAside).Append(verdict.StoppedBefore ?? default)
            .Select(static stop => stop.Rule).Where(static key => !string.IsNullOrEmpty(key.Id)).Distinct()];
        if (keys.Length == 0)
        {
            return new Dictionary<RuleKey, string>();
        }

        IReadOnlyList<(RuleKey Key, string Text)> found = await ReadAsync(
            RetestSql.Rules,
            new QueryParameters().Add("ids", keys.Select(static key => key.Id).Distinct().ToArray()).Add("rows", (uint)RetestSql.MaxRows),
            static row => (new RuleKey(row.GetString(0), row.GetString(1), row.GetString(2)), row.GetString(3)),
            ct).ConfigureAwait(false);
        return found.ToDictionary(static rule => rule.Key, static rule => rule.Text);
    }

    private static RetestRay ReadRay(DbDataReader row) => new(
        DateTime.SpecifyKind(row.GetFieldValue<DateTime>(0), DateTimeKind.Utc),
        row.GetString(1),
        row.GetString(2),
        row.GetFieldValue<int>(3),
        row.GetFieldValue<int>(4) is > 0 and int origin ? origin : null,
        row.GetFieldValue<byte>(5) != 0);

    private static DateTime At(DbDataReader row) => DateTime.UnixEpoch.AddSeconds(row.GetFieldValue<uint>(0));

    private static QueryParameters Parameters(RetestSubject subject, DateTime from) => new QueryParameters()
        .Add("client", subject.Client)
        .Add("name", subject.ClientName)
        .Add("trust", subject.Trust)
        .Add("zone", subject.Zone)
        .Add("host", subject.Host)
        .Add("method", subject.Method)
        .Add("path", subject.Path)
        .Add("from", from)
        .Add("rows", (uint)RetestSql.MaxRows);

    private Task<IReadOnlyList<T>> ReadAsync<T>(string template, QueryParameters parameters, Func<DbDataReader, T> read, CancellationToken ct) =>
        _queries.ReadAsync(
            template
                .Replace("${client}", RetestSql.Client, StringComparison.Ordinal)
                .Replace("${host}", RetestSql.Host, StringComparison.Ordinal)
                .Replace("${method}", RetestSql.Method, StringComparison.Ordinal)
                .Replace("${settings}", RetestSql.Settings, StringComparison.Ordinal)
                .Replace("${database}", _database, StringComparison.Ordinal),
            parameters,
            read,
            ct);
}

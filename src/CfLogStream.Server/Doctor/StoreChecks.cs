using System.Globalization;
using CfLogStream.ClickHouse.Reading;

namespace CfLogStream.Server.Doctor;

/// <summary>Asks the store of a running service what has arrived, what was joined and what was set aside.</summary>
public sealed class StoreChecks(Queries queries, int minutes)
{
    private const double FewDeadLetters = 0.001;
    private const double ManyDeadLetters = 0.01;
    private const double NearlyAll = 0.95;
    private const double Half = 0.5;
    private const double FewLate = 0.01;
    private static readonly TimeSpan s_clockError = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_usualLag = TimeSpan.FromMinutes(15);

    private readonly List<Finding> _findings = [];

    /// <summary>Runs all checks.</summary>
    /// <param name="now">The time of this machine's clock.</param>
    public async Task<IReadOnlyList<Finding>> RunAsync(DateTimeOffset now, CancellationToken ct)
    {
        DateTime theirs = await queries.ScalarAsync<DateTime>("SELECT now('UTC')", null, ct).ConfigureAwait(false);
        TimeSpan apart = new DateTimeOffset(DateTime.SpecifyKind(theirs, DateTimeKind.Utc)) - now;
        _findings.Add(apart.Duration() < s_clockError
            ? Finding.Ok("clock", "that of ClickHouse agrees")
            : Finding.Warning(
                "clock",
                string.Create(CultureInfo.InvariantCulture, $"that of ClickHouse is {apart.TotalSeconds:0} seconds apart"),
                "what counts as new, old or of the future depends on who is asked",
                "Set both by NTP."));
        long tables = await queries.ScalarAsync<long>(
            "SELECT toInt64(count()) FROM system.tables WHERE database = {database:String} AND name = 'data_quality'",
            new QueryParameters().Add("database", queries.Table("data_quality").Split('.')[0]),
            ct).ConfigureAwait(false);
        if (tables == 0)
        {
            _findings.Add(Finding.Problem(
                "store",
                "it has no tables of this program",
                "nothing was ever written",
                "Start 'cflogstream serve'."));
            return _findings;
        }

        await LogAsync(now, ct).ConfigureAwait(false);
        IReadOnlyList<Quality> quality = await QualityAsync(ct).ConfigureAwait(false);
        Quality requests = quality.FirstOrDefault(row => row.Dataset == "http_requests") ?? new Quality("http_requests");
        Quality events = quality.FirstOrDefault(row => row.Dataset == "firewall_events") ?? new Quality("firewall_events");
        Presence(requests, events, now);
        Join(requests, events);
        await DeadLettersAsync(quality, ct).ConfigureAwait(false);
        foreach (Quality dataset in new[] { requests, events })
        {
            Order(dataset);
        }

        return _findings;
    }

    private async Task LogAsync(DateTimeOffset now, CancellationToken ct)
    {
        var rows = await queries.ReadAsync(
            $"""
            SELECT log, toInt64(count()), toInt64(sum(arraySum((f, t) -> t - f, gap_from, gap_to))), max(updated)
            FROM {queries.Table("progress")} FINAL GROUP BY log ORDER BY log
            """,
            null,
            row => (Log: row.GetString(0), Partitions: row.GetInt64(1), Lost: row.GetInt64(2), Updated: row.GetDateTime(3)),
            ct).ConfigureAwait(false);
        if (rows.Count == 0)
        {
            _findings.Add(Finding.Warning(
                "log", "no progress is written", "what arrives is not in the tables yet", "Look at what the process role logs, if it stays so."));
        }

        foreach ((string log, long partitions, long lost, DateTime updated) in rows)
        {
            TimeSpan age = now - new DateTimeOffset(DateTime.SpecifyKind(updated, DateTimeKind.Utc));
            _findings.Add(lost > 0
                ? Finding.Problem(
                    $"log '{log}'",
                    $"{lost} offsets were gone before they were read",
                    "their records are lost",
                    "Give the log more room or time (spool.max_bytes, spool.max_age_secs, or the topic's retention).")
                : Finding.Ok(
                    $"log '{log}'",
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{partitions} partitions without gaps, progress written {age.TotalMinutes:0} minutes ago")));
        }
    }

    private Task<IReadOnlyList<Quality>> QualityAsync(CancellationToken ct) => queries.ReadAsync(
        $$"""
        SELECT toString(dataset), toInt64(sum(received)), toInt64(sum(counted)), toInt64(sum(dead_lettered)), toInt64(sum(late)),
               toInt64(sum(future)), toInt64(sum(unmatched)), toInt64(sum(forced)), max(window)
        FROM {{queries.Table("data_quality")}}
        WHERE window >= now('UTC') - toIntervalMinute({minutes:UInt32}) OR toUnixTimestamp(window) = 0
        GROUP BY dataset ORDER BY dataset
        """,
        new QueryParameters().Add("minutes", (uint)minutes),
        row => new Quality(row.GetString(0))
        {
            Received = row.GetInt64(1),
            Counted = row.GetInt64(2),
            DeadLettered = row.GetInt64(3),
            Late = row.GetInt64(4),
            Future = row.GetInt64(5),
            Unmatched = row.GetInt64(6),
            Forced = row.GetInt64(7),
            Newest = new DateTimeOffset(DateTime.SpecifyKind(row.GetDateTime(8), DateTimeKind.Utc)),
        },
        ct);

    private void Presence(Quality requests, Quality events, DateTimeOffset now)
    {
        const string Look =
            "Look at the job's state and last error in the Cloudflare dashboard, and at what the receiver answers (cflogstream.receiver.uploads).";
        if (requests.Received == 0)
        {
            _findings.Add(Finding.Problem(
                "datasets",
                $"no http_requests in the last {minutes} minutes",
                "nothing is known of what passes",
                Look));
        }
        else if (now - requests.Newest > s_usualLag)
        {
            _findings.Add(Finding.Warning(
                "datasets", $"the newest http_requests are of {requests.Newest:u}", "what happened since is not known", Look));
        }
        else
        {
            _findings.Add(Finding.Ok(
                "datasets",
                $"http_requests: {requests.Received} records in the last {minutes} minutes, the newest of {requests.Newest:u}"));
        }

        _findings.Add(events.Received > 0
            ? Finding.Ok("datasets", $"firewall_events: {events.Received} records in the last {minutes} minutes")
            : requests.Unmatched > 0
            ? Finding.Problem(
                "datasets",
                $"no firewall_events in the last {minutes} minutes, and requests name {requests.Unmatched} security events",
                "rule descriptions and what a rule matched are not known; with correlation.await_events these requests are counted a quarter of an hour late",
                Look + " Without such a job set correlation.await_events to false.")
            : Finding.Warning(
                "datasets",
                $"no firewall_events in the last {minutes} minutes",
                "either no rule acted, or the job is missing and rules that only log or skip are not known",
                Look));
    }

    private void Join(Quality requests, Quality events)
    {
        if (events.Counted == 0)
        {
            return;
        }

        double share = 1 - ((double)events.Unmatched / events.Counted);
        string found = string.Create(
            CultureInfo.InvariantCulture,
            $"{share * 100:0.#} % of {events.Counted} security events have their request");
        _findings.Add(share >= NearlyAll
            ? Finding.Ok("join", found)
            : new Finding(
                share < Half ? FindingLevel.Problem : FindingLevel.Warning,
                "join",
                found,
                "http_requests is sampled or filtered, or comes later than correlation.join_horizon_secs: shares and rates are wrong",
                "Leave output_options.sample_rate out of both jobs (or set it to 1), and give both the same filter or none."));
        if (requests.Unmatched > (1 - NearlyAll) * events.Counted)
        {
            _findings.Add(Finding.Warning(
                "join",
                $"requests name {requests.Unmatched} security events that have not come",
                "their rules have no description, and what they matched is not known",
                "Leave output_options.sample_rate and filter out of the firewall_events job."));
        }
    }

    private async Task DeadLettersAsync(IReadOnlyList<Quality> quality, CancellationToken ct)
    {
        long received = quality.Sum(row => row.Received);
        long dead = quality.Sum(row => row.DeadLettered);
        double share = received == 0 ? 0 : (double)dead / received;
        if (dead == 0)
        {
            _findings.Add(Finding.Ok("dead letters", "none"));
            return;
        }

        IReadOnlyList<string> reasons = await queries.ReadAsync(
            $$"""
            SELECT toString(reason), toInt64(count()) AS letters FROM {{queries.Table("dead_letters")}} FINAL
            WHERE time >= now('UTC') - toIntervalMinute({minutes:UInt32}) OR toUnixTimestamp(time) = 0
            GROUP BY reason ORDER BY letters DESC, reason LIMIT 3
            """,
            new QueryParameters().Add("minutes", (uint)minutes),
            row => $"{row.GetString(0)} {row.GetInt64(1)}",
            ct).ConfigureAwait(false);
        string found = string.Create(
            CultureInfo.InvariantCulture,
            $"{dead} of {received} records ({share * 100:0.##} %), kept: {string.Join(", ", reasons)}");
        _findings.Add(new Finding(
            share > ManyDeadLetters ? FindingLevel.Problem : share > FewDeadLetters ? FindingLevel.Warning : FindingLevel.Ok,
            "dead letters",
            found,
            share > FewDeadLetters ? "they are in no count" : "",
            share > FewDeadLetters ? "See them with 'cflogstream dead-letters list', and see the job's output_options." : ""));
    }

    private void Order(Quality dataset)
    {
        if (dataset.Late > FewLate * dataset.Received)
        {
            _findings.Add(Finding.Warning(
                $"{dataset.Dataset} order",
                $"{dataset.Late} of {dataset.Received} records came after their window was closed",
                "they are counted in chunks of their own, and some miss their join",
                "Raise correlation.allowed_lateness_secs (with a new classification.generation)."));
        }

        if (dataset.Future > 0)
        {
            _findings.Add(Finding.Warning(
                $"{dataset.Dataset} order",
                $"{dataset.Future} records are of the future",
                "they move no watermark",
                "Set this machine's clock (NTP)."));
        }

        if (dataset.Forced > 0)
        {
            _findings.Add(Finding.Warning(
                $"{dataset.Dataset} order",
                $"{dataset.Forced} records were resolved before their join had its time",
                "some lack their security events",
                "Raise correlation.max_waiting, if there is memory."));
        }
    }

    private sealed record Quality(string Dataset)
    {
        public long Received { get; init; }

        public long Counted { get; init; }

        public long DeadLettered { get; init; }

        public long Late { get; init; }

        public long Future { get; init; }

        public long Unmatched { get; init; }

        public long Forced { get; init; }

        public DateTimeOffset Newest { get; init; }
    }
}

using CfLogStream.ClickHouse.Reading;
using CfLogStream.Core.Correlation;

namespace CfLogStream.Server.Insight.Requests;

/// <summary>Looks for the reasons why nothing is kept of a ray, traces of the ray itself first.</summary>
public sealed class RayAbsence
{
    private const int RayDigits = 16;

    private readonly AbsenceQueries _queries;
    private readonly CorrelationOptions _correlation;
    private readonly int _retentionDays;
    private readonly TimeProvider _time;

    /// <param name="retentionDays">Days that requests are kept; 0 keeps them.</param>
    public RayAbsence(Queries queries, CorrelationOptions correlation, int retentionDays, TimeProvider time)
    {
        _queries = new AbsenceQueries(queries);
        _correlation = correlation;
        _retentionDays = retentionDays;
        _time = time;
    }

    /// <summary>Returns what was checked: traces first, then what is possible, what is excluded, and what cannot be checked here.</summary>
    public async Task<IReadOnlyList<AbsenceCheck>> ExplainAsync(string ray, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(ray);
        KeptSpan span = await _queries.SpanAsync(ct).ConfigureAwait(false);
        var checks = new List<AbsenceCheck>
        {
            Malformed(ray),
            Span(span),
            await FreshnessAsync(span, ct).ConfigureAwait(false),
            await SampleAsync(span, ct).ConfigureAwait(false),
            await CapAsync(span, ct).ConfigureAwait(false),
            await DeadLettersAsync(ray, ct).ConfigureAwait(false),
            await NamedAsync(ray, ct).ConfigureAwait(false),
            await ExampleAsync(ray, span, ct).ConfigureAwait(false),
            await SubrequestsAsync(span, ct).ConfigureAwait(false),
            await UnmatchedAsync(span, ct).ConfigureAwait(false),
            await GapsAsync(ct).ConfigureAwait(false),
            new("job_filter", AbsenceFinding.NotCheckable,
                "a filter or sample rate of the Logpush job, a job of another zone, and --from, --to, --host or --zone of an analysis leave no trace"),
            new("tls_handshake", AbsenceFinding.NotCheckable, "a request that failed in the TLS handshake (a wrong SNI too) is in no log, though it may have a ray"),
            new("skip_without_logging", AbsenceFinding.NotCheckable,
                "a skip rule with logging off leaves no security event: such a request looks as one that no control touched, and is only sampled"),
        };
        return [.. checks.OrderBy(static check => check.Finding)];
    }

    private static AbsenceCheck Malformed(string ray)
    {
        bool isHex = ray.Length == RayDigits && ray.All(char.IsAsciiHexDigit);
        return isHex
            ? new("malformed", AbsenceFinding.Excluded, "it is 16 hexadecimal digits, as a RayID is")
            : new("malformed", AbsenceFinding.Possible, $"a RayID is 16 hexadecimal digits, and '{ray}' is not: {(ray.Length == RayDigits ? "it has others" : $"it has {ray.Length} characters")}");
    }

    private AbsenceCheck Span(KeptSpan span)
    {
        if (span.Kept == 0)
        {
            return new("span", AbsenceFinding.Possible, "no request is kept here: analyse uploads first, or name the same --data or --clickhouse");
        }

        string retention = _retentionDays > 0 ? $"they are kept for {_retentionDays} days" : "they are kept for ever";
        return new("span", AbsenceFinding.Possible, $"{span.Kept:N0} requests are kept from {At(span.First)} to {At(span.Last)}; {retention}");
    }

    private async Task<AbsenceCheck> FreshnessAsync(KeptSpan span, CancellationToken ct)
    {
        ReadSpan read = await _queries.ReadAsync(ct).ConfigureAwait(false);
        if (read.Newest is not { } newest)
        {
            return new("lag", AbsenceFinding.Possible, "no record of http_requests or firewall_events was read here");
        }

        TimeSpan behind = _time.GetUtcNow().UtcDateTime - newest;
        TimeSpan open = _correlation.AllowedLateness + _correlation.JoinHorizon + TimeSpan.FromMinutes(1);
        string waiting = read.InFlight > 0 ? $"; {read.InFlight:N0} records of the last hour wait for their partners" : "";
        return new(
            "lag",
            AbsenceFinding.Possible,
            $"the newest minute read is {At(newest)}, {Words(behind)} ago: what is newer has not come. Lost requests are found once their security "
            + $"events are there, all others about {open.TotalMinutes:0} minutes of log time later{waiting}"
            + (span.Kept > 0 && read.ClosedBefore is { } closed ? $"; minutes before {At(closed)} are closed" : ""));
    }

    private async Task<AbsenceCheck> SampleAsync(KeptSpan span, CancellationToken ct)
    {
        if (_correlation.SampleOneOf == 1)
        {
            return new("sample", AbsenceFinding.Excluded, "passed requests are all kept (correlation.sample_one_of is 1)");
        }

        (long passed, long kept) = await _queries.PassedAsync(span.Last, ct).ConfigureAwait(false);
        string rule = _correlation.SampleOneOf == 0 ? "none are kept" : $"one in {_correlation.SampleOneOf} is kept";
        return new(
            "sample",
            AbsenceFinding.Possible,
            $"it passed: of requests that no control touched {rule} (correlation.sample_one_of); of the newest day's {passed:N0} there are {kept:N0}");
    }

    private async Task<AbsenceCheck> CapAsync(KeptSpan span, CancellationToken ct)
    {
        (long lost, long kept) = await _queries.LostAsync(span.Last, ct).ConfigureAwait(false);
        return kept >= lost
            ? new("cap", AbsenceFinding.Excluded, $"the limit per minute, host and rule took nothing: of the newest day's {lost:N0} lost requests all are kept")
            : new("cap", AbsenceFinding.Possible,
                $"past {_correlation.LostPerWindowHostRule} per minute, host and rule lost requests are sampled (correlation.lost_per_window_host_rule): "
                + $"of the newest day's {lost:N0} there are {kept:N0}");
    }

    private async Task<AbsenceCheck> DeadLettersAsync(string ray, CancellationToken ct)
    {
        (IReadOnlyList<string> found, long searched, long all) = await _queries.DeadLettersAsync(ray, ct).ConfigureAwait(false);
        string part = searched < all ? $" (the newest {searched:N0} of {all:N0} were searched)" : "";
        return found.Count > 0
            ? new("dead_letters", AbsenceFinding.Trace, $"a rejected line names it{part}: {string.Join("; ", found)}. See 'cflogstream dead-letters'")
            : new("dead_letters", AbsenceFinding.Excluded, $"none of {all:N0} rejected lines names it{part}");
    }

    private async Task<AbsenceCheck> NamedAsync(string ray, CancellationToken ct)
    {
        IReadOnlyList<string> found = await _queries.NamedAsync(ray, ct).ConfigureAwait(false);
        return found.Count > 0
            ? new("originator", AbsenceFinding.Trace, $"it issued a challenge that another request answered: 'cflogstream ray {found[0]}'")
            : new("originator", AbsenceFinding.Excluded, "no kept request names it as the one that was challenged");
    }

    private async Task<AbsenceCheck> ExampleAsync(string ray, KeptSpan span, CancellationToken ct)
    {
        IReadOnlyList<string> found = await _queries.ExamplesAsync(ray, span.Last, ct).ConfigureAwait(false);
        return found.Count > 0
            ? new("example", AbsenceFinding.Trace, $"it is an example of what a rule matched: {found[0]}")
            : new("example", AbsenceFinding.Excluded, "no rule of the newest days names it as an example of its matches");
    }

    private async Task<AbsenceCheck> SubrequestsAsync(KeptSpan span, CancellationToken ct)
    {
        (long workers, long cloudflare) = await _queries.UncountedAsync(span.Last, ct).ConfigureAwait(false);
        return workers + cloudflare == 0
            ? new("subrequest", AbsenceFinding.Excluded, "no Worker subrequests and none of Cloudflare's own requests came on the newest day")
            : new("subrequest", AbsenceFinding.Possible,
                $"it is a Worker's subrequest, which counts under its parent's ray, or Cloudflare's own request: {workers:N0} and {cloudflare:N0} on the newest day");
    }

    private async Task<AbsenceCheck> UnmatchedAsync(KeptSpan span, CancellationToken ct)
    {
        (long events, long requests) = await _queries.UnmatchedAsync(span.Last, ct).ConfigureAwait(false);
        return events + requests == 0
            ? new("partners", AbsenceFinding.Excluded, "every security event of the newest day met its request, and every announced event came: no job looks sampled")
            : new("partners", AbsenceFinding.Possible,
                $"a job is sampled or filtered, or late: on the newest day {events:N0} security events had no request, {requests:N0} requests missed announced events");
    }

    private async Task<AbsenceCheck> GapsAsync(CancellationToken ct)
    {
        (long partitions, long lost) = await _queries.GapsAsync(ct).ConfigureAwait(false);
        return lost > 0
            ? new("log_gaps", AbsenceFinding.Possible, $"{lost:N0} messages of the log were gone before they were read (gaps in the progress of {partitions:N0} partitions)")
            : new("log_gaps", AbsenceFinding.Excluded, partitions == 0 ? "no log was processed here, so none has gaps" : "the log has no gaps");
    }

    private static string At(DateTime utc) => utc.ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture) + " UTC";

    private static string Words(TimeSpan span) => span.TotalDays >= 2 ? $"{span.TotalDays:0} days"
        : span.TotalHours >= 2 ? $"{span.TotalHours:0} hours"
        : $"{Math.Max(0, span.TotalMinutes):0} minutes";
}

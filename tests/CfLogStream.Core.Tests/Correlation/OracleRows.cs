using System.Globalization;
using CfLogStream.Core.Correlation;
using CfLogStream.Core.Traffic;

namespace CfLogStream.Core.Tests.Correlation;

/// <summary>Groups the oracle's facts into rows.</summary>
public static class OracleRows
{
    private const string Other = "{other}";

    private sealed record Counted(RequestFact Fact, EndpointKey Endpoint, ClientKey Client);

    public static RowBook Build(
        CorrelationOptions options, uint partition, IReadOnlyList<RequestFact> requests, IReadOnlyList<QualityFact> quality)
    {
        var book = new RowBook();
        Quality(book, partition, quality);
        foreach (var window in requests.GroupBy(fact => (fact.At.Minute, fact.At.Chunk)))
        {
            Minute(book, options, partition, window.Key.Minute, window.Key.Chunk, window.ToList());
        }

        foreach (var window in requests.Where(IsClientTraffic).GroupBy(fact => (Hour: fact.At.Minute / 3600 * 3600, fact.At.Chunk)))
        {
            Hour(book, options, partition, window.Key.Hour, window.Key.Chunk, window.ToList());
        }

        return book;
    }

    private static bool IsClientTraffic(RequestFact fact) =>
        !fact.At.Line.Has(RecordFlags.WorkerSubrequest) && !fact.At.Line.Has(RecordFlags.Internal);

    private static void Quality(RowBook book, uint partition, IReadOnlyList<QualityFact> facts)
    {
        foreach (var group in facts.GroupBy(fact => (fact.Minute, fact.Chunk, fact.Dataset)))
        {
            ulong Sum(string counter) => (ulong)group.Where(fact => fact.Counter == counter).Sum(fact => fact.Amount);
            book.Add(new QualityRow
            {
                Key = new RowKey(group.Key.Minute, partition, group.Key.Chunk, Version(group.Max(fact => fact.Offset))),
                Dataset = group.Key.Dataset,
                Received = Sum("received"),
                Counted = Sum("counted"),
                Duplicates = Sum("duplicate"),
                DeadLettered = Sum("dead"),
                Late = Sum("late"),
                Future = Sum("future"),
                Unmatched = Sum("unmatched"),
                Subrequests = Sum("subrequest"),
                Internal = Sum("internal"),
                Forced = Sum("forced"),
            });
        }
    }

    private static void Minute(
        RowBook book, CorrelationOptions options, uint partition, uint minute, ulong chunk, List<RequestFact> facts)
    {
        var hosts = new Dictionary<string, HashSet<string>>();
        var templates = new Dictionary<string, HashSet<string>>();
        var clients = new Dictionary<string, HashSet<string>>();
        var counted = new List<Counted>();
        var kept = new List<(string Group, RequestFact Fact)>();
        foreach (RequestFact fact in facts)
        {
            LogLine line = fact.At.Line;
            bool subrequest = line.Has(RecordFlags.WorkerSubrequest);
            bool client = IsClientTraffic(fact);
            if (!client && !(subrequest && fact.Lost))
            {
                continue;
            }

            string host = Admit(hosts, line.Zone, line.Host, options.HostsPerWindowZone);
            if (client)
            {
                string scope = $"{line.Zone} {host}";
                string template = line.Has(RecordFlags.KnownTemplate)
                    ? line.Template
                    : Admit(templates, scope, line.Template, options.TemplatesPerWindowHost);
                string identity = $"{line.ClientClass}\t{line.ClientName}\t{line.Trust}";
                string name = Admit(clients, scope, identity, options.ClientsPerWindowHost) == Other ? Other : line.ClientName;
                counted.Add(new Counted(
                    fact,
                    new EndpointKey(line.Zone, host, line.Method, template, template == Other ? Surface.Unknown : line.Surface),
                    new ClientKey(line.ClientClass, name, line.Trust)));
            }

            bool sampled = fact.Outcome == Outcome.Passed && options.SampleOneOf > 0 && line.Has(RecordFlags.Sampled);
            if (fact.Lost || fact.Outcome is Outcome.Exempted or Outcome.Logged or Outcome.ChallengeSolved)
            {
                MatchFact? first = fact.Matches.Count == 0 ? null : fact.Matches[0];
                kept.Add(($"{line.Zone} {host} {first?.Control}\t{first?.RuleId}\t{first is null}", fact));
            }
            else if (sampled)
            {
                kept.Add(("sample", fact));
            }
        }

        Requests(book, options, partition, minute, chunk, counted);
        Mitigations(book, options, partition, minute, chunk, counted);
        Kept(book, options, kept);
    }

    private static string Admit(Dictionary<string, HashSet<string>> admitted, string scope, string value, int cap)
    {
        if (!admitted.TryGetValue(scope, out HashSet<string>? values))
        {
            admitted[scope] = values = [];
        }

        // A text that reads like the fold is the fold and takes nobody's place.
        if (value == Other || value.Split('\t').ElementAtOrDefault(1) == Other || (!values.Contains(value) && values.Count >= cap))
        {
            return Other;
        }

        values.Add(value);
        return value;
    }

    private static void Requests(
        RowBook book, CorrelationOptions options, uint partition, uint minute, ulong chunk, List<Counted> counted)
    {
        foreach (var group in counted.GroupBy(c => (c.Endpoint, c.Client)))
        {
            List<RequestFact> facts = group.Select(c => c.Fact).ToList();
            ulong Count(Func<RequestFact, bool> predicate) => (ulong)facts.Count(predicate);
            ulong Status(int from, int to) => Count(f => f.At.Line.Status >= from && f.At.Line.Status < to);
            book.Add(new RequestsRow
            {
                Key = new RowKey(minute, partition, chunk, Version(facts.Max(f => f.Offset))),
                Endpoint = group.Key.Endpoint,
                Client = group.Key.Client,
                Requests = (ulong)facts.Count,
                EventOnly = Count(f => !f.IsRequest),
                Passed = Count(f => f.Outcome == Outcome.Passed),
                Exempted = Count(f => f.Outcome == Outcome.Exempted),
                Logged = Count(f => f.Outcome == Outcome.Logged),
                Challenged = Count(f => f.Outcome == Outcome.Challenged),
                ChallengeSolved = Count(f => f.Outcome == Outcome.ChallengeSolved),
                RateLimited = Count(f => f.Outcome == Outcome.RateLimited),
                Blocked = Count(f => f.Outcome == Outcome.Blocked),
                Dropped = Count(f => f.Outcome == Outcome.Dropped),
                Lost = Count(f => f.Lost),
                EdgeErrors = Count(f => f.At.Line.Status is >= 400 and < 600 && f.At.Line.OriginStatus == 0
                    && (f.At.Line.Has(RecordFlags.HasOriginStatus) || f.Lost)),
                OriginErrors = Count(f => f.At.Line.Status is >= 400 and < 600 && f.At.Line.OriginStatus != 0),
                Preflights = Count(f => f.At.Line.Has(RecordFlags.Preflight)),
                Status1xx = Status(100, 200),
                Status2xx = Status(200, 300),
                Status3xx = Status(300, 400),
                Status4xx = Status(400, 500),
                Status5xx = Status(500, 600),
                StatusOther = Count(f => f.At.Line.Status is < 100 or >= 600),
                RequestBytes = (ulong)facts.Sum(f => f.At.Line.RequestBytes),
                ResponseBytes = (ulong)facts.Sum(f => f.At.Line.ResponseBytes),
                Latency = Enumerable.Range(0, 16)
                    .Select(bucket => Count(f => f.At.Line.LatencyMs >= 0 && Bucket(f.At.Line.LatencyMs) == bucket)).ToArray(),
                Callers = Callers(facts, options.CallersPerRow),
            });
        }
    }

    private static int Bucket(int latencyMs)
    {
        int[] bounds = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000];
        return bounds.Count(bound => latencyMs > bound);
    }

    private static ulong[] Callers(IEnumerable<RequestFact> facts, int cap) =>
        facts.Select(f => f.At.Line.Caller).Distinct().Take(cap).Order().ToArray();

    private static void Mitigations(
        RowBook book, CorrelationOptions options, uint partition, uint minute, ulong chunk, List<Counted> counted)
    {
        var matches = counted.SelectMany(c => c.Fact.Matches.Select((match, i) =>
            (c.Fact, c.Endpoint, c.Client, Match: match, Lost: i == 0 && c.Fact.Lost && c.Fact.HasTerminating)));
        foreach (var group in matches.GroupBy(m => (m.Endpoint, m.Client, m.Match.Control, m.Match.RuleId, m.Match.Action)))
        {
            List<LogLine> lines = group.Select(m => m.Fact.At.Line).ToList();
            ulong[] Buckets(Func<LogLine, int> score, params int[] bounds) =>
                Enumerable.Range(0, 5)
                    .Select(bucket => (ulong)lines.Count(line => bounds.Count(b => score(line) >= b) == bucket))
                    .ToArray();
            book.Add(new MitigationsRow
            {
                Key = new RowKey(minute, partition, chunk, Version(group.Max(m => m.Fact.Offset))),
                Endpoint = group.Key.Endpoint,
                Client = group.Key.Client,
                Control = group.Key.Control,
                RuleId = group.Key.RuleId,
                Action = group.Key.Action,
                Count = (ulong)group.Count(),
                Lost = (ulong)group.Count(m => m.Lost),
                FirstSeenNs = lines.Min(line => line.TimeNs),
                LastSeenNs = lines.Max(line => line.TimeNs),
                BotScores = Buckets(line => line.BotScore, 1, 2, 30, 60),
                WafScores = Buckets(line => line.WafScore, 1, 21, 51, 81),
                Callers = Callers(group.Select(m => m.Fact), options.CallersPerRow),
                ExampleRays = lines.Select(line => line.Ray).Distinct()
                    .OrderBy(ray => StableHash.Of(LogWriter.RayValue(ray))).Take(3).Select(ray => (Utf8Text)ray).ToArray(),
            });
        }
    }

    private static void Kept(RowBook book, CorrelationOptions options, List<(string Group, RequestFact Fact)> kept)
    {
        foreach (var group in kept.GroupBy(k => k.Group, k => k.Fact))
        {
            bool sample = group.Key == "sample";
            List<RequestFact> chosen = group
                .OrderBy(f => StableHash.Of(LogWriter.RayValue(f.At.Line.Ray)))
                .ThenBy(f => f.At.Line.TimeNs)
                .ThenBy(f => f.At.Offset)
                .Take(sample ? int.MaxValue : options.LostPerWindowHostRule)
                .ToList();
            double weight = sample ? options.SampleOneOf : (double)group.Count() / chosen.Count;
            foreach (RequestFact fact in chosen)
            {
                LogLine line = fact.At.Line;
                var row = new KeptRow(
                    line.Ray, line.TimeNs, fact.Outcome, fact.Lost, fact.IsRequest, fact.HasEvents, weight, fact.Subrequests,
                    fact.Matches.Select(m => new MatchedRule(
                        m.Control, m.Action, m.RuleId, m.Ref, m.Description, m.Index, m.Originator)).ToList(),
                    line.Parent, line.Host);
                book.Put(string.Create(CultureInfo.InvariantCulture, $"kept {line.Ray} {line.TimeNs}"), Version(fact.Offset), row.Text);
            }
        }
    }

    private static void Hour(RowBook book, CorrelationOptions options, uint partition, uint hour, ulong chunk, List<RequestFact> facts)
    {
        var hosts = new Dictionary<string, HashSet<string>>();
        var callers = new Dictionary<string, HashSet<string>>();
        var rows = new List<(string Zone, string Host, ulong Caller, RequestFact Fact)>();
        foreach (RequestFact fact in facts.Where(f => f.At.Line.Surface is Surface.Api or Surface.Unknown or Surface.Mixed))
        {
            LogLine line = fact.At.Line;
            string host = Admit(hosts, line.Zone, line.Host, options.HostsPerWindowZone);
            string caller = line.Caller == 0
                ? Other
                : Admit(callers, $"{line.Zone} {host}", line.Caller.ToString(CultureInfo.InvariantCulture), options.CallersPerHourHost);
            rows.Add((line.Zone, host, caller == Other ? 0 : line.Caller, fact));
        }

        foreach (var group in rows.GroupBy(row => (row.Zone, row.Host, row.Caller)))
        {
            var key = new RowKey(hour, partition, chunk, Version(group.Max(row => row.Fact.Offset)));
            Caller(book, key, group.Key, group.Select(r => r.Fact).ToList());
        }

        var matches = facts.SelectMany(fact => fact.Matches.Select(match => (Fact: fact, Match: match)));
        foreach (var group in matches.GroupBy(m => (m.Fact.At.Line.Zone, m.Match.Control, m.Match.RuleId, m.Match.Action)))
        {
            string Latest(Func<MatchFact, string> text) => group
                .Where(m => text(m.Match).Length > 0)
                .OrderByDescending(m => m.Fact.At.Line.TimeNs)
                .ThenByDescending(m => text(m.Match), StringComparer.Ordinal)
                .Select(m => text(m.Match))
                .FirstOrDefault("");
            book.Add(new RuleRow
            {
                Key = new RowKey(hour, partition, chunk, Version(group.Max(m => m.Fact.Offset))),
                Zone = group.Key.Zone,
                Control = group.Key.Control,
                RuleId = group.Key.RuleId,
                Action = group.Key.Action,
                RuleRef = Latest(match => match.Ref),
                Description = Latest(match => match.Description),
                Count = (ulong)group.Count(),
                FirstSeenNs = group.Min(m => m.Fact.At.Line.TimeNs),
                LastSeenNs = group.Max(m => m.Fact.At.Line.TimeNs),
            });
        }
    }

    private static void Caller(RowBook book, RowKey key, (string Zone, string Host, ulong Caller) dimensions, List<RequestFact> facts)
    {
        LogLine who = facts.Select(f => f.At.Line)
            .OrderBy(line => line.TimeNs)
            .ThenBy(line => line.ClientClass, StringComparer.Ordinal)
            .ThenBy(line => line.ClientName, StringComparer.Ordinal)
            .ThenBy(line => line.Trust)
            .ThenBy(line => line.Network, StringComparer.Ordinal)
            .ThenBy(line => line.Country, StringComparer.Ordinal)
            .ThenBy(line => line.Asn)
            .First();
        Outcome[] through = [Outcome.Passed, Outcome.Exempted, Outcome.Logged, Outcome.ChallengeSolved];
        List<RequestFact> good = facts
            .Where(f => through.Contains(f.Outcome) && f.At.Line.Status >= 200 && f.At.Line.Status < 400).ToList();
        List<RequestFact> lost = facts.Where(f => f.Lost).ToList();
        bool folded = dimensions.Caller == 0;
        book.Add(new CallersRow
        {
            Key = key,
            Zone = dimensions.Zone,
            Host = dimensions.Host,
            Caller = dimensions.Caller,
            Client = folded ? new ClientKey(Other, Other, Trust.Claimed) : new ClientKey(who.ClientClass, who.ClientName, who.Trust),
            Network = folded ? "" : who.Network,
            Country = folded ? "" : who.Country,
            Asn = folded ? 0 : who.Asn,
            Requests = (ulong)facts.Count,
            Good = (ulong)good.Count,
            Lost = (ulong)lost.Count,
            Endpoints = (ushort)Math.Min(64, facts.Select(f => LogWriter.EndpointHash(f.At.Line)).Distinct().Count()),
            Minutes = (ushort)facts.Select(f => f.At.Minute).Distinct().Count(),
            FirstSeenNs = facts.Min(f => f.At.Line.TimeNs),
            LastSeenNs = facts.Max(f => f.At.Line.TimeNs),
            LastGoodNs = good.Select(f => f.At.Line.TimeNs).DefaultIfEmpty(0).Max(),
            LastLostNs = lost.Select(f => f.At.Line.TimeNs).DefaultIfEmpty(0).Max(),
        });
    }

    private static ulong Version(long offset) => (ulong)offset + 1;
}

using CfLogStream.Core.Correlation;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic;
using CfLogStream.Core.Traffic.Controls;

namespace CfLogStream.Core.Tests.Correlation;

/// <summary>
/// The correlation semantics written down once more, as plainly as possible: lists, LINQ, no tables, no timers, no windows.
/// </summary>
public sealed class Oracle
{
    private readonly CorrelationOptions _options;
    private readonly long _horizon;
    private readonly long _lateness;
    private readonly long _futureBound;
    private readonly Dictionary<string, Session> _sessions = [];
    private readonly List<QualityFact> _quality = [];
    private readonly List<RequestFact> _requests = [];
    private long? _newest;
    private long _offset;

    private Oracle(CorrelationOptions options)
    {
        _options = options;
        _horizon = options.JoinHorizon.Ticks * 100;
        _lateness = options.AllowedLateness.Ticks * 100;
        _futureBound = options.FutureBound.Ticks * 100;
    }

    private long Watermark => _newest is null ? long.MinValue : _newest.Value - _lateness;

    public static RowBook Run(CorrelationOptions options, uint partition, IEnumerable<(LogLine Line, long Offset)> log)
    {
        var oracle = new Oracle(options);
        foreach ((LogLine line, long offset) in log)
        {
            oracle._offset = offset;
            oracle.Take(line);
        }

        oracle._offset++;
        oracle.ResolveUntil(long.MaxValue);
        return OracleRows.Build(options, partition, oracle._requests, oracle._quality);
    }

    private void Take(LogLine line)
    {
        long watermark = Watermark;
        uint minute = (uint)(line.TimeNs / LogLine.Minute * 60);
        bool late = (minute + 60L) * LogLine.Second <= watermark;
        bool judged = line.Kind == LineKind.Record;
        bool future = judged
            ? line.ReceivedNs != long.MaxValue && line.TimeNs > line.ReceivedNs + _futureBound
            : line.TimeNs > (_newest is null ? 0 : _newest.Value + _futureBound);
        long join = future ? Math.Min(line.TimeNs, _newest ?? line.ReceivedNs) : line.TimeNs;
        ulong chunk = late || future ? 1 + ((ulong)_offset / 4096) : 0;
        var arrival = new Arrival(line, _offset, join, minute, chunk, late, future && judged);
        Note(arrival, "received");
        if (line.Kind == LineKind.Rejected)
        {
            Note(arrival, "dead");
            return;
        }

        if (line.Kind == LineKind.Counted)
        {
            Note(arrival, "counted");
            if (late)
            {
                Note(arrival, "late");
            }

            return;
        }

        if (line.IsRequest)
        {
            TakeRequest(arrival, watermark);
        }
        else
        {
            TakeEvent(arrival, watermark);
        }

        ResolveUntil(watermark);
        BoundWaiting();
        if (!arrival.Future)
        {
            _newest = Math.Max(_newest ?? long.MinValue, line.TimeNs);
        }

        ResolveUntil(Watermark);
    }

    private void TakeRequest(Arrival arrival, long watermark)
    {
        LogLine line = arrival.Line;
        Session? session = Speak(line.Ray, arrival.JoinNs + _horizon, watermark);
        bool duplicate = Knows(session, watermark);
        if (line.Has(RecordFlags.WorkerSubrequest) && line.Parent.Length > 0)
        {
            Session? parent = Speak(line.Parent, arrival.JoinNs + _horizon, watermark);
            if (parent is not null && !duplicate)
            {
                parent.Subrequests++;
                if (Knows(parent, watermark) && parent.Latest is not null)
                {
                    parent.Latest.Subrequests++;
                }
            }
        }

        if (duplicate)
        {
            Note(arrival, "duplicate");
            return;
        }

        session ??= new Session();
        session.RequestAt = arrival.JoinNs;
        session.Latest = null;
        session.Waiting = arrival;
        session.Deadline = arrival.JoinNs + _horizon;
        session.Begin = _offset;
        List<Arrival> came = session.Held.Select(held => held.Event).ToList();
        session.Held.Clear();
        came.ForEach(securityEvent => Meet(session, securityEvent));
        ResolveIfReady(session, watermark);
    }

    private void TakeEvent(Arrival arrival, long watermark)
    {
        LogLine line = arrival.Line;
        LogEntry key = Key(line);
        Session? session = Speak(line.Ray, arrival.JoinNs + _horizon, watermark);
        Session? challenged = IsSolve(line) ? Speak(line.Originator, arrival.JoinNs + (2 * _horizon), watermark) : null;
        if (session is not null && session.Events.Any(seen =>
            seen.Key == key && seen.Index == line.MatchIndex && seen.JoinNs + _horizon > watermark))
        {
            Note(arrival, "duplicate");
            return;
        }

        challenged?.Solves.Add(arrival.JoinNs);
        session ??= new Session();
        session.Events.Add((key, line.MatchIndex, arrival.JoinNs));
        if (Knows(session, watermark))
        {
            if (session.Waiting is null)
            {
                CountRecord(arrival);
                Note(arrival, "unmatched");
            }
            else
            {
                Meet(session, arrival);
                ResolveIfReady(session, watermark);
            }

            return;
        }

        session.Held.Add((arrival, -1));
        session.Begin = session.Deadline is null ? _offset : session.Begin;
        session.Deadline = Math.Min(session.Deadline ?? long.MaxValue, arrival.JoinNs + _horizon);
        if (session.Deadline <= watermark)
        {
            Resolve(session, forced: false);
        }
    }

    private static LogEntry Key(LogLine line) => new(line.Entries[0].Control, line.Entries[0].RuleId, line.Entries[0].Action);

    private static bool IsSolve(LogLine line) => line.Originator.Length > 0
        && (line.Entries[0].Action.EndsWith("solved", StringComparison.Ordinal)
            || line.Entries[0].Action.EndsWith("bypassed", StringComparison.Ordinal));

    /// <summary>Whatever is said of a ray keeps it in memory until its time plus a horizon; then all of it is forgotten.</summary>
    private Session? Speak(string ray, long expiry, long watermark)
    {
        if (_sessions.TryGetValue(ray, out Session? session) && session.Expiry > watermark)
        {
            session.Expiry = Math.Max(session.Expiry, expiry);
            return session;
        }

        if (expiry <= watermark)
        {
            return null;
        }

        return _sessions[ray] = new Session { Expiry = expiry };
    }

    private bool Knows(Session? session, long watermark) => session?.RequestAt is not null && session.RequestAt + _horizon > watermark;

    private void Meet(Session session, Arrival securityEvent)
    {
        LogLine request = session.Waiting!.Line;
        CountRecord(securityEvent);
        if (request.Announced < 0)
        {
            session.Held.Add((securityEvent, -1));
            return;
        }

        int entry = Enumerable.Range(0, request.Entries.Count)
            .Where(i => session.Held.All(held => held.Entry != i))
            .Where(i => Same(request.Entries[i], securityEvent.Line.Entries[0]))
            .FirstOrDefault(-1);
        if (entry < 0)
        {
            Note(securityEvent, "unmatched");
        }
        else
        {
            session.Held.Add((securityEvent, entry));
        }
    }

    private static bool Same(LogEntry left, LogEntry right) =>
        left.Control == right.Control && left.RuleId == right.RuleId && left.Action == right.Action;

    private void ResolveIfReady(Session session, long watermark)
    {
        LogLine request = session.Waiting!.Line;
        bool awaitsSolve = request.Outcome == Outcome.Challenged && request.Has(RecordFlags.BrowserClient);
        bool hasCome = (request.Announced >= 0 && session.Held.Count >= request.Announced) || !_options.AwaitEvents;
        bool complete = hasCome && !awaitsSolve;
        if (complete || session.Deadline <= watermark)
        {
            Resolve(session, forced: false);
        }
    }

    private void ResolveUntil(long watermark)
    {
        while (true)
        {
            Session? due = _sessions.Values
                .Where(session => session.Deadline is not null && session.Deadline <= watermark)
                .OrderBy(session => session.Deadline)
                .ThenBy(session => session.Begin)
                .FirstOrDefault();
            if (due is null)
            {
                return;
            }

            Resolve(due, forced: false);
        }
    }

    private void BoundWaiting()
    {
        while (true)
        {
            List<Session> waiting = _sessions.Values
                .Where(session => session.Deadline is not null)
                .OrderBy(session => session.Begin)
                .ToList();
            if (waiting.Sum(session => session.Held.Count + (session.Waiting is null ? 0 : 1)) <= _options.MaxWaiting)
            {
                return;
            }

            Resolve(waiting[0], forced: true);
        }
    }

    private void Resolve(Session session, bool forced)
    {
        session.Deadline = null;
        if (session.Waiting is null)
        {
            ResolveEvents(session, forced);
        }
        else
        {
            ResolveRequest(session, session.Waiting, forced);
        }

        session.Waiting = null;
        session.Held.Clear();
    }

    private void ResolveEvents(Session session, bool forced)
    {
        List<Arrival> events = Ordered(session.Held.Select(held => held.Event));
        Arrival primary = events.FirstOrDefault(at => Mitigation.IsTerminating(at.Line.Outcome)) ?? events[0];
        foreach (Arrival at in events)
        {
            CountRecord(at);
            Note(at, "unmatched");
        }

        if (forced)
        {
            Note(primary, "forced");
        }

        bool terminates = Mitigation.IsTerminating(primary.Line.Outcome);
        Outcome outcome = terminates ? primary.Line.Outcome : Strongest(events.Select(at => at.Line.Outcome));
        List<MatchFact> matches = events.Select((at, i) => FromEvent(at, i)).ToList();
        Finish(session, primary, outcome, matches, terminates ? events.IndexOf(primary) : -1, isRequest: false, hasEvents: true);
    }

    private void ResolveRequest(Session session, Arrival at, bool forced)
    {
        LogLine line = at.Line;
        CountRecord(at);
        Note(at, "unmatched", Math.Max(0, line.Announced - (line.Announced < 0 ? 0 : session.Held.Count)));
        Note(at, "internal", line.Has(RecordFlags.Internal) ? 1 : 0);
        Note(at, "subrequest", line.Has(RecordFlags.WorkerSubrequest) ? 1 : 0);
        Note(at, "forced", forced ? 1 : 0);
        List<MatchFact> matches = line.Entries.Select((entry, i) => new MatchFact(
            entry.Control, entry.RuleId, entry.Action, entry.Ref, entry.Description, entry.MatchIndex, "", i, Terminates(entry),
            entry.Description.Length > 0)).ToList();
        int own = matches.Count;
        Outcome outcome = line.Outcome;
        if (line.Announced >= 0)
        {
            foreach ((Arrival securityEvent, int entry) in session.Held)
            {
                matches[entry] = Enrich(matches[entry], securityEvent.Line);
            }
        }
        else
        {
            outcome = Unite(line, Ordered(session.Held.Select(held => held.Event)), matches);
        }

        int terminating = Mitigation.IsTerminating(outcome) ? Terminating(matches, own) : -1;
        Finish(session, at, outcome, matches, terminating, isRequest: true, hasEvents: session.Held.Count > 0);
    }

    private static Outcome Unite(LogLine line, List<Arrival> events, List<MatchFact> matches)
    {
        var free = Enumerable.Range(0, matches.Count).ToList();
        foreach (Arrival at in events)
        {
            LogEntry key = at.Line.Entries[0];
            int entry = free.FindIndex(i => matches[i].RuleId == key.RuleId && matches[i].Action == key.Action
                && (matches[i].Control == key.Control || matches[i].Control.Length == 0));
            if (entry < 0)
            {
                matches.Add(FromEvent(at, matches.Count));
                continue;
            }

            int number = free[entry];
            free.RemoveAt(entry);
            matches[number] = Enrich(matches[number], at.Line) with
            {
                Control = key.Control,
                Terminates = matches[number].Terminates || Mitigation.IsTerminating(at.Line.Outcome),
            };
        }

        IEnumerable<Outcome> told = events.Select(at => at.Line.Outcome).Prepend(line.Outcome);
        return told.Any(Mitigation.IsTerminating) ? told.First(Mitigation.IsTerminating) : Strongest(told);
    }

    private static int Terminating(List<MatchFact> matches, int own)
    {
        int named = matches.FindIndex(match => match.Terminates && match.Named);
        if (named >= 0)
        {
            return named;
        }

        int indexed = matches.FindIndex(match => match.Terminates && match.Index == 0);
        int first = indexed >= 0 ? indexed : matches.FindIndex(match => match.Terminates);
        return first >= 0
            ? first
            : matches.Take(own).ToList().FindIndex(match => !Mitigation.IsKnown(System.Text.Encoding.UTF8.GetBytes(match.Action)));
    }

    private void Finish(
        Session session, Arrival at, Outcome outcome, List<MatchFact> matches, int terminating, bool isRequest, bool hasEvents)
    {
        bool solved = session.Solves.Any(solve => Math.Abs(solve - at.JoinNs) < _horizon);
        bool lost = Mitigation.IsLost(outcome, at.Line.Has(RecordFlags.BrowserClient) && outcome == Outcome.Challenged && solved);
        var ordered = matches
            .OrderBy(match => match.Order == terminating ? 0 : 1)
            .ThenBy(match => match.Index < 0 ? int.MaxValue : match.Index)
            .ThenBy(match => match.Order)
            .ToList();
        var fact = new RequestFact(at, outcome, lost, isRequest, hasEvents, ordered, terminating >= 0, _offset)
        {
            Subrequests = session.Subrequests,
        };
        session.Latest = isRequest && at.Chunk == 0 ? fact : session.Latest;
        _requests.Add(fact);
    }

    private static bool Terminates(LogEntry entry) => Mitigation.IsTerminating(System.Text.Encoding.UTF8.GetBytes(entry.Action));

    private static MatchFact FromEvent(Arrival at, int order)
    {
        LogEntry entry = at.Line.Entries[0];
        return new MatchFact(
            entry.Control, entry.RuleId, entry.Action, entry.Ref, entry.Description, at.Line.MatchIndex, at.Line.Originator, order,
            Terminates(entry) || Mitigation.IsTerminating(at.Line.Outcome), Named: false);
    }

    private static MatchFact Enrich(MatchFact match, LogLine line) => match with
    {
        Ref = line.Entries[0].Ref.Length > 0 ? line.Entries[0].Ref : match.Ref,
        Description = line.Entries[0].Description.Length > 0 ? line.Entries[0].Description : match.Description,
        Originator = line.Originator.Length > 0 ? line.Originator : match.Originator,
        Index = line.MatchIndex >= 0 ? line.MatchIndex : match.Index,
    };

    private static List<Arrival> Ordered(IEnumerable<Arrival> events) => events
        .OrderBy(at => at.Line.MatchIndex < 0 ? int.MaxValue : at.Line.MatchIndex)
        .ThenBy(at => at.Line.Entries[0].Control, StringComparer.Ordinal)
        .ThenBy(at => at.Line.Entries[0].RuleId, StringComparer.Ordinal)
        .ThenBy(at => at.Line.Entries[0].Action, StringComparer.Ordinal)
        .ThenBy(at => at.JoinNs)
        .ThenBy(at => at.Offset)
        .ToList();

    private static Outcome Strongest(IEnumerable<Outcome> outcomes) =>
        new[] { Outcome.ChallengeSolved, Outcome.Exempted, Outcome.Logged }.Where(outcomes.Contains).FirstOrDefault(Outcome.Passed);

    private void CountRecord(Arrival at)
    {
        Note(at, "counted");
        Note(at, "late", at.Late ? 1 : 0);
        Note(at, "future", at.Future ? 1 : 0);
    }

    private void Note(Arrival at, string counter, long amount = 1) =>
        _quality.Add(new QualityFact(at.Minute, at.Chunk, at.Line.Dataset, counter, amount, _offset));
}

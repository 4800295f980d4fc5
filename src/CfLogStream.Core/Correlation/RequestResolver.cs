using CfLogStream.Core.Traffic;
using CfLogStream.Core.Traffic.Controls;

namespace CfLogStream.Core.Correlation;

/// <summary>Says what became of a request when its wait is over: matched rules in order, outcome, lost or not.</summary>
/// <remarks>
/// With announced events the http record's entries are the truth and events only add texts to them. When the job does not log them
/// (announced -1) the truth is the union of its own entry and all events. Without http record it is the events. Events are taken in an
/// order of their own (match index, control, rule, action, time), not that of the log, so the result does not depend on disorder.
/// </remarks>
internal sealed class RequestResolver
{
    private readonly CorrelatorContext _context;
    private readonly RayTable _rays;
    private readonly RequestCounter _counter;
    private readonly MatchList _matches;
    private readonly Comparison<int> _eventOrder;
    private int[] _events = new int[16];
    private int _eventCount;

    public RequestResolver(CorrelatorContext context, RayTable rays, RequestCounter counter)
    {
        _context = context;
        _rays = rays;
        _counter = counter;
        _matches = new MatchList(context);
        _eventOrder = CompareEvents;
    }

    /// <summary>Resolves an http record with the events held for its ray.</summary>
    /// <param name="matched">How many of its announced events have come.</param>
    public void ResolveRequest(in TrafficRecord record, in RecordPlace place, RayPlace ray, int matched)
    {
        if (record.Head.EntryCount == 0 && ray.Detail < 0)
        {
            ResolvePlain(record, place, ray);
            return;
        }

        ResolveRequest(record, stored: 0, place, ray, matched, forced: false, ArrivingEvent.None);
    }

    /// <summary>Resolves an http record that waited, with the events held for its ray and the one that ends the wait.</summary>
    /// <param name="stored">The record's copy.</param>
    /// <param name="matched">How many of its announced events have come.</param>
    /// <param name="detail">The <see cref="RayDetail"/> of its ray.</param>
    public void ResolveStored(int stored, in RecordPlace place, int detail, int matched, bool forced, in ArrivingEvent arriving) =>
        ResolveRequest(_context.Records.Read(stored), stored, place, new RayPlace(-1, detail), matched, forced, arriving);

    /// <summary>Resolves the events held for a ray as a request whose http record did not come.</summary>
    public void ResolveEvents(int detail, bool forced)
    {
        CollectEvents(detail, arriving: -1);
        Outcome outcome = Outcome.Passed;
        int primary = 0;
        bool terminates = false;
        for (int i = 0; i < _eventCount; i++)
        {
            TrafficRecord record = _context.Records.Read(_rays.Event(_events[i]).Record);
            AddEventMatch(record);
            CountEvent(_context.Records.Place(_rays.Event(_events[i]).Record), unmatched: true);
            if (terminates)
            {
                continue;
            }

            terminates = Mitigation.IsTerminating(record.Head.Outcome);
            primary = terminates ? i : 0;
            outcome = terminates ? record.Head.Outcome : Mitigation.MoreTelling(outcome, record.Head.Outcome);
        }

        int held = _rays.Event(_events[primary]).Record;
        RecordPlace place = _context.Records.Place(held);
        _matches.Sort(terminates ? primary : -1);
        bool solved = outcome == Outcome.Challenged && _rays.IsSolved(detail, place.JoinNs);
        var verdict = new Verdict(outcome, solved, terminates);
        Count(_context.Records.Read(held), held, place, verdict, new RayPlace(-1, detail), missing: 0, forced, isRequest: false);
    }

    /// <summary>Resolves one event by itself, so late that its ray is not remembered.</summary>
    public void ResolveEvent(in TrafficRecord record, in RecordPlace place)
    {
        AddEventMatch(record);
        CountEvent(place, unmatched: true);
        Outcome outcome = record.Head.Outcome;
        var verdict = new Verdict(outcome, IsSolved: false, Mitigation.IsTerminating(outcome));
        Count(record, stored: 0, place, verdict, new RayPlace(-1, -1), missing: 0, forced: false, isRequest: false);
    }

    /// <summary>Counts an event in the quality of its own minute, once it is known what it belongs to.</summary>
    public void CountEvent(in RecordPlace place, bool unmatched) => _counter.CountEvent(place, unmatched);

    private void ResolveRequest(
        in TrafficRecord record, int stored, in RecordPlace place, RayPlace ray, int matched, bool forced, in ArrivingEvent arriving)
    {
        for (int i = 0; i < record.Head.EntryCount; i++)
        {
            SecurityEntry entry = record.Entry(i);
            _matches.Add(entry).IsNamed = !entry.Description.IsEmpty;
        }

        int own = _matches.Count;
        Outcome outcome = record.Head.Outcome;
        CollectEvents(ray.Detail, arriving.Node);
        int announced = record.Head.AnnouncedEvents;
        if (announced < 0)
        {
            outcome = Unite(own, outcome, arriving);
        }
        else
        {
            for (int i = 0; i < _eventCount; i++)
            {
                ref readonly EventNode node = ref _rays.Event(_events[i]);
                _matches.Enrich(ref _matches.Span[node.Entry], RecordOf(_events[i], arriving));
            }
        }

        int terminating = Mitigation.IsTerminating(outcome) ? Terminating(own) : -1;
        _matches.Sort(terminating);
        bool solved = outcome == Outcome.Challenged && _rays.IsSolved(ray.Detail, place.JoinNs);
        var verdict = new Verdict(outcome, solved, terminating >= 0);
        Count(record, stored, place, verdict, ray, Math.Max(0, announced - matched), forced, isRequest: true);
    }

    /// <summary>Resolves an http record of which nothing is known but itself, and that names no control: most of them.</summary>
    private void ResolvePlain(in TrafficRecord record, in RecordPlace place, RayPlace ray) => _counter.Count(
        new ResolvedRequest(in place)
        {
            Record = record,
            Outcome = record.Head.Outcome,
            Lost = Mitigation.IsLost(record.Head.Outcome, browserClient: false),
            HasRequest = true,
            Missing = Math.Max(0, (int)record.Head.AnnouncedEvents),
            Ray = ray,
        },
        default);

    private void AddEventMatch(in TrafficRecord record)
    {
        ref Match match = ref _matches.Add(MatchList.EntryOf(record));
        _matches.Enrich(ref match, record);
        match.IsTerminating |= Mitigation.IsTerminating(record.Head.Outcome);
    }

    /// <summary>Joins events to the entries of a request that announces nothing, and returns the outcome of both together.</summary>
    private Outcome Unite(int own, Outcome outcome, in ArrivingEvent arriving)
    {
        Outcome terminating = Mitigation.IsTerminating(outcome) ? outcome : Outcome.Passed;
        for (int i = 0; i < _eventCount; i++)
        {
            ref readonly EventNode node = ref _rays.Event(_events[i]);
            TrafficRecord record = RecordOf(_events[i], arriving);
            int entry = FindOwn(own, node.Rule);
            if (entry < 0)
            {
                AddEventMatch(record);
            }
            else
            {
                ref Match match = ref _matches.Span[entry];
                _context.Rules.Release(match.Rule);
                match.Rule = _context.Rules.AddReference(node.Rule);
                match.IsTerminating |= Mitigation.IsTerminating(record.Head.Outcome);
                _matches.Enrich(ref match, record);
            }

            if (terminating == Outcome.Passed && Mitigation.IsTerminating(record.Head.Outcome))
            {
                terminating = record.Head.Outcome;
            }

            outcome = Mitigation.MoreTelling(outcome, record.Head.Outcome);
        }

        return terminating != Outcome.Passed ? terminating : outcome;
    }

    /// <summary>Finds the entry that an event tells of: same rule and action, and the same control unless the entry does not say.</summary>
    private int FindOwn(int own, int rule)
    {
        RuleKey key = _context.Rules[rule];
        for (int i = 0; i < own; i++)
        {
            ref readonly Match match = ref _matches.Span[i];
            RuleKey candidate = _context.Rules[match.Rule];
            if (!match.HasEvent && candidate.RuleId == key.RuleId && candidate.Action == key.Action
                && (candidate.Control == key.Control || candidate.Control.Length == 0))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>
    /// Returns the match that ended the request: the entry its SecurityAction names, then match index 0, then the first that can.
    /// </summary>
    private int Terminating(int own)
    {
        Span<Match> matches = _matches.Span;
        int first = -1;
        int last = -1;
        for (int i = 0; i < matches.Length; i++)
        {
            if (matches[i].IsTerminating)
            {
                if (matches[i].IsNamed)
                {
                    return i;
                }

                last = last < 0 && matches[i].MatchIndex == 0 ? i : last;
                first = first < 0 ? i : first;
            }
        }

        first = last >= 0 ? last : first;

        // The edge refused the request by an action that is not understood: that one did it.
        for (int i = 0; i < own && first < 0; i++)
        {
            first = Mitigation.IsKnown(_context.Rules[matches[i].Rule].Action.Span) ? -1 : i;
        }

        return first;
    }

    private TrafficRecord RecordOf(int node, in ArrivingEvent arriving) =>
        node == arriving.Node ? arriving.Record : _context.Records.Read(_rays.Event(node).Record);

    private void CollectEvents(int detail, int arriving)
    {
        _eventCount = 0;
        if (detail < 0)
        {
            return;
        }

        for (int node = _rays.Detail(detail).FirstWaitingEvent; node >= 0; node = _rays.Event(node).Next)
        {
            if (_rays.Event(node).Record != 0 || node == arriving)
            {
                if (_eventCount == _events.Length)
                {
                    Array.Resize(ref _events, _eventCount * 2);
                }

                _events[_eventCount++] = node;
            }
        }

        if (_eventCount > 1)
        {
            _events.AsSpan(0, _eventCount).Sort(_eventOrder);
        }
    }

    private int CompareEvents(int left, int right)
    {
        ref readonly EventNode a = ref _rays.Event(left);
        ref readonly EventNode b = ref _rays.Event(right);
        int order = ((uint)a.MatchIndex).CompareTo((uint)b.MatchIndex);
        order = order != 0 ? order : RuleKey.Compare(_context.Rules[a.Rule], _context.Rules[b.Rule]);
        order = order != 0 ? order : a.JoinNs.CompareTo(b.JoinNs);
        return order != 0 ? order : a.Offset.CompareTo(b.Offset);
    }

    private void Count(
        in TrafficRecord record, int stored, in RecordPlace place, Verdict verdict, RayPlace ray, int missing, bool forced, bool isRequest)
    {
        bool browser = (record.Head.Flags & RecordFlags.BrowserClient) != 0;
        _counter.Count(
            new ResolvedRequest(in place)
            {
                Record = record,
                Stored = stored,
                Outcome = verdict.Outcome,
                Lost = Mitigation.IsLost(verdict.Outcome, browser && verdict.IsSolved),
                HasTerminatingMatch = verdict.HasTerminatingMatch,
                HasRequest = isRequest,
                HasEvents = !isRequest || _eventCount > 0,
                Forced = forced,
                Missing = missing,
                Ray = ray,
            },
            _matches.Span);
        _matches.Clear();
    }

    private readonly record struct Verdict(Outcome Outcome, bool IsSolved, bool HasTerminatingMatch);
}

using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic;
using CfLogStream.Core.Traffic.Controls;

namespace CfLogStream.Core.Correlation;

/// <summary>Decides which records are duplicates, which wait for what, and when a wait is over.</summary>
/// <remarks>
/// A ray waits at most once at a time: either its http record (for announced events, for whatever comes when events are not announced, or
/// for the solving of a browser's challenge) or, while no http record is known, its events. Waiting records are copied; everything else
/// goes through without a copy. Waiting rays form a list in the order in which they began, so that the oldest is at hand when too many
/// records wait. How a restart sees that bound: before the offset from which its rays are exact it allows twice as many, so that
/// left-overs of unknown rays push out nobody.
/// </remarks>
internal sealed class RayJoin
{
    private readonly CorrelatorContext _context;
    private readonly RayTable _rays;
    private readonly WindowSet _windows;
    private readonly RequestResolver _resolver;
    private readonly JoinTimers _timers;
    private int _oldestWaiting = -1;
    private int _newestWaiting = -1;

    public RayJoin(CorrelatorContext context, RayTable rays, WindowSet windows, RequestResolver resolver)
    {
        _context = context;
        _rays = rays;
        _windows = windows;
        _resolver = resolver;
        _timers = new JoinTimers(context.Options);
        MaxWaiting = context.Options.MaxWaiting;
    }

    /// <summary>Records that may wait.</summary>
    public int MaxWaiting { get; set; }

    /// <summary>Rays that wait.</summary>
    public int WaitingRays { get; private set; }

    /// <summary>Records that are held for a wait.</summary>
    public int WaitingRecords { get; private set; }

    public long Duplicates { get; private set; }

    /// <summary>Joins resolved early because too many records waited.</summary>
    public long Forced { get; private set; }

    /// <summary>The first deadline in the second of the watermark; <see cref="long.MaxValue"/> when there is none.</summary>
    public long NextDueNs => _timers.NextDueNs;

    public long BytesHeld => _timers.BytesHeld;

    public void AddRequest(in TrafficRecord record, in RecordPlace place, long watermarkNs)
    {
        long deadline = place.JoinNs + _context.HorizonNs;
        _rays.Reserve(watermarkNs);
        int ray = _rays.Touch(RayKey.Of(record), deadline, watermarkNs);
        bool isDuplicate = ray >= 0 && _rays.KnowsRequest(ray, watermarkNs);
        if ((record.Head.Flags & RecordFlags.WorkerSubrequest) != 0 && record.Head.ParentRay != 0)
        {
            TouchParent(record, deadline, watermarkNs, isDuplicate);
        }

        if (isDuplicate)
        {
            CountDuplicate(place, Dataset.HttpRequests);
            return;
        }

        if (ray < 0)
        {
            _resolver.ResolveRequest(record, place, new RayPlace(-1, -1), matched: 0);
            return;
        }

        _rays[ray].RequestNs = place.JoinNs;
        int announced = record.Head.AnnouncedEvents;
        bool awaitsSolve = AwaitsSolve(record);
        int number = _rays[ray].Detail;
        if (number >= 0)
        {
            // Further subrequests belong to this request, not to one that was kept before it.
            _rays.Detail(number).Kept = -1;
        }

        if (number < 0 || _rays.Detail(number).HeldEvents == 0)
        {
            if (deadline <= watermarkNs || ((announced == 0 || !_context.Options.AwaitEvents) && !awaitsSolve))
            {
                _resolver.ResolveRequest(record, place, new RayPlace(ray, number), matched: 0);
                return;
            }
        }

        number = _rays.DetailOf(ray);
        ref RayDetail detail = ref _rays.Detail(number);
        if (detail.Waits)
        {
            EndWait(ref detail);
        }

        detail.Matched = 0;
        detail.MatchedEntries = default;
        for (int node = detail.FirstWaitingEvent; node >= 0; node = _rays.Event(node).Next)
        {
            if (_rays.Event(node).Record != 0)
            {
                Meet(record, ref detail, node);
            }
        }

        bool isComplete = (announced >= 0 && detail.Matched >= announced) || !_context.Options.AwaitEvents;
        if (deadline <= watermarkNs || (isComplete && !awaitsSolve))
        {
            _resolver.ResolveRequest(record, place, new RayPlace(ray, number), detail.Matched);
            ReleaseHeld(ref detail);
            return;
        }

        detail.Request = _context.Records.Keep(record, place);
        WaitingRecords++;
        _windows.Await(place.Chunk);
        BeginWait(number, deadline, place.Offset);
        BoundWaiting();
    }

    public void AddEvent(in TrafficRecord record, in RecordPlace place, long watermarkNs)
    {
        SecurityEntry entry = MatchList.EntryOf(record);
        _rays.Reserve(watermarkNs);
        int ray = _rays.Touch(RayKey.Of(record), place.JoinNs + _context.HorizonNs, watermarkNs);
        int originator = -1;
        if (Mitigation.IsSolved(entry.Action) && !MatchList.OriginatorOf(record).IsEmpty)
        {
            originator = _rays.Touch(
                RayKey.Parse(MatchList.OriginatorOf(record)), place.JoinNs + (2 * _context.HorizonNs), watermarkNs);
        }

        int rule = _context.Rules.Acquire(entry.Control, entry.RuleId, entry.Action);
        if (ray >= 0 && _rays.KnowsEvent(_rays[ray].Detail, rule, entry.MatchIndex, watermarkNs))
        {
            _context.Rules.Release(rule);
            CountDuplicate(place, Dataset.FirewallEvents);
            return;
        }

        if (originator >= 0)
        {
            _rays.AddSolve(originator, place.JoinNs);
        }

        if (ray < 0)
        {
            _context.Rules.Release(rule);
            _resolver.ResolveEvent(record, place);
            return;
        }

        int number = _rays.DetailOf(ray);
        int node = _rays.AddEvent(number, rule, entry.MatchIndex, place);
        if (_rays.KnowsRequest(ray, watermarkNs))
        {
            AddToRequest(record, place, number, node);
        }
        else
        {
            AddToEvents(record, place, number, node, watermarkNs);
        }

        BoundWaiting();
    }

    /// <summary>Takes a subrequest that is counted elsewhere: notes it for its parent, once.</summary>
    public void AddRequestCopy(in TrafficRecord record, in RecordPlace place, long watermarkNs)
    {
        if ((record.Head.Flags & RecordFlags.WorkerSubrequest) == 0 || record.Head.ParentRay == 0)
        {
            return;
        }

        long deadline = place.JoinNs + _context.HorizonNs;
        _rays.Reserve(watermarkNs);
        int ray = _rays.Touch(RayKey.Of(record), deadline, watermarkNs);
        bool isDuplicate = ray >= 0 && _rays.KnowsRequest(ray, watermarkNs);
        TouchParent(record, deadline, watermarkNs, isDuplicate);
        if (ray >= 0 && !isDuplicate)
        {
            _rays[ray].RequestNs = place.JoinNs;
        }
    }

    /// <summary>Takes a security event that is counted elsewhere: a solved challenge is noted for the ray that it names, once.</summary>
    public void AddEventCopy(in TrafficRecord record, in RecordPlace place, long watermarkNs)
    {
        SecurityEntry entry = MatchList.EntryOf(record);
        if (!Mitigation.IsSolved(entry.Action) || MatchList.OriginatorOf(record).IsEmpty)
        {
            return;
        }

        _rays.Reserve(watermarkNs);
        int ray = _rays.Touch(RayKey.Of(record), place.JoinNs + _context.HorizonNs, watermarkNs);
        int originator = _rays.Touch(
            RayKey.Parse(MatchList.OriginatorOf(record)), place.JoinNs + (2 * _context.HorizonNs), watermarkNs);
        int rule = _context.Rules.Acquire(entry.Control, entry.RuleId, entry.Action);
        if (ray >= 0 && _rays.KnowsEvent(_rays[ray].Detail, rule, entry.MatchIndex, watermarkNs))
        {
            _context.Rules.Release(rule);
            return;
        }

        if (originator >= 0)
        {
            _rays.AddSolve(originator, place.JoinNs);
        }

        if (ray < 0)
        {
            _context.Rules.Release(rule);
            return;
        }

        _rays.AddEvent(_rays.DetailOf(ray), rule, entry.MatchIndex, place);
    }

    /// <summary>Resolves what has waited until the watermark.</summary>
    public void ResolveDue(long watermarkNs)
    {
        _timers.Advance(watermarkNs);
        while (_timers.TryTake(watermarkNs, out long due, out long begin, out int number))
        {
            ref RayDetail detail = ref _rays.Detail(number);
            if (detail.Waits && detail.DeadlineNs == due && detail.JoinOffset == begin)
            {
                Resolve(number, forced: false);
            }
        }
    }

    private static bool AwaitsSolve(in TrafficRecord record) =>
        record.Head.Outcome == Outcome.Challenged && (record.Head.Flags & RecordFlags.BrowserClient) != 0;

    /// <summary>A subrequest speaks of its parent, also when it is a duplicate; only new ones are counted.</summary>
    private void TouchParent(in TrafficRecord record, long deadlineNs, long watermarkNs, bool isDuplicate)
    {
        int parent = _rays.Touch(RayKey.ParentOf(record), deadlineNs, watermarkNs);
        if (parent < 0 || isDuplicate)
        {
            return;
        }

        ref RayDetail detail = ref _rays.Detail(_rays.DetailOf(parent));
        detail.Subrequests++;
        if (detail.Kept >= 0 && _rays.KnowsRequest(parent, watermarkNs))
        {
            _context.KeptItems[detail.Kept].Subrequests++;
        }
    }

    private void AddToRequest(in TrafficRecord record, in RecordPlace place, int number, int node)
    {
        ref RayDetail detail = ref _rays.Detail(number);
        if (detail.Request == 0)
        {
            // The request was resolved: it had not announced this event.
            _resolver.CountEvent(place, unmatched: true);
            return;
        }

        TrafficRecord request = _context.Records.Read(detail.Request);
        if (!Matches(request, ref detail, node, place))
        {
            return;
        }

        int announced = request.Head.AnnouncedEvents;
        if (announced >= 0 && detail.Matched >= announced && !AwaitsSolve(request))
        {
            Resolve(number, forced: false, new ArrivingEvent { Node = node, Record = record });
        }
        else
        {
            Hold(ref detail, node, record, place);
        }
    }

    private void AddToEvents(in TrafficRecord record, in RecordPlace place, int number, int node, long watermarkNs)
    {
        long deadline = place.JoinNs + _context.HorizonNs;
        ref RayDetail detail = ref _rays.Detail(number);
        Hold(ref detail, node, record, place);
        _windows.Await(place.Chunk);
        if (!detail.Waits)
        {
            BeginWait(number, deadline, place.Offset);
        }
        else if (deadline < detail.DeadlineNs)
        {
            detail.DeadlineNs = deadline;
            _timers.Add(deadline, detail.JoinOffset, number);
        }

        if (deadline <= watermarkNs)
        {
            Resolve(number, forced: false);
        }
    }

    private void Hold(ref RayDetail detail, int node, in TrafficRecord record, in RecordPlace place)
    {
        _rays.Event(node).Record = _context.Records.Keep(record, place);
        detail.HeldEvents++;
        WaitingRecords++;
    }

    /// <summary>Brings an event that was held and its request together.</summary>
    private void Meet(in TrafficRecord request, ref RayDetail detail, int number)
    {
        RecordPlace place = _context.Records.Place(_rays.Event(number).Record);
        _windows.Settle(place.Chunk);
        if (!Matches(request, ref detail, number, place))
        {
            _context.Records.Free(_rays.Event(number).Record);
            _rays.Event(number).Record = 0;
            detail.HeldEvents--;
            WaitingRecords--;
        }
    }

    /// <summary>Counts an event whose request is there; returns whether it has anything to say about it.</summary>
    private bool Matches(in TrafficRecord request, ref RayDetail detail, int number, in RecordPlace place)
    {
        ref EventNode node = ref _rays.Event(number);
        if (request.Head.AnnouncedEvents < 0)
        {
            node.Entry = -1;
            _resolver.CountEvent(place, unmatched: false);
            return true;
        }

        RuleKey rule = _context.Rules[node.Rule];
        for (int i = 0; i < request.Head.EntryCount; i++)
        {
            SecurityEntry entry = request.Entry(i);
            if ((detail.MatchedEntries[i >> 6] & (1UL << (i & 63))) == 0 && rule.Is(entry.Control, entry.RuleId, entry.Action))
            {
                detail.MatchedEntries[i >> 6] |= 1UL << (i & 63);
                detail.Matched++;
                node.Entry = i;
                _resolver.CountEvent(place, unmatched: false);
                return true;
            }
        }

        _resolver.CountEvent(place, unmatched: true);
        return false;
    }

    private void BeginWait(int number, long deadlineNs, long offset)
    {
        ref RayDetail detail = ref _rays.Detail(number);
        detail.Waits = true;
        detail.DeadlineNs = deadlineNs;
        detail.JoinOffset = offset;
        detail.PreviousWaiting = _newestWaiting;
        detail.NextWaiting = -1;
        if (_newestWaiting < 0)
        {
            _oldestWaiting = number;
        }
        else
        {
            _rays.Detail(_newestWaiting).NextWaiting = number;
        }

        _newestWaiting = number;
        WaitingRays++;
        _timers.Add(deadlineNs, offset, number);
    }

    private void EndWait(ref RayDetail detail)
    {
        if (detail.PreviousWaiting < 0)
        {
            _oldestWaiting = detail.NextWaiting;
        }
        else
        {
            _rays.Detail(detail.PreviousWaiting).NextWaiting = detail.NextWaiting;
        }

        if (detail.NextWaiting < 0)
        {
            _newestWaiting = detail.PreviousWaiting;
        }
        else
        {
            _rays.Detail(detail.NextWaiting).PreviousWaiting = detail.PreviousWaiting;
        }

        detail.Waits = false;
        WaitingRays--;
    }

    private void BoundWaiting()
    {
        while (WaitingRecords > MaxWaiting && _oldestWaiting >= 0)
        {
            Forced++;
            Resolve(_oldestWaiting, forced: true);
        }
    }

    private void Resolve(int number, bool forced) => Resolve(number, forced, ArrivingEvent.None);

    private void Resolve(int number, bool forced, in ArrivingEvent arriving)
    {
        ref RayDetail detail = ref _rays.Detail(number);
        EndWait(ref detail);
        if (detail.Request != 0)
        {
            int request = detail.Request;
            RecordPlace place = _context.Records.Place(request);
            _resolver.ResolveStored(request, place, number, detail.Matched, forced, arriving);
            _context.Records.Free(request);
            detail.Request = 0;
            WaitingRecords--;
            _windows.Settle(place.Chunk);
        }
        else
        {
            _resolver.ResolveEvents(number, forced);
            for (int node = detail.FirstWaitingEvent; node >= 0; node = _rays.Event(node).Next)
            {
                if (_rays.Event(node).Record != 0)
                {
                    _windows.Settle(_context.Records.Place(_rays.Event(node).Record).Chunk);
                }
            }
        }

        ReleaseHeld(ref detail);
    }

    private void ReleaseHeld(ref RayDetail detail)
    {
        for (int node = detail.FirstWaitingEvent; node >= 0; node = _rays.Event(node).Next)
        {
            ref EventNode held = ref _rays.Event(node);
            if (held.Record != 0)
            {
                _context.Records.Free(held.Record);
                held.Record = 0;
                WaitingRecords--;
            }
        }

        detail.HeldEvents = 0;
        detail.FirstWaitingEvent = -1;
    }

    private void CountDuplicate(in RecordPlace place, Dataset dataset)
    {
        Duplicates++;
        _windows.Quality(place, dataset).Duplicates++;
    }
}

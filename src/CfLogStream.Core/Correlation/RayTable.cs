using CfLogStream.Core.Traffic;

namespace CfLogStream.Core.Correlation;

/// <summary>The memory of rays: which requests and events were seen, who waits, who was named by others.</summary>
/// <remarks>
/// Everything said of a ray meets in one entry: its own records, subrequests that name it as parent, solved challenges that name it as
/// originator. Whoever speaks of a ray, even by a duplicate, extends the entry to its own time plus the horizon (twice that for a solved
/// challenge); when the watermark gets there, all is forgotten at once. So what an entry knows depends only on the offsets since it was
/// created, which is what makes a restart exact (see <see cref="ReplayLedger"/>).
/// Entries: 40 bytes and about 16 in index and wheel; <see cref="RayDetail"/> only where needed. Expired entries are ignored exactly and
/// freed by a wheel of one-second buckets, lazily: an entry that was extended moves on when its old bucket comes up.
/// </remarks>
internal sealed class RayTable
{
    /// <summary>Events of a ray that are searched one after another; a ray with more (a storm) has all of them in an index.</summary>
    public const int MostUnindexed = 8;

    private readonly CorrelatorContext _context;
    private readonly ReplayLedger _ledger;
    private readonly IndexTable _index = new();
    private readonly IndexTable _eventIndex = new();
    private readonly ItemPool<RayEntry> _entries = new();
    private readonly ItemPool<RayDetail> _details = new();
    private readonly ItemPool<EventNode> _events = new();
    private readonly ItemPool<SolveNode> _solves = new();
    private readonly ExpiryWheel _wheel;
    private readonly int[] _due = new int[ExpiryWheel.Chunk.Capacity];
    private long _purgedSecond = long.MinValue;

    public RayTable(CorrelatorContext context, ReplayLedger ledger)
    {
        _context = context;
        _ledger = ledger;
        _wheel = new ExpiryWheel(context.Options.AllowedLateness.TotalSeconds + (2 * context.Options.JoinHorizon.TotalSeconds) + 2);
    }

    /// <summary>Rays remembered.</summary>
    public int Count => _index.Count;

    public long BytesHeld => _index.BytesHeld + _eventIndex.BytesHeld + _entries.BytesHeld + _details.BytesHeld + _events.BytesHeld
        + _solves.BytesHeld + _wheel.BytesHeld;

    public ref RayEntry this[int ray] => ref _entries[ray];

    public ref RayDetail Detail(int detail) => ref _details[detail];

    public ref EventNode Event(int node) => ref _events[node];

    /// <summary>Finds or creates the entry of a ray that a record speaks of, or returns -1 when it would be forgotten already.</summary>
    public int Touch(in RayKey key, long expiryNs, long watermarkNs)
    {
        int ray = Find(key);
        if (ray >= 0)
        {
            ref RayEntry found = ref _entries[ray];
            if (found.ExpiryNs > watermarkNs)
            {
                found.ExpiryNs = Math.Max(found.ExpiryNs, expiryNs);
                return ray;
            }

            if (expiryNs <= watermarkNs)
            {
                return -1;
            }

            Forget(ref found);
            _ledger.Leave(found.Block);
            Begin(ref found, expiryNs);
            return ray;
        }

        if (expiryNs <= watermarkNs)
        {
            return -1;
        }

        ray = _entries.Rent();
        ref RayEntry entry = ref _entries[ray];
        entry = default;
        entry.Ray = key.Value;
        entry.Text = key.IsHex ? -1 : _context.Texts.Acquire(key.Text);
        Begin(ref entry, expiryNs);
        _index.Add(HashOf(key.Value), ray);
        _wheel.Add(ray, expiryNs / Watermark.SecondNs);
        return ray;
    }

    /// <summary>Returns the detail of a ray, created when it has none.</summary>
    public ref RayDetail DetailOf(int ray)
    {
        ref RayEntry entry = ref _entries[ray];
        if (entry.Detail >= 0)
        {
            return ref _details[entry.Detail];
        }

        entry.Detail = _details.Rent();
        ref RayDetail detail = ref _details[entry.Detail];
        detail = new RayDetail { Ray = ray, FirstEvent = -1, LastEvent = -1, FirstWaitingEvent = -1, FirstSolve = -1, Kept = -1 };
        return ref detail;
    }

    /// <summary>Whether an http record of this ray is remembered.</summary>
    public bool KnowsRequest(int ray, long watermarkNs)
    {
        long time = _entries[ray].RequestNs;
        return time != long.MinValue && time + _context.HorizonNs > watermarkNs;
    }

    /// <summary>Whether an event is remembered.</summary>
    public bool KnowsEvent(int ray, int rule, int matchIndex, long watermarkNs)
    {
        int detail = _entries[ray].Detail;
        if (detail < 0)
        {
            return false;
        }

        if (_details[detail].EventCount <= MostUnindexed)
        {
            for (int number = _details[detail].FirstEvent; number >= 0; number = _events[number].Next)
            {
                if (IsEvent(number, ray, rule, matchIndex, watermarkNs))
                {
                    return true;
                }
            }

            return false;
        }

        for (IndexTable.Probe probe = _eventIndex.Find(EventHash(ray, rule, matchIndex)); probe.Next();)
        {
            if (IsEvent(probe.Item, ray, rule, matchIndex, watermarkNs))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Remembers an event; takes over the reference to its rule.</summary>
    public int AddEvent(int ray, int rule, int matchIndex, in RecordPlace place)
    {
        int number = _events.Rent();
        _events[number] = new EventNode
        {
            Ray = ray,
            Next = -1,
            Rule = rule,
            MatchIndex = matchIndex,
            JoinNs = place.JoinNs,
            Offset = place.Offset,
            Entry = -1,
        };
        ref RayDetail detail = ref DetailOf(ray);
        if (detail.LastEvent < 0)
        {
            detail.FirstEvent = number;
        }
        else
        {
            _events[detail.LastEvent].Next = number;
        }

        detail.LastEvent = number;
        if (detail.FirstWaitingEvent < 0)
        {
            detail.FirstWaitingEvent = number;
        }

        detail.EventCount++;
        if (detail.EventCount > MostUnindexed)
        {
            // The one that is too many brings those before it along.
            int first = detail.EventCount == MostUnindexed + 1 ? detail.FirstEvent : number;
            for (int added = first; added >= 0; added = _events[added].Next)
            {
                ref readonly EventNode node = ref _events[added];
                _eventIndex.Add(EventHash(node.Ray, node.Rule, node.MatchIndex), added);
            }
        }

        return number;
    }

    /// <summary>Remembers that a challenge of this ray was solved.</summary>
    public void AddSolve(int ray, long joinNs)
    {
        int number = _solves.Rent();
        ref RayDetail detail = ref DetailOf(ray);
        _solves[number] = new SolveNode { JoinNs = joinNs, Next = detail.FirstSolve };
        detail.FirstSolve = number;
    }

    /// <summary>Whether a solved challenge named this ray within the horizon around <paramref name="joinNs"/>.</summary>
    public bool IsSolved(int ray, long joinNs)
    {
        if (ray < 0 || _entries[ray].Detail < 0)
        {
            return false;
        }

        for (int solve = _details[_entries[ray].Detail].FirstSolve; solve >= 0; solve = _solves[solve].Next)
        {
            if (Math.Abs(_solves[solve].JoinNs - joinNs) < _context.HorizonNs)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Ends the link between a ray and a kept item that goes away.</summary>
    public void ForgetKept(int ray, int kept)
    {
        int detail = ray < 0 ? -1 : _entries[ray].Detail;
        if (detail >= 0 && _details[detail].Ray == ray && _details[detail].Kept == kept)
        {
            _details[detail].Kept = -1;
        }
    }

    /// <summary>Frees what expired in seconds that the watermark has passed.</summary>
    public void Purge(long watermarkNs)
    {
        long last = (watermarkNs / Watermark.SecondNs) - 1;
        if (watermarkNs < 0 || last <= _purgedSecond)
        {
            return;
        }

        int buckets = _purgedSecond == long.MinValue ? _wheel.Length : (int)Math.Min(_wheel.Length, last - _purgedSecond);
        for (int i = 0; i < buckets; i++)
        {
            for (int chunk = _wheel.Open(last - i); chunk >= 0;)
            {
                Purge(_due.AsSpan(0, _wheel.Take(ref chunk, _due)), last);
            }
        }

        _purgedSecond = last;
    }

    private static ulong HashOf(ulong ray) => ray;

    private static ulong EventHash(int ray, int rule, int matchIndex) =>
        (((ulong)(uint)ray << 32) | (uint)rule) ^ ((ulong)(uint)matchIndex * 0x9E3779B97F4A7C15);

    private bool IsEvent(int number, int ray, int rule, int matchIndex, long watermarkNs)
    {
        ref readonly EventNode node = ref _events[number];
        return node.Ray == ray && node.Rule == rule && node.MatchIndex == matchIndex && node.JoinNs + _context.HorizonNs > watermarkNs;
    }

    private int Find(in RayKey key)
    {
        for (IndexTable.Probe probe = _index.Find(HashOf(key.Value)); probe.Next();)
        {
            ref readonly RayEntry entry = ref _entries[probe.Item];
            if (entry.Ray == key.Value
                && (key.IsHex ? entry.Text < 0 : entry.Text >= 0 && _context.Texts[entry.Text].Span.SequenceEqual(key.Text)))
            {
                return probe.Item;
            }
        }

        return -1;
    }

    private void Begin(ref RayEntry entry, long expiryNs)
    {
        entry.ExpiryNs = expiryNs;
        entry.RequestNs = long.MinValue;
        entry.Detail = -1;
        entry.Block = _ledger.Enter();
    }

    private void Purge(ReadOnlySpan<int> rays, long last)
    {
        // Their places in the index are read first, so that the memory is waited for once.
        foreach (int ray in rays)
        {
            _index.Touch(HashOf(_entries[ray].Ray));
        }

        foreach (int ray in rays)
        {
            long second = _entries[ray].ExpiryNs / Watermark.SecondNs;
            if (second <= last)
            {
                Remove(ray);
            }
            else
            {
                _wheel.Add(ray, second);
            }
        }
    }

    private void Remove(int ray)
    {
        ref RayEntry entry = ref _entries[ray];
        Forget(ref entry);
        _ledger.Leave(entry.Block);
        _index.Remove(HashOf(entry.Ray), ray);
        if (entry.Text >= 0)
        {
            _context.Texts.Release(entry.Text);
        }

        _entries.Return(ray);
    }

    private void Forget(ref RayEntry entry)
    {
        if (entry.Detail < 0)
        {
            return;
        }

        ref RayDetail detail = ref _details[entry.Detail];
        for (int number = detail.FirstEvent; number >= 0;)
        {
            ref readonly EventNode node = ref _events[number];
            if (detail.EventCount > MostUnindexed)
            {
                _eventIndex.Remove(EventHash(node.Ray, node.Rule, node.MatchIndex), number);
            }

            _context.Rules.Release(node.Rule);
            int next = node.Next;
            _events.Return(number);
            number = next;
        }

        for (int number = detail.FirstSolve; number >= 0;)
        {
            int next = _solves[number].Next;
            _solves.Return(number);
            number = next;
        }

        detail.Ray = -1;
        detail.Kept = -1;
        _details.Return(entry.Detail);
        entry.Detail = -1;
    }
}

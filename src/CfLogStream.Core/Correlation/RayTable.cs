using System.Numerics;
using CfLogStream.Core.Traffic;

namespace CfLogStream.Core.Correlation;

/// <summary>The memory of rays: which requests and events were seen, who waits, who was named by others.</summary>
/// <remarks>
/// Everything said of a ray meets in one entry: its own records, subrequests that name it as parent, solved challenges that name it as
/// originator. Whoever speaks of a ray, even by a duplicate, extends the entry to its own time plus the horizon (twice that for a solved
/// challenge); when the watermark gets there, all is forgotten at once. So what an entry knows depends only on the offsets since it was
/// created, which is what makes a restart exact (see <see cref="ReplayLedger"/>).
/// Entries live in a <see cref="RayIndex"/>, 37 bytes per slot; a <see cref="RayDetail"/> only where needed. Expired entries are ignored
/// exactly, and freed by a sweep over the index that takes a horizon of event time to go round. A slot is good until the next record.
/// </remarks>
internal sealed class RayTable
{
    /// <summary>Events of a ray that are searched one after another; a ray with more (a storm) has all of them in an index.</summary>
    public const int MostUnindexed = 8;

    /// <summary>Slots below which the index is not made smaller.</summary>
    private const int FewestSlots = 4096;

    private readonly CorrelatorContext _context;
    private readonly ReplayLedger _ledger;
    private readonly RayIndex _index = new();
    private readonly IndexTable _eventIndex = new();
    private readonly ItemPool<RayDetail> _details = new();
    private readonly ItemPool<EventNode> _events = new();
    private readonly ItemPool<SolveNode> _solves = new();
    private readonly long _sweepSeconds;
    private long _sweptSecond = long.MinValue;
    private int _nextGroup;

    public RayTable(CorrelatorContext context, ReplayLedger ledger)
    {
        _context = context;
        _ledger = ledger;
        _sweepSeconds = Math.Max(1, context.HorizonNs / Watermark.SecondNs);
    }

    /// <summary>Rays remembered, and such as may have expired within the last horizon.</summary>
    public int Count => _index.Count;

    public long BytesHeld => _index.BytesHeld + _eventIndex.BytesHeld + _details.BytesHeld + _events.BytesHeld + _solves.BytesHeld;

    public ref RayEntry this[int ray] => ref _index[ray];

    public ref RayDetail Detail(int detail) => ref _details[detail];

    public ref EventNode Event(int node) => ref _events[node];

    /// <summary>Makes sure that two rays can be added without moving the others; called before the rays of a record are touched.</summary>
    public void Reserve(long watermarkNs)
    {
        if ((_index.Taken + 2) * 16L > _index.Slots * 11L)
        {
            MakeRoom(watermarkNs);
        }
    }

    /// <summary>Finds or creates the entry of a ray that a record speaks of, or returns -1 when it would be forgotten already.</summary>
    public int Touch(in RayKey key, long expiryNs, long watermarkNs)
    {
        int ray = Find(key);
        if (ray >= 0)
        {
            ref RayEntry found = ref _index[ray];
            if (found.ExpiryNs > watermarkNs)
            {
                if (expiryNs > found.ExpiryNs)
                {
                    found.ExpiryNs = expiryNs;
                    _index.Extend(ray, SecondOf(expiryNs));
                    _ledger.Extend(found.Block, expiryNs);
                }

                return ray;
            }

            if (expiryNs <= watermarkNs)
            {
                return -1;
            }

            Forget(ref found);
            _index.Remove(ray);
        }
        else if (expiryNs <= watermarkNs)
        {
            return -1;
        }

        ray = _index.Add(
            new RayEntry
            {
                Ray = key.Value,
                ExpiryNs = expiryNs,
                RequestNs = long.MinValue,
                Detail = -1,
                BlockAndKind = _ledger.Enter(expiryNs) | (key.IsHex ? 0 : RayEntry.IsText),
            },
            SecondOf(expiryNs));
        if (!key.IsHex)
        {
            _details[DetailOf(ray)].Text = _context.Texts.Acquire(key.Text);
        }

        return ray;
    }

    /// <summary>Returns the detail of a ray, created when it has none.</summary>
    public int DetailOf(int ray)
    {
        ref RayEntry entry = ref _index[ray];
        if (entry.Detail < 0)
        {
            entry.Detail = _details.Rent();
            _details[entry.Detail] = new RayDetail
            {
                Text = -1,
                FirstEvent = -1,
                LastEvent = -1,
                FirstWaitingEvent = -1,
                FirstSolve = -1,
                Kept = -1,
            };
        }

        return entry.Detail;
    }

    /// <summary>Whether an http record of this ray is remembered.</summary>
    public bool KnowsRequest(int ray, long watermarkNs)
    {
        long time = _index[ray].RequestNs;
        return time != long.MinValue && time + _context.HorizonNs > watermarkNs;
    }

    /// <summary>Whether an event is remembered.</summary>
    public bool KnowsEvent(int detail, int rule, int matchIndex, long watermarkNs)
    {
        if (detail < 0)
        {
            return false;
        }

        if (_details[detail].EventCount <= MostUnindexed)
        {
            for (int number = _details[detail].FirstEvent; number >= 0; number = _events[number].Next)
            {
                if (IsEvent(number, detail, rule, matchIndex, watermarkNs))
                {
                    return true;
                }
            }

            return false;
        }

        for (IndexTable.Probe probe = _eventIndex.Find(EventHash(detail, rule, matchIndex)); probe.Next();)
        {
            if (IsEvent(probe.Item, detail, rule, matchIndex, watermarkNs))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Remembers an event; takes over the reference to its rule.</summary>
    public int AddEvent(int owner, int rule, int matchIndex, in RecordPlace place)
    {
        int number = _events.Rent();
        _events[number] = new EventNode
        {
            Detail = owner,
            Next = -1,
            Rule = rule,
            MatchIndex = matchIndex,
            JoinNs = place.JoinNs,
            Offset = place.Offset,
            Entry = -1,
        };
        ref RayDetail detail = ref _details[owner];
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
                _eventIndex.Add(EventHash(node.Detail, node.Rule, node.MatchIndex), added);
            }
        }

        return number;
    }

    /// <summary>Remembers that a challenge of this ray was solved.</summary>
    public void AddSolve(int ray, long joinNs)
    {
        int number = _solves.Rent();
        ref RayDetail detail = ref _details[DetailOf(ray)];
        _solves[number] = new SolveNode { JoinNs = joinNs, Next = detail.FirstSolve };
        detail.FirstSolve = number;
    }

    /// <summary>Whether a solved challenge named the ray of a detail within the horizon around <paramref name="joinNs"/>.</summary>
    public bool IsSolved(int detail, long joinNs)
    {
        for (int solve = detail < 0 ? -1 : _details[detail].FirstSolve; solve >= 0; solve = _solves[solve].Next)
        {
            if (Math.Abs(_solves[solve].JoinNs - joinNs) < _context.HorizonNs)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Ends the link between a ray and a kept item that goes away.</summary>
    public void ForgetKept(int detail, int kept)
    {
        if (detail >= 0 && _details[detail].Kept == kept)
        {
            _details[detail].Kept = -1;
        }
    }

    /// <summary>Frees what expired in a part of the index, as large as the watermark has gone on.</summary>
    public void Sweep(long watermarkNs)
    {
        long second = watermarkNs / Watermark.SecondNs;
        if (watermarkNs < 0 || second <= _sweptSecond)
        {
            return;
        }

        long passed = _sweptSecond == long.MinValue ? _sweepSeconds : Math.Min(second - _sweptSecond, _sweepSeconds);
        _sweptSecond = second;
        int groups = _index.Slots / SlotMarks.Group;
        int swept = (int)(((groups * passed) + _sweepSeconds - 1) / _sweepSeconds);
        for (int i = 0; i < swept; i++)
        {
            SweepGroup(_nextGroup * SlotMarks.Group, (uint)second);
            _nextGroup = (_nextGroup + 1) & (groups - 1);
        }

        if (_index.Slots > FewestSlots && _index.Count < _index.Slots / 8)
        {
            Resize(_index.Slots / 2);
        }
    }

    /// <summary>The second that an expiry lies in, rounded up: when the watermark is in it or after it, the entry has expired.</summary>
    private static uint SecondOf(long expiryNs) =>
        (uint)Math.Clamp((expiryNs + Watermark.SecondNs - 1) / Watermark.SecondNs, 0, uint.MaxValue);

    private static ulong EventHash(int detail, int rule, int matchIndex) =>
        (((ulong)(uint)detail << 32) | (uint)rule) ^ ((ulong)(uint)matchIndex * 0x9E3779B97F4A7C15);

    private bool IsEvent(int number, int detail, int rule, int matchIndex, long watermarkNs)
    {
        ref readonly EventNode node = ref _events[number];
        return node.Detail == detail && node.Rule == rule && node.MatchIndex == matchIndex && node.JoinNs + _context.HorizonNs > watermarkNs;
    }

    private int Find(in RayKey key)
    {
        for (int ray = _index.Find(key.Value); ray >= 0; ray = _index.Find(key.Value, ray))
        {
            ref readonly RayEntry entry = ref _index[ray];
            bool isHex = (entry.BlockAndKind & RayEntry.IsText) == 0;
            if (key.IsHex ? isHex : !isHex && _context.Texts[_details[entry.Detail].Text].Span.SequenceEqual(key.Text))
            {
                return ray;
            }
        }

        return -1;
    }

    private void SweepGroup(int group, uint second)
    {
        // Expiries are rounded up to seconds, so an entry goes at the latest a second after it expired.
        for (uint expired = _index.Before(group, second + 1); expired != 0; expired &= expired - 1)
        {
            int ray = group + BitOperations.TrailingZeroCount(expired);
            Forget(ref _index[ray]);
            _index.Remove(ray);
        }
    }

    /// <summary>Frees all that has expired, then grows if that is not enough.</summary>
    private void MakeRoom(long watermarkNs)
    {
        if (watermarkNs > 0)
        {
            uint second = (uint)(watermarkNs / Watermark.SecondNs);
            for (int group = 0; group < _index.Slots; group += SlotMarks.Group)
            {
                SweepGroup(group, second);
            }
        }

        Resize(_index.Count * 2L > _index.Slots ? _index.Slots * 2 : _index.Slots);
    }

    private void Resize(int slots)
    {
        _index.Resize(slots);
        _nextGroup = 0;
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
                _eventIndex.Remove(EventHash(node.Detail, node.Rule, node.MatchIndex), number);
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

        if (detail.Text >= 0)
        {
            _context.Texts.Release(detail.Text);
        }

        detail.Kept = -1;
        _details.Return(entry.Detail);
        entry.Detail = -1;
    }
}

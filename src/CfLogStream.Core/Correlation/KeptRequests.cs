using System.Runtime.InteropServices;
using CfLogStream.Core.Traffic;

namespace CfLogStream.Core.Correlation;

/// <summary>
/// The kept requests of one window and chunk: per host, control and rule those with the smallest ray hashes; and the sample.
/// </summary>
/// <remarks>
/// A group is a list of items with its worst one at hand, so past the cap a request costs one comparison unless it replaces the worst;
/// that happens about cap × ln(n / cap) times. The sample of passed requests is a group without a cap whose weight is fixed.
/// Records and matches are copied into slabs and written when the window closes, in order of hash, time and offset. Until then lost ones
/// can be written early, each once, in any order: such a row is no part of what is finally written, and some of them may still be replaced.
/// </remarks>
internal sealed class KeptRequests
{
    private readonly CorrelatorContext _context;
    private readonly IndexTable _index = new();
    private Group[] _groups = new Group[8];
    private int _groupCount;
    private KeptOrder[] _sorted = new KeptOrder[64];
    private MatchedRule[] _rules = new MatchedRule[8];

    public KeptRequests(CorrelatorContext context)
    {
        _context = context;
    }

    public long BytesHeld => _index.BytesHeld + MemoryMarshal.AsBytes(_groups.AsSpan()).Length + (_sorted.Length * 32L);

    public static bool Wants(in ResolvedRequest request, CorrelationOptions options) =>
        request.Lost || request.Outcome is Outcome.Exempted or Outcome.Logged or Outcome.ChallengeSolved
        || IsSampled(request, options);

    /// <summary>Keeps a request under its host and first match, or in the sample.</summary>
    public void Add(int host, in ResolvedRequest request, ReadOnlySpan<Match> matches, RayTable rays)
    {
        bool sampled = IsSampled(request, _context.Options);
        ref Group group = ref GroupOf(sampled ? -1 : host, sampled || matches.IsEmpty ? -1 : matches[0].Rule);
        group.Total++;
        ulong hash = StableHash.Of(request.Record.Head.Ray);
        int cap = sampled ? int.MaxValue : _context.Options.LostPerWindowHostRule;
        if (group.Count >= cap)
        {
            if (cap == 0 || new KeptOrder(hash, request.Record.Head.TimeNs, request.Place.Offset, -1).CompareTo(OrderOf(group.Worst)) >= 0)
            {
                return;
            }

            Evict(ref group, rays);
        }

        int number = _context.KeptItems.Rent();
        ref KeptItem item = ref _context.KeptItems[number];
        item = new KeptItem
        {
            Hash = hash,
            Version = _context.Version,
            TimeNs = request.Record.Head.TimeNs,
            Offset = request.Place.Offset,
            Record = request.Stored != 0 ? _context.Records.Share(request.Stored) : _context.Records.Keep(request.Record, request.Place),
            Matches = KeepMatches(matches),
            MatchCount = matches.Length,
            Detail = -1,
            Next = group.First,
            Outcome = request.Outcome,
            Lost = request.Lost,
            HasRequest = request.HasRequest,
            HasEvents = request.HasEvents,
        };
        group.First = number;
        group.Count++;
        if (group.Count == 1 || OrderOf(number).CompareTo(OrderOf(group.Worst)) > 0)
        {
            group.Worst = number;
        }

        if (request.Ray.Slot >= 0 || request.Ray.Detail >= 0)
        {
            LinkSubrequests(ref item, number, request, rays);
        }
    }

    /// <summary>Writes all items; the groups stay until <see cref="Clear"/>.</summary>
    public void Write()
    {
        for (int i = 0; i < _groupCount; i++)
        {
            ref readonly Group group = ref _groups[i];
            if (_sorted.Length < group.Count)
            {
                _sorted = new KeptOrder[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)group.Count)];
            }

            int count = 0;
            for (int item = group.First; item >= 0; item = _context.KeptItems[item].Next)
            {
                _sorted[count++] = OrderOf(item);
            }

            _sorted.AsSpan(0, count).Sort();
            double weight = group.Host < 0 ? _context.Options.SampleOneOf : (double)group.Total / group.Count;
            for (int k = 0; k < count; k++)
            {
                Write(in _context.KeptItems[_sorted[k].Item], weight, isEarly: false);
            }
        }
    }

    /// <summary>Writes the lost items that were not written before, as early rows.</summary>
    public void WriteEarly()
    {
        for (int i = 0; i < _groupCount; i++)
        {
            ref readonly Group group = ref _groups[i];

            // New items stand first, so the first that is written ends the new ones.
            for (int item = group.First; item >= 0 && !_context.KeptItems[item].IsWrittenEarly; item = _context.KeptItems[item].Next)
            {
                ref KeptItem kept = ref _context.KeptItems[item];
                kept.IsWrittenEarly = true;
                if (kept.Lost)
                {
                    Write(in kept, (double)group.Total / group.Count, isEarly: true);
                }
            }
        }
    }

    public void Clear(RayTable rays)
    {
        for (int i = 0; i < _groupCount; i++)
        {
            for (int item = _groups[i].First; item >= 0;)
            {
                int next = _context.KeptItems[item].Next;
                Release(item, rays);
                item = next;
            }

            if (_groups[i].Rule >= 0)
            {
                _context.Rules.Release(_groups[i].Rule);
            }
        }

        _index.Clear();
        _groupCount = 0;
    }

    private static bool IsSampled(in ResolvedRequest request, CorrelationOptions options) =>
        request.Outcome == Outcome.Passed && options.SampleOneOf > 0 && (request.Record.Head.Flags & RecordFlags.Sampled) != 0;

    private static ulong HashOf(int host, RuleKey? rule) => (rule?.RuleHash ?? 0) + (uint)host;

    /// <summary>A group is a host, control and rule, whatever the rule's action.</summary>
    private ref Group GroupOf(int host, int rule)
    {
        RuleKey? key = rule < 0 ? null : _context.Rules[rule];
        ulong hash = HashOf(host, key);
        for (IndexTable.Probe probe = _index.Find(hash); probe.Next();)
        {
            ref Group found = ref _groups[probe.Item];
            if (found.Host == host && IsSameRule(found.Rule, key))
            {
                return ref found;
            }
        }

        if (_groupCount == _groups.Length)
        {
            Array.Resize(ref _groups, _groupCount * 2);
        }

        _index.Add(hash, _groupCount);
        ref Group group = ref _groups[_groupCount++];
        group = new Group { Host = host, Rule = rule < 0 ? -1 : _context.Rules.AddReference(rule), First = -1, Worst = -1 };
        return ref group;
    }

    private bool IsSameRule(int rule, RuleKey? key)
    {
        if (rule < 0 || key is null)
        {
            return rule < 0 && key is null;
        }

        return _context.Rules[rule].Control == key.Control && _context.Rules[rule].RuleId == key.RuleId;
    }

    /// <summary>
    /// Gives a kept request the subrequests seen so far; those still to come find it through its ray, unless it was late.
    /// </summary>
    private static void LinkSubrequests(ref KeptItem item, int number, in ResolvedRequest request, RayTable rays)
    {
        bool counts = request.HasRequest && request.Place.Chunk == 0;
        int known = request.Ray.Detail;
        if (known < 0)
        {
            if (!counts)
            {
                return;
            }

            known = rays.DetailOf(request.Ray.Slot);
        }

        ref RayDetail detail = ref rays.Detail(known);
        item.Subrequests = detail.Subrequests;
        if (counts)
        {
            item.Detail = known;
            detail.Kept = number;
        }
    }

    private int KeepMatches(ReadOnlySpan<Match> matches)
    {
        if (matches.IsEmpty)
        {
            return 0;
        }

        int block = _context.Matches.Rent(matches.Length);
        matches.CopyTo(_context.Matches.Span(block, matches.Length));
        foreach (ref readonly Match match in matches)
        {
            MatchList.AddReferences(_context, in match);
        }

        return block;
    }

    private void Evict(ref Group group, RayTable rays)
    {
        int worst = group.Worst;
        int previous = -1;
        int next = -1;
        for (int item = group.First; item >= 0; item = _context.KeptItems[item].Next)
        {
            if (item == worst)
            {
                Unlink(ref group, previous, item);
            }
            else
            {
                next = next < 0 || OrderOf(item).CompareTo(OrderOf(next)) > 0 ? item : next;
                previous = item;
            }
        }

        group.Worst = next;
        group.Count--;
        Release(worst, rays);
    }

    private void Unlink(ref Group group, int previous, int item)
    {
        if (previous < 0)
        {
            group.First = _context.KeptItems[item].Next;
        }
        else
        {
            _context.KeptItems[previous].Next = _context.KeptItems[item].Next;
        }
    }

    private void Release(int number, RayTable rays)
    {
        KeptItem item = _context.KeptItems[number];
        rays.ForgetKept(item.Detail, number);
        _context.Records.Free(item.Record);
        if (item.Matches != 0)
        {
            foreach (ref readonly Match match in _context.Matches.Span(item.Matches, item.MatchCount))
            {
                MatchList.Release(_context, in match);
            }

            _context.Matches.Return(item.Matches, item.MatchCount);
        }

        _context.KeptItems.Return(number);
    }

    private KeptOrder OrderOf(int item) => new(in _context.KeptItems[item], item);

    private void Write(in KeptItem item, double weight, bool isEarly)
    {
        if (_rules.Length < item.MatchCount)
        {
            _rules = new MatchedRule[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)item.MatchCount)];
        }

        for (int i = 0; i < item.MatchCount; i++)
        {
            ref readonly Match match = ref _context.Matches.Span(item.Matches, item.MatchCount)[i];
            RuleKey rule = _context.Rules[match.Rule];
            _rules[i] = new MatchedRule(
                rule.Control,
                rule.Action,
                rule.RuleId,
                _context.Texts[match.Reference],
                _context.Texts[match.Description],
                match.MatchIndex,
                _context.Texts[match.Originator]);
        }

        _context.Sink.Add(new RequestRow
        {
            Record = _context.Records.Read(item.Record),
            Matches = _rules.AsSpan(0, item.MatchCount),
            Outcome = item.Outcome,
            Lost = item.Lost,
            HasRequest = item.HasRequest,
            HasEvents = item.HasEvents,
            Weight = weight,
            Subrequests = item.Subrequests,
            IsEarly = isEarly,
            Partition = _context.Partition,
            Version = item.Version,
        });
    }

    private struct Group
    {
        /// <summary>The admitted host, or -1 for the sample.</summary>
        public int Host;
        public int Rule;
        public int First;
        public int Worst;
        public int Count;
        public long Total;
    }
}

using CfLogStream.Core.Traffic;

namespace CfLogStream.Core.Correlation;

/// <summary>The matched rules of the request being resolved: filled, put in order, read, released; reused for the next.</summary>
internal sealed class MatchList
{
    private readonly CorrelatorContext _context;
    private readonly Comparison<Match> _order;
    private Match[] _matches = new Match[16];

    public MatchList(CorrelatorContext context)
    {
        _context = context;
        _order = Compare;
    }

    public int Count { get; private set; }

    public Span<Match> Span => _matches.AsSpan(0, Count);

    /// <summary>Adds an entry of an http record or of an event.</summary>
    public ref Match Add(in SecurityEntry entry)
    {
        if (Count == _matches.Length)
        {
            Array.Resize(ref _matches, Count * 2);
        }

        int rule = _context.Rules.Acquire(entry.Control, entry.RuleId, entry.Action);
        ref Match match = ref _matches[Count];
        match = new Match
        {
            Rule = rule,
            Reference = _context.Texts.Acquire(entry.RuleRef),
            Description = _context.Texts.Acquire(entry.Description),
            Originator = _context.Texts.Acquire(default),
            MatchIndex = entry.MatchIndex,
            Order = Count,
            IsTerminating = _context.Rules[rule].IsTerminating,
        };
        Count++;
        return ref match;
    }

    /// <summary>Adds to a match what an event knows more of it.</summary>
    public void Enrich(ref Match match, in TrafficRecord securityEvent)
    {
        SecurityEntry entry = EntryOf(securityEvent);
        Replace(ref match.Reference, entry.RuleRef);
        Replace(ref match.Description, entry.Description);
        Replace(ref match.Originator, OriginatorOf(securityEvent));
        if (entry.MatchIndex >= 0)
        {
            match.MatchIndex = entry.MatchIndex;
        }

        match.HasEvent = true;
    }

    /// <summary>Puts the match at <paramref name="terminating"/> (-1: none) first and the others in order of match index.</summary>
    public void Sort(int terminating)
    {
        if (Count < 2)
        {
            return;
        }

        if (terminating > 0)
        {
            Match first = _matches[terminating];
            _matches.AsSpan(0, terminating).CopyTo(_matches.AsSpan(1));
            _matches[0] = first;
        }

        Span.Slice(terminating >= 0 ? 1 : 0).Sort(_order);
    }

    /// <summary>Forgets the matches and their references.</summary>
    public void Clear()
    {
        foreach (ref readonly Match match in Span)
        {
            Release(_context, in match);
        }

        Count = 0;
    }

    /// <summary>The entry of an event; empty when it says nothing of its rule.</summary>
    public static SecurityEntry EntryOf(in TrafficRecord securityEvent)
    {
        if (securityEvent.Head.EntryCount == 0)
        {
            return new SecurityEntry { MatchIndex = securityEvent.Head.MatchIndex };
        }

        SecurityEntry entry = securityEvent.Entry(0);
        return new SecurityEntry
        {
            Control = entry.Control,
            Action = entry.Action,
            RuleId = entry.RuleId,
            RuleRef = entry.RuleRef,
            Description = entry.Description,
            MatchIndex = securityEvent.Head.MatchIndex,
        };
    }

    /// <summary>The ray that issued the challenge an event tells of; empty when there is none.</summary>
    public static ReadOnlySpan<byte> OriginatorOf(in TrafficRecord securityEvent)
    {
        ReadOnlySpan<byte> originator = securityEvent[RecordText.OriginatorRay];
        return RayKey.IsNone(originator) ? default : originator;
    }

    public static void AddReferences(CorrelatorContext context, in Match match)
    {
        context.Rules.AddReference(match.Rule);
        context.Texts.AddReference(match.Reference);
        context.Texts.AddReference(match.Description);
        context.Texts.AddReference(match.Originator);
    }

    public static void Release(CorrelatorContext context, in Match match)
    {
        context.Rules.Release(match.Rule);
        context.Texts.Release(match.Reference);
        context.Texts.Release(match.Description);
        context.Texts.Release(match.Originator);
    }

    private static int Compare(Match left, Match right)
    {
        // -1 (not logged) comes last.
        int order = ((uint)left.MatchIndex).CompareTo((uint)right.MatchIndex);
        return order != 0 ? order : left.Order.CompareTo(right.Order);
    }

    private void Replace(ref int text, ReadOnlySpan<byte> newer)
    {
        if (!newer.IsEmpty)
        {
            int replaced = text;
            text = _context.Texts.Acquire(newer);
            _context.Texts.Release(replaced);
        }
    }
}

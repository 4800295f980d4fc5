namespace CfLogStream.Server.Processing;

/// <summary>Ranges of a partition's offsets that the log no longer had, in order and apart.</summary>
internal sealed class LogGaps
{
    /// <summary>Ranges kept; beyond it neighbours are told as one, so that nothing lost is ever forgotten.</summary>
    private const int Most = 1_000;

    private readonly List<(long From, long To)> _ranges;

    public LogGaps(IEnumerable<(long From, long To)> ranges)
    {
        _ranges = [.. ranges];
    }

    /// <summary>A copy of the ranges.</summary>
    public IReadOnlyList<(long From, long To)> Ranges => [.. _ranges];

    /// <summary>Adds a range; returns how many of its offsets were not lost before.</summary>
    public long Add(long from, long to)
    {
        long before = Count();
        (long From, long To) merged = (from, to);
        foreach ((long From, long To) range in _ranges.Where(range => range.From <= to && range.To >= from))
        {
            merged = (Math.Min(merged.From, range.From), Math.Max(merged.To, range.To));
        }

        _ranges.RemoveAll(range => range.From <= to && range.To >= from);
        _ranges.Add(merged);
        _ranges.Sort();
        long added = Count() - before;
        if (_ranges.Count > Most)
        {
            (_, long last) = _ranges[1];
            _ranges[0] = (_ranges[0].From, last);
            _ranges.RemoveAt(1);
        }

        return added;
    }

    private long Count() => _ranges.Sum(range => range.To - range.From);
}

using CfLogStream.Core.Logpush;

namespace CfLogStream.Server.Analysis;

/// <summary>Keeps rejected lines within bounds: the contents with the smallest hashes, each with its occurrences.</summary>
/// <remarks>What is kept is a function of the set of rejected lines, not of their order; everything is counted. Correlator thread only.</remarks>
internal sealed class DeadLetterBook
{
    /// <summary>Rows kept of one and the same content.</summary>
    public const int OccurrencesKept = 100;

    private readonly int _limit;
    private readonly SortedSet<(ulong Hash, ReadStatus Reason)> _order = [];
    private readonly Dictionary<(ulong Hash, ReadStatus Reason), List<DeadLetter>> _kept = [];
    private readonly Dictionary<ReadStatus, long> _byReason = [];

    public DeadLetterBook(int limit)
    {
        _limit = limit;
    }

    /// <summary>Rejected lines per reason, all of them.</summary>
    public IReadOnlyDictionary<ReadStatus, long> ByReason => _byReason;

    /// <summary>Counts a rejected line and keeps it if it is among those to be kept.</summary>
    public void Add(DeadLetter letter)
    {
        _byReason[letter.Reason] = _byReason.GetValueOrDefault(letter.Reason) + 1;
        (ulong, ReadStatus) key = (letter.ContentHash, letter.Reason);
        if (!_kept.TryGetValue(key, out List<DeadLetter>? occurrences))
        {
            occurrences = [];
            _kept.Add(key, occurrences);
            _order.Add(key);
            if (_order.Count > _limit)
            {
                (ulong, ReadStatus) last = _order.Max;
                _order.Remove(last);
                _kept.Remove(last);
            }
        }

        if (occurrences.Count < OccurrencesKept)
        {
            occurrences.Add(letter);
        }
    }

    /// <summary>The kept lines with their occurrence numbers, in the order of their hashes; occurrences in the order of source and line.</summary>
    public IEnumerable<(DeadLetter Letter, int Occurrence)> Kept()
    {
        foreach ((ulong, ReadStatus) key in _order)
        {
            int number = 0;
            foreach (DeadLetter letter in _kept[key].OrderBy(letter => letter.Source, StringComparer.Ordinal).ThenBy(letter => letter.ByteOffset))
            {
                yield return (letter, number++);
            }
        }
    }
}

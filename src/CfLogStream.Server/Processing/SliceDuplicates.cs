using System.Runtime.InteropServices;
using CfLogStream.Kafka.Slices;

namespace CfLogStream.Server.Processing;

/// <summary>Knows which slices and records of a partition's log were there before.</summary>
/// <remarks>
/// A slice of an upload is known by its batch, kind and part, for as long as the watermark is not further on than the memory reaches. A
/// record of a source that only goes on (a topic's partition) is known by its position: one that is not greater than the greatest seen.
/// Both are pure functions of the log. What they were at any message since the last restart point can be told, so that a restart begins
/// with what this log's reader knew there. One thread.
/// </remarks>
internal sealed class SliceDuplicates
{
    private readonly long _memoryNs;
    private readonly Dictionary<(ulong Batch, SliceKind Kind, int Part), KnownBatch> _batches = [];
    private readonly Queue<KnownBatch> _order = new();
    private readonly Dictionary<(string Source, SliceKind Kind), StreamPositions> _positions = [];
    private List<KnownBatch> _new = [];

    /// <param name="batches">What was seen before the first message that will be read.</param>
    /// <param name="positions">The greatest positions before that message.</param>
    public SliceDuplicates(TimeSpan memory, IEnumerable<KnownBatch> batches, IEnumerable<SourcePosition> positions)
    {
        _memoryNs = memory.Ticks * 100;
        foreach (KnownBatch batch in batches.OrderBy(batch => batch.Message))
        {
            Remember(batch);
        }

        foreach (SourcePosition position in positions)
        {
            _positions[(position.Source, position.Kind)] = new StreamPositions(position.Position);
        }
    }

    /// <summary>Slices of batches that are remembered.</summary>
    public int Batches => _batches.Count;

    /// <summary>Whether a slice of an upload was there before; if not, it is remembered.</summary>
    /// <param name="watermarkNs">The watermark before the message.</param>
    public bool IsKnown(in SliceHeader header, string source, long message, long watermarkNs)
    {
        while (_order.TryPeek(out KnownBatch oldest) && oldest.SeenNs + _memoryNs <= watermarkNs)
        {
            _order.Dequeue();
            (ulong, SliceKind, int) key = (oldest.Batch, oldest.Kind, oldest.Part);
            if (_batches.TryGetValue(key, out KnownBatch known) && known.Message == oldest.Message)
            {
                _batches.Remove(key);
            }
        }

        if (_batches.ContainsKey((header.Batch, header.Kind, header.Part)))
        {
            return true;
        }

        var batch = new KnownBatch(source, header.Batch, header.Kind, header.Part, message, watermarkNs);
        Remember(batch);
        _new.Add(batch);
        return false;
    }

    /// <summary>The positions of a kind of records of a streaming source.</summary>
    public StreamPositions PositionsOf(string source, SliceKind kind)
    {
        ref StreamPositions? positions = ref CollectionsMarshal.GetValueRefOrAddDefault(_positions, (source, kind), out _);
        return positions ??= new StreamPositions();
    }

    /// <summary>Returns the batches that were not known before, since the last call.</summary>
    public IReadOnlyList<KnownBatch> TakeNew()
    {
        List<KnownBatch> taken = _new;
        _new = [];
        return taken;
    }

    /// <summary>Returns the greatest positions before a message; later calls do not ask for earlier ones.</summary>
    public IReadOnlyList<SourcePosition> PositionsBefore(long message)
    {
        var positions = new List<SourcePosition>();
        foreach (((string source, SliceKind kind), StreamPositions seen) in _positions)
        {
            if (seen.TryGetBefore(message, out long position))
            {
                positions.Add(new SourcePosition(source, kind, position));
            }
        }

        positions.Sort(static (left, right) =>
        {
            int order = string.CompareOrdinal(left.Source, right.Source);
            return order != 0 ? order : left.Kind.CompareTo(right.Kind);
        });
        return positions;
    }

    private void Remember(in KnownBatch batch)
    {
        _batches[(batch.Batch, batch.Kind, batch.Part)] = batch;
        if (batch.SeenNs != long.MinValue)
        {
            // What came before there was a watermark is a log's first few messages: it is remembered for good.
            _order.Enqueue(batch);
        }
    }
}

using System.Numerics;

namespace CfLogStream.Core.Correlation;

/// <summary>Knows from which offset a restart must read to have everything again that still matters.</summary>
/// <remarks>
/// A restarted correlator begins with an empty memory of rays, so near its first offset it decides wrongly: a duplicate of a forgotten
/// record looks new. What was wrong dies out: a ray's entry knows only what came since it was created, so from the offset at which all
/// living entries were created later than the first offset read, every ray decides for itself as it did before; and once more the same
/// distance later, what rays did to each other (subrequests, solved challenges) is right too. Hence three offsets: rows must be exact
/// from <c>exact</c> (the first contribution to any open window), the rays that lived there were created after <c>second</c>, and those
/// that lived there after <c>first</c>: that is where to read.
/// For this the ledger knows, per block of 4,096 offsets, when the last of the rays created in it expires, and notes at each block's
/// border the newest event time and the oldest block with a living ray. Blocks are numbered as they are met, so gaps in the offsets cost
/// nothing. 32 bytes per block.
/// </remarks>
internal sealed class ReplayLedger
{
    private const int BlockBits = 12;

    // When the last ray of each block expires, a ring over the blocks from _oldest to _newest.
    private long[] _expiryNs = NoRays(64);
    private uint _oldest;
    private uint _newest;

    // The borders of the blocks from _first to _newest.
    private Border[] _borders = new Border[64];
    private uint _first;
    private bool _started;

    public long BytesHeld => (_expiryNs.Length * 8L) + (_borders.Length * 24L);

    private int BorderCount => (int)(_newest - _first + 1);

    /// <summary>Starts at the offset that is read first, with the newest event time before it.</summary>
    public void Start(long offset, long newestNs)
    {
        _borders[0] = new Border(offset, newestNs, 0);
        _started = true;
    }

    /// <summary>The offset from which on <see cref="Reach"/> has something to do.</summary>
    public long NextBorder { get; private set; } = long.MinValue;

    /// <summary>Tells that the record at an offset comes next.</summary>
    /// <param name="newestNs">The newest event time before it.</param>
    /// <param name="watermarkNs">The watermark before it.</param>
    public void Reach(long offset, long newestNs, long watermarkNs)
    {
        NextBorder = ((offset >> BlockBits) + 1) << BlockBits;
        if (!_started)
        {
            Start(offset, newestNs);
            return;
        }

        long border = offset >> BlockBits << BlockBits;
        if (border <= _borders[_newest - _first].Offset)
        {
            return;
        }

        uint block = _newest + 1;
        while (_oldest < block && (_oldest > _newest || _expiryNs[_oldest & (_expiryNs.Length - 1)] <= watermarkNs))
        {
            _oldest++;
        }

        if (block - _oldest + 1 > _expiryNs.Length)
        {
            GrowRing();
        }

        _expiryNs[block & (_expiryNs.Length - 1)] = long.MinValue;

        if (BorderCount == _borders.Length)
        {
            Array.Resize(ref _borders, BorderCount * 2);
        }

        _newest = block;
        _borders[block - _first] = new Border(border, newestNs, _oldest);
    }

    /// <summary>Notes a ray created now and returns its block.</summary>
    public uint Enter(long expiryNs)
    {
        Extend(_newest, expiryNs);
        return _newest;
    }

    /// <summary>Notes that a ray of a block lives longer.</summary>
    public void Extend(uint block, long expiryNs)
    {
        ref long last = ref _expiryNs[block & (_expiryNs.Length - 1)];
        last = Math.Max(last, expiryNs);
    }

    /// <summary>Returns where a restart must read when rows have to be exact from an offset on.</summary>
    public (long ReadFrom, long NewestNs, long ExactFrom) Find(long offset)
    {
        if (!_started)
        {
            return (offset, long.MinValue, offset);
        }

        int exact = At(offset);
        int second = Before(_borders[exact].OldestRay);
        int first = Before(_borders[second].OldestRay);
        return (_borders[first].Offset, _borders[first].NewestNs, _borders[exact].Offset);
    }

    /// <summary>Drops what no restart needs when rows have to be exact from an offset on; later calls will not ask for less.</summary>
    public void Trim(long offset)
    {
        if (!_started || BorderCount < _borders.Length / 2)
        {
            return;
        }

        int first = Before(_borders[Before(_borders[At(offset)].OldestRay)].OldestRay);
        if (first > 0)
        {
            _borders.AsSpan(first, BorderCount - first).CopyTo(_borders);
            _first += (uint)first;
        }
    }

    private int Before(uint block) => block <= _first ? 0 : (int)(block - _first);

    /// <summary>Returns the last border at or before an offset; the first one when there is none.</summary>
    private int At(long offset)
    {
        int low = 0;
        int high = BorderCount - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (_borders[middle].Offset <= offset)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }

    private static long[] NoRays(int blocks)
    {
        var expiryNs = new long[blocks];
        Array.Fill(expiryNs, long.MinValue);
        return expiryNs;
    }

    private void GrowRing()
    {
        long[] larger = NoRays((int)BitOperations.RoundUpToPowerOf2((uint)_expiryNs.Length + 1));
        for (uint block = _oldest; block <= _newest; block++)
        {
            larger[block & (larger.Length - 1)] = _expiryNs[block & (_expiryNs.Length - 1)];
        }

        _expiryNs = larger;
    }

    private readonly record struct Border(long Offset, long NewestNs, uint OldestRay);
}

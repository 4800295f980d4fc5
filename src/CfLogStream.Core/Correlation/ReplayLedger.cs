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
/// For this the ledger counts living rays per block of 4,096 offsets and notes at each block's border the newest event time and the
/// oldest block with a living ray. Blocks are numbered as they are met, so gaps in the offsets cost nothing. 28 bytes per block.
/// </remarks>
internal sealed class ReplayLedger
{
    private const int BlockBits = 12;

    // Living rays per block, a ring over the blocks from _oldest to _newest.
    private int[] _living = new int[64];
    private uint _oldest;
    private uint _newest;

    // The borders of the blocks from _first to _newest.
    private Border[] _borders = new Border[64];
    private uint _first;
    private bool _started;

    public long BytesHeld => (_living.Length * 4L) + (_borders.Length * 24L);

    private int BorderCount => (int)(_newest - _first + 1);

    /// <summary>Starts at the offset that is read first, with the newest event time before it.</summary>
    public void Start(long offset, long newestNs)
    {
        _borders[0] = new Border(offset, newestNs, 0);
        _started = true;
    }

    /// <summary>Tells that the record at an offset comes next; <paramref name="newestNs"/> is the newest event time before it.</summary>
    public void Reach(long offset, long newestNs)
    {
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
        while (_oldest < block && (_oldest > _newest || _living[_oldest & (_living.Length - 1)] == 0))
        {
            _oldest++;
        }

        if (block - _oldest + 1 > _living.Length)
        {
            GrowLiving();
        }

        if (BorderCount == _borders.Length)
        {
            Array.Resize(ref _borders, BorderCount * 2);
        }

        _newest = block;
        _borders[block - _first] = new Border(border, newestNs, _oldest);
    }

    /// <summary>Counts a ray created now and returns its block.</summary>
    public uint Enter()
    {
        _living[_newest & (_living.Length - 1)]++;
        return _newest;
    }

    /// <summary>Counts a ray that went away.</summary>
    public void Leave(uint block) => _living[block & (_living.Length - 1)]--;

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

    private void GrowLiving()
    {
        var larger = new int[BitOperations.RoundUpToPowerOf2((uint)_living.Length + 1)];
        for (uint block = _oldest; block <= _newest; block++)
        {
            larger[block & (larger.Length - 1)] = _living[block & (_living.Length - 1)];
        }

        _living = larger;
    }

    private readonly record struct Border(long Offset, long NewestNs, uint OldestRay);
}

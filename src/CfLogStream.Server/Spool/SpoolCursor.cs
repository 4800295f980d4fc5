using System.Buffers;
using CfLogStream.Kafka.Log;
using Microsoft.Win32.SafeHandles;

namespace CfLogStream.Server.Spool;

/// <summary>What a step of a cursor came to.</summary>
internal enum CursorStep
{
    /// <summary>There is nothing more for now.</summary>
    End = 0,

    /// <summary>The next message.</summary>
    Message,

    /// <summary>Offsets that the spool has no more.</summary>
    Lost,
}

/// <summary>Reads a partition's messages in their order from an offset on. One thread.</summary>
/// <remarks>Every message is checked. Damage is passed over to the next record that is whole; which offsets that cost shows when it is
/// found, and
/// is told as <see cref="CursorStep.Lost"/>, never silently.</remarks>
internal sealed class SpoolCursor : IDisposable
{
    private const int DiskBlockBytes = 4096;

    /// <summary>What was read is let go of in pieces of at least this size.</summary>
    private const int DropBytes = 1024 * 1024;

    private readonly SpoolPartition _partition;
    private readonly SpoolMetrics _metrics;
    private SpoolSegment? _segment;
    private SafeFileHandle? _file;
    private long _position;
    private long _droppedTo;

    /// <summary>The next segment's first offset, where this one ends.</summary>
    private long _bound;

    public SpoolCursor(SpoolPartition partition, long next, SpoolMetrics metrics)
    {
        _partition = partition;
        _metrics = metrics;
        Next = next;
    }

    /// <summary>The offset that comes next.</summary>
    public long Next { get; private set; }

    /// <summary>Reads on; <see cref="Next"/> is moved behind the message or the loss.</summary>
    public CursorStep Read(out LogMessage? message)
    {
        while (true)
        {
            // Before the segment's length, which moves first.
            long end = _partition.End;
            if (Next >= end)
            {
                message = null;
                return CursorStep.End;
            }

            CursorStep? step;
            try
            {
                step = _segment is null ? Enter(end, out message) : ReadHere(end, out message);
            }
            catch (IOException)
            {
                // The disk cannot read this place; what stands behind it may be whole.
                _metrics.Damage(DiskBlockBytes);
                _position = (_position | (DiskBlockBytes - 1)) + 1;
                continue;
            }

            if (step is { } known)
            {
                return known;
            }
        }
    }

    public void Dispose() => Leave();

    private CursorStep? Enter(long end, out LogMessage? message)
    {
        message = null;
        SpoolSegment[] segments = _partition.Segments;
        int index = Array.FindLastIndex(segments, segment => segment.First <= Next);
        if (index < 0)
        {
            return Lose(segments.Length > 0 ? segments[0].First : end);
        }

        _file = segments[index].OpenRead();
        if (_file is not null)
        {
            _segment = segments[index];
            _position = SpoolSegment.HeadBytes;
            _droppedTo = 0;
            _bound = index + 1 < segments.Length ? segments[index + 1].First : long.MaxValue;
        }

        return null;
    }

    private CursorStep? ReadHere(long end, out LogMessage? message)
    {
        message = null;
        long limit = _segment!.Length;
        if (_position >= limit)
        {
            return GoOn(end);
        }

        if (!SegmentScan.TryReadHeader(_file!, _position, limit, _partition.Seed, out SpoolRecord record))
        {
            long found = SegmentScan.FindNext(_file!, _position + 1, limit, _partition.Seed);
            _metrics.Damage(found - _position);
            _position = found;
            return null;
        }

        long after = _position + SpoolRecord.HeaderBytes + record.Length;
        if (record.Offset >= _bound || record.Offset < Next)
        {
            _position = after;
            return null;
        }

        return record.Offset > Next ? Lose(record.Offset) : Take(record, after, out message);
    }

    /// <summary>Goes to the next segment; what is still missing of this one is lost.</summary>
    private CursorStep? GoOn(long end)
    {
        SpoolSegment? following = Array.Find(_partition.Segments, segment => segment.First > _segment!.First);
        if (following is null)
        {
            return Lose(end);
        }

        if (_position < _segment!.Length)
        {
            // It grew after its length was asked for, before the next one was begun.
            return null;
        }

        Leave();
        return following.First > Next ? Lose(following.First) : null;
    }

    private CursorStep Take(in SpoolRecord record, long after, out LogMessage? message)
    {
        byte[] bytes = ArrayPool<byte>.Shared.Rent(Math.Max(1, record.Length));
        Span<byte> value = bytes.AsSpan(0, record.Length);
        bool isWhole = false;
        try
        {
            isWhole = RandomAccess.Read(_file!, value, _position + SpoolRecord.HeaderBytes) == value.Length
                && SpoolRecord.HashOf(value, _partition.Seed) == record.ValueHash;
        }
        finally
        {
            if (!isWhole)
            {
                ArrayPool<byte>.Shared.Return(bytes);
            }
        }

        _position = after;
        if (!isWhole)
        {
            _metrics.Damage(SpoolRecord.HeaderBytes + record.Length);
            message = null;
            return Lose(record.Offset + 1);
        }

        message = new LogMessage(_partition.Number, record.Offset, record.Header, bytes, record.Length);
        Next++;
        LetGo();
        return CursorStep.Message;
    }

    /// <summary>What was read is not read again before the next start: its memory is better used for what is written next.</summary>
    private void LetGo()
    {
        _partition.ReadTo(new SpoolPlace(_segment!.First, _position));
        if (_position - _droppedTo >= DropBytes)
        {
            PageCache.Drop(_file!, _droppedTo, _position);
            _droppedTo = _position;
        }
    }

    private CursorStep Lose(long to)
    {
        Next = to;
        return CursorStep.Lost;
    }

    private void Leave()
    {
        _file?.Dispose();
        _file = null;
        _segment = null;
    }
}

using System.Buffers;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace CfLogStream.Server.Spool;

/// <summary>The segments of one partition. The committing thread appends, any thread trims and reads what is safe on disk.</summary>
/// <remarks>
/// <para>Readers see <see cref="End"/> and <see cref="SpoolSegment.Length"/>, which move only after a flush; length before end. After a
/// failed
/// write the file is cut back to its safe length; when that fails too, or a flush failed (what the kernel then still holds is not
/// known), the
/// segment is left and the next one begins at the next offset, which bounds it.</para>
/// <para>An offset is never used twice for acknowledged messages. A new partition begins at the milliseconds since 2024, so that a spool
/// that was
/// deleted goes on behind the offsets that <c>progress</c> knows, as a recorded gap.</para>
/// </remarks>
internal sealed partial class SpoolPartition : IDisposable
{
    /// <summary>Bytes ahead of the reader that stay in memory; it is at them soon.</summary>
    private const long KeptBytes = 16 * 1024 * 1024;

    private static readonly DateTimeOffset s_firstOffset = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly string _folder;
    private readonly SpoolOptions _options;
    private readonly long _seed;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private SpoolSegment[] _segments;
    private long _end;
    private long _skipTo;
    private SpoolPlace? _readTo;

    // Committing thread only.
    private SafeFileHandle? _active;
    private long _writtenBytes;
    private long _writtenEnd;

    private SpoolPartition(
        string folder, int number, SpoolOptions options, long seed, SpoolSegment[] segments, long end, TimeProvider time, ILogger logger)
    {
        _folder = folder;
        Number = number;
        _options = options;
        _seed = seed;
        _segments = segments;
        _end = end;
        OpenedAt = end;
        _time = time;
        _logger = logger;
    }

    public int Number { get; }

    public long Seed => _seed;

    /// <summary>The offset after the last message that is safe.</summary>
    public long End => Volatile.Read(ref _end);

    /// <summary>The end when it was opened: what this process appends stands from here on.</summary>
    public long OpenedAt { get; }

    /// <summary>The oldest offset there may be.</summary>
    public long First => Segments is [var first, ..] ? first.First : End;

    /// <summary>All segments in their order; the array never changes.</summary>
    public SpoolSegment[] Segments => Volatile.Read(ref _segments);

    /// <summary>Bytes of all segments.</summary>
    public long Bytes => Segments.Sum(static segment => segment.Length);

    /// <summary>Opens a partition: cuts off a torn tail, finds the next offset.</summary>
    public static SpoolPartition Open(string folder, int number, SpoolOptions options, long seed, TimeProvider time, ILogger logger)
    {
        List<SpoolSegment> segments = SpoolSegment.Find(folder);
        while (segments.Count > 0 && segments[^1].Length < SpoolSegment.HeadBytes)
        {
            // It was being made when the process ended: nothing in it was acknowledged.
            File.Delete(segments[^1].FilePath);
            segments.RemoveAt(segments.Count - 1);
        }

        long end = segments.Count > 0
            ? Recover(segments[^1], number, seed, logger)
            : Math.Max(0, (time.GetUtcNow() - s_firstOffset).Ticks / TimeSpan.TicksPerMillisecond);
        return new SpoolPartition(folder, number, options, seed, [.. segments], end, time, logger);
    }

    /// <summary>Writes messages behind what is there; nobody sees them before <see cref="Commit"/>. Committing thread only.</summary>
    public void Write(IReadOnlyList<SpoolMessage> messages)
    {
        long first = Math.Max(End, Volatile.Read(ref _skipTo));
        if (_active is null || first > End || Segments[^1].Length >= _options.SegmentBytes)
        {
            Roll(first);
        }

        byte[] headers = ArrayPool<byte>.Shared.Rent(messages.Count * SpoolRecord.HeaderBytes);
        try
        {
            var buffers = new ReadOnlyMemory<byte>[2 * messages.Count];
            long offset = first;
            long bytes = 0;
            for (int i = 0; i < messages.Count; i++)
            {
                SpoolMessage message = messages[i];
                Memory<byte> header = headers.AsMemory(i * SpoolRecord.HeaderBytes, SpoolRecord.HeaderBytes);
                new SpoolRecord(offset++, message.Header, message.Value.Length, message.ValueHash).Write(header.Span, _seed);
                buffers[2 * i] = header;
                buffers[(2 * i) + 1] = message.Value;
                bytes += SpoolRecord.HeaderBytes + message.Value.Length;
            }

            RandomAccess.Write(_active!, buffers, Segments[^1].Length);
            _writtenBytes = bytes;
            _writtenEnd = offset;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(headers);
        }
    }

    /// <summary>Lets the next message have at least this offset.</summary>
    public void SkipTo(long offset) => Volatile.Write(ref _skipTo, offset);

    /// <summary>Brings what was written to disk and shows it to readers. One thread at a time, the committing thread waits for
    /// it.</summary>
    public void Commit()
    {
        try
        {
            RandomAccess.FlushToDisk(_active!);
        }
        catch
        {
            // What the kernel still holds of a file after that is not known.
            Leave();
            throw;
        }

        SpoolSegment segment = Segments[^1];
        segment.LastWrite = _time.GetUtcNow();
        long start = segment.Length;
        segment.Length += _writtenBytes;
        Volatile.Write(ref _end, _writtenEnd);
        if (BytesAhead() > KeptBytes)
        {
            PageCache.Drop(_active!, start, segment.Length);
        }
    }

    /// <summary>Notes how far it was read; what is written far ahead of that need not stay in memory.</summary>
    public void ReadTo(SpoolPlace place) => Volatile.Write(ref _readTo, place);

    /// <summary>Takes back what a failed <see cref="Write"/> may have left. Committing thread only.</summary>
    public void Undo()
    {
        if (_active is null)
        {
            return;
        }

        try
        {
            RandomAccess.SetLength(_active, Segments[^1].Length);
        }
        catch (IOException)
        {
            Leave();
        }
    }

    /// <summary>Removes segments that only have messages before an offset, and those that are too old.</summary>
    /// <param name="before">The offset from which everything is still needed.</param>
    /// <param name="oldest">Segments last written before this go in any case.</param>
    public void Trim(long before, DateTimeOffset oldest)
    {
        lock (_gate)
        {
            SpoolSegment[] segments = Segments;
            int count = 0;
            while (count < segments.Length - 1 && (segments[count + 1].First <= before || segments[count].LastWrite < oldest))
            {
                if (segments[count + 1].First > before)
                {
                    LogExpired(Number, Math.Max(before, segments[count].First), segments[count + 1].First, _options.MaxAge);
                }

                count++;
            }

            if (count == 0)
            {
                return;
            }

            Volatile.Write(ref _segments, segments[count..]);
            for (int i = 0; i < count; i++)
            {
                Delete(segments[i]);
            }
        }
    }

    public void Dispose() => Leave();

    private static long Recover(SpoolSegment last, int number, long seed, ILogger logger)
    {
        using SafeFileHandle file = File.OpenHandle(
            last.FilePath, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        long limit = last.Length;
        long position = SpoolSegment.HeadBytes;
        long next = last.First;
        while (position < limit)
        {
            if (SegmentScan.TryReadHeader(file, position, limit, seed, out SpoolRecord record) && record.Offset >= next)
            {
                next = record.Offset + 1;
                position += SpoolRecord.HeaderBytes + record.Length;
                continue;
            }

            long found = SegmentScan.FindNext(file, position + 1, limit, seed);
            if (found == limit)
            {
                break;
            }

            position = found;
        }

        if (position >= limit)
        {
            return next;
        }

        if (IsTorn(file, position, limit, seed))
        {
            LogTorn(logger, number, limit - position, next);
            RandomAccess.SetLength(file, position);
            RandomAccess.FlushToDisk(file);
            last.Length = position;
            return next;
        }

        // Whole records stood here, and may have been acknowledged. How many is not known, so go on behind as many as there can have been.
        LogDamagedTail(logger, number, limit - position, next);
        return next + ((limit - position) / SpoolRecord.HeaderBytes) + 1;
    }

    /// <summary>Whether a tail is that of a write that a crash cut: bytes missing at the end, or none of them on disk yet.</summary>
    private static bool IsTorn(SafeFileHandle file, long position, long limit, long seed) =>
        limit - position < SpoolRecord.HeaderBytes
        || SegmentScan.TryReadHeader(file, position, long.MaxValue, seed, out _)
        || SegmentScan.IsZero(file, position, limit);

    [LoggerMessage(
        1300,
        LogLevel.Information,
        "Partition {Partition} of the spool: {Bytes} bytes of an append that was cut off are removed; the next offset is "
        + "{Next}.")]
    private static partial void LogTorn(ILogger logger, int partition, long bytes, long next);

    [LoggerMessage(
        1301,
        LogLevel.Error,
        "Partition {Partition} of the spool: the last {Bytes} bytes are damaged, from offset {Next} on; they are left where "
        + "they are and not read.")]
    private static partial void LogDamagedTail(ILogger logger, int partition, long bytes, long next);

    [LoggerMessage(
        1302,
        LogLevel.Error,
        "Partition {Partition} of the spool: the messages {From} to {To} are older than {Age} and not processed; they are "
        + "removed.")]
    private partial void LogExpired(int partition, long from, long to, TimeSpan age);

    [LoggerMessage(1303, LogLevel.Warning, "The spool's file '{File}' is not needed any more and cannot be removed: {Reason}")]
    private partial void LogNotDeleted(string file, string reason);

    private void Roll(long first)
    {
        Leave();
        SpoolSegment segment = SpoolSegment.Create(_folder, Number, first, _seed, _time.GetUtcNow(), out SafeFileHandle handle);
        _active = handle;
        lock (_gate)
        {
            // A segment that got no message has the same first offset, and so the same file.
            SpoolSegment[] before = Segments is [.., var last] && last.First == segment.First ? Segments[..^1] : Segments;
            Volatile.Write(ref _segments, [.. before, segment]);
        }
    }

    /// <summary>Returns how many bytes the reader has before it.</summary>
    private long BytesAhead()
    {
        SpoolPlace place = Volatile.Read(ref _readTo) ?? new SpoolPlace(0, 0);
        return Segments.Sum(segment =>
            segment.First > place.Segment ? segment.Length : segment.First == place.Segment ? segment.Length - place.Position : 0);
    }

    private void Leave()
    {
        _active?.Dispose();
        _active = null;
    }

    private void Delete(SpoolSegment segment)
    {
        try
        {
            File.Delete(segment.FilePath);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            LogNotDeleted(segment.FilePath, problem.Message);
        }
    }
}

namespace CfLogStream.Core.Correlation;

/// <summary>The newest event time of the log and what follows from it: whether a record is in time, and into which chunk it goes.</summary>
/// <remarks>
/// A record whose minute is over goes to the chunk of its offset (4,096 offsets on files). So does one too far in the future to move the watermark, and a
/// rejected or audit record that far ahead of the newest event time: nothing that is counted would ever close their windows, and one
/// broken clock would keep a restart reading from that record for ever. Their joins are measured by the newest event time instead.
/// Times outside 1970 to 2106 are moved to the border, because windows are 32-bit seconds.
/// </remarks>
internal sealed class Watermark
{
    public const long SecondNs = 1_000_000_000;
    public const long MinuteNs = 60 * SecondNs;
    public const long HourNs = 60 * MinuteNs;

    private const long LastTimeNs = (((uint.MaxValue / 3600L) - 1) * HourNs) - 1;

    private readonly long _latenessNs;
    private readonly long _futureBoundNs;
    private readonly int _chunkOffsets;

    /// <param name="chunkOffsets">Offsets that share a chunk for what came late.</param>
    public Watermark(CorrelationOptions options, int chunkOffsets)
    {
        _chunkOffsets = chunkOffsets;
        _latenessNs = options.AllowedLateness.Ticks * 100;
        _futureBoundNs = options.FutureBound.Ticks * 100;
    }

    /// <summary>The newest event time, or <see cref="long.MinValue"/> before the first.</summary>
    public long NewestNs { get; set; } = long.MinValue;

    /// <summary>The watermark, or <see cref="long.MinValue"/> before the first record.</summary>
    public long Value => NewestNs == long.MinValue ? long.MinValue : NewestNs - _latenessNs;

    public static long Clamp(long timeNs) => Math.Clamp(timeNs, 0, LastTimeNs);

    public ulong ChunkOf(long offset) => 1 + (ulong)(offset / _chunkOffsets);

    /// <summary>Places a record that may move the watermark; <paramref name="timeNs"/> is clamped.</summary>
    public RecordPlace Place(long timeNs, long offset, long receivedNs)
    {
        bool future = receivedNs < long.MaxValue - _futureBoundNs && timeNs > receivedNs + _futureBoundNs;
        RecordPlace place = Place(timeNs, offset, future);
        place.Future = future;
        if (future)
        {
            long newest = NewestNs == long.MinValue ? Clamp(receivedNs) : NewestNs;
            place.JoinNs = Math.Min(timeNs, newest);
        }

        return place;
    }

    /// <summary>Places a rejected or audit record, which does not move the watermark.</summary>
    public RecordPlace PlaceCounted(long timeNs, long offset) => Place(
        timeNs, offset, NewestNs == long.MinValue ? timeNs > 0 : timeNs > NewestNs + _futureBoundNs);

    private RecordPlace Place(long timeNs, long offset, bool unclosed)
    {
        uint minute = (uint)(timeNs / MinuteNs * 60);
        bool late = (minute + 60L) * SecondNs <= Value;
        return new RecordPlace
        {
            Offset = offset,
            JoinNs = timeNs,
            Minute = minute,
            Late = late,
            Chunk = late || unclosed ? ChunkOf(offset) : 0,
        };
    }
}

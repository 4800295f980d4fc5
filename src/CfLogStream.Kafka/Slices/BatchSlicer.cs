using System.Text;
using CfLogStream.Core;
using CfLogStream.Core.Buffers;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic;

namespace CfLogStream.Kafka.Slices;

/// <summary>Splits batches of lines into slices: by partition of the log, dataset and size. One per thread.</summary>
/// <remarks>
/// Records keep their order within a partition and dataset. A record that speaks of a second ray, whose partition is another, is
/// written there
/// as well, as a copy. Buffers are reused from batch to batch; for a record nothing is allocated once they have grown, except for dead
/// letters.
/// </remarks>
public sealed class BatchSlicer
{
    private readonly ReaderOptions _options;
    private readonly SlicerOptions _limits;
    private readonly int _partitions;
    private readonly RecordReader _reader;
    private readonly LogRecord _record;
    private readonly SliceEncoder[] _encoders;
    private readonly SliceLane[] _lanes;
    private readonly Stack<SliceBuffer> _stock = [];
    private readonly List<Slice> _slices = [];
    private BatchSource _source;
    private byte[] _sourceName = [];
    private bool _hasHandedOut;

    /// <param name="options">How lines are read; its extra fields go into the slices.</param>
    /// <param name="partitions">The partitions of the log.</param>
    /// <param name="limits">How large a slice may become.</param>
    /// <exception cref="ArgumentException">A limit or the number of partitions is not positive, or a slice could have too many
    /// records.</exception>
    public BatchSlicer(ReaderOptions options, int partitions, SlicerOptions? limits = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(partitions);
        _limits = limits ?? new SlicerOptions();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(_limits.MaxRecords, nameof(limits));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_limits.MaxRecords, SliceFormat.MaxRecords, nameof(limits));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(_limits.MaxBytes, nameof(limits));
        _options = options;
        _partitions = partitions;
        _reader = new RecordReader(options);
        _record = _reader.CreateRecord();
        _encoders = [.. SliceKinds.All.Select(kind => new SliceEncoder(kind, options.ExtraFields))];
        _lanes = [.. Enumerable.Range(0, partitions * _encoders.Length).Select(_ => new SliceLane())];
    }

    /// <summary>What was in the batch so far.</summary>
    public SliceCounts Counts { get; } = new();

    /// <summary>Bytes of slices that are full and were not handed out by <see cref="TakeFull"/>.</summary>
    public long FullBytes { get; private set; }

    /// <summary>Begins a batch; slices of the one before are not valid any more.</summary>
    public void Begin(in BatchSource source)
    {
        foreach (SliceLane lane in _lanes)
        {
            lane.Clear(_stock);
        }

        _slices.Clear();
        _hasHandedOut = false;
        FullBytes = 0;
        Counts.Clear();
        if (source.Name != _source.Name)
        {
            _sourceName = Encoding.UTF8.GetBytes(source.Name);
        }

        _source = source;
    }

    /// <summary>Adds whole lines; the last of them may lack its 0x0A.</summary>
    /// <param name="positionBase">The position of the first line; each further line's is one more.</param>
    /// <param name="firstLineNumber">The 1-based number of the first line in its source.</param>
    /// <param name="firstByteOffset">The offset of the first line in the inflated source.</param>
    /// <returns>The number of lines.</returns>
    public int Add(PaddedBuffer lines, long positionBase, long firstLineNumber, long firstByteOffset)
    {
        ArgumentNullException.ThrowIfNull(lines);
        TakeBack();
        int position = PaddedBuffer.Padding;
        int index = 0;
        for (; _reader.TryReadNext(lines, ref position, _record, out LineSpan line, out ReadStatus status, out int errorColumn); index++)
        {
            Count(status, _record.Dataset, line.Length + 1);
            if (status == ReadStatus.Record)
            {
                AddRecord(positionBase + index);
            }
            else if (ReadStatusNames.IsDeadLetter(status))
            {
                long byteOffset = firstByteOffset + line.Start - PaddedBuffer.Padding;
                Write(
                    DeadLetter.Of(
                        status, _record, errorColumn, _source.Name, firstLineNumber + index, byteOffset, _options.DeadLetterBytes),
                    positionBase + index);
            }
        }

        return index;
    }

    /// <summary>Adds a line that was found to be no record elsewhere: one too long for any buffer.</summary>
    public void AddDeadLetter(DeadLetter letter, long position)
    {
        ArgumentNullException.ThrowIfNull(letter);
        TakeBack();
        Count(letter.Reason, letter.Dataset, letter.Length);
        Write(letter, position);
    }

    /// <summary>Says by which hash the batch is known, for whoever knows it only when all of it was read.</summary>
    public void Identify(ulong batch) => _source = _source with { Batch = batch };

    /// <summary>Hands out the slices that nothing is added to any more, so that a large batch need not be in memory as a whole. They are
    /// valid until something is added or the batch is ended. The batch must be identified before.</summary>
    public IReadOnlyList<Slice> TakeFull()
    {
        TakeBack();
        foreach (SliceLane lane in _lanes)
        {
            lane.HandedOut = Math.Max(0, lane.Parts.Count - 1);
        }

        HandOut();
        _hasHandedOut = true;
        FullBytes = 0;
        return _slices;
    }

    /// <summary>Ends the batch: its slices, ordered by partition, kind and part, without those that were taken. The same batch gives the
    /// same slices, byte for byte.</summary>
    public IReadOnlyList<Slice> End()
    {
        TakeBack();
        foreach (SliceLane lane in _lanes)
        {
            lane.HandedOut = lane.Parts.Count;
        }

        HandOut();
        return _slices;
    }

    private void HandOut()
    {
        _slices.Clear();
        for (int i = 0; i < _lanes.Length; i++)
        {
            int kind = i % _encoders.Length;
            SliceLane lane = _lanes[i];
            for (int part = 0; part < lane.HandedOut; part++)
            {
                SliceBuffer buffer = lane.Parts[part];
                var header = new SliceHeader(
                    SliceKinds.All[kind], _encoders[kind].Fingerprint, _source.Batch, lane.FirstPart + part, buffer.Count);
                _slices.Add(new Slice(i / _encoders.Length, header, buffer.Close(_sourceName, _source.ReceivedNs)));
            }
        }
    }

    /// <summary>Uses the buffers of slices that were taken again.</summary>
    private void TakeBack()
    {
        if (!_hasHandedOut)
        {
            return;
        }

        _hasHandedOut = false;
        foreach (SliceLane lane in _lanes)
        {
            lane.TakeBack(_stock);
        }
    }

    private void AddRecord(long position)
    {
        switch (_record.Dataset)
        {
            case Dataset.HttpRequests:
                Counts.Cover(_record.TimeNs, _source.ReceivedNs);
                AddWithRay(LogField.ParentRayID, position);
                break;
            case Dataset.FirewallEvents:
                Counts.Cover(_record.TimeNs, _source.ReceivedNs);
                AddWithRay(LogField.OriginatorRayID, position);
                break;
            default:
                Write(LogPartition.OfHash(StableHash.Of(_record.Line), _partitions), position, isCopy: false);
                break;
        }
    }

    private void AddWithRay(LogField secondRay, long position)
    {
        int partition = LogPartition.OfRay(RayId.Read(_record.Text(LogField.RayID), out _), _partitions);
        Write(partition, position, isCopy: false);
        ulong second = RayId.Read(_record.Text(secondRay), out _);
        int other = second == 0 ? partition : LogPartition.OfRay(second, _partitions);
        if (other != partition)
        {
            Counts.Copies++;
            Write(other, position, isCopy: true);
        }
    }

    private void Write(int partition, long position, bool isCopy)
    {
        int kind = (int)_record.Dataset - 1;
        SliceLane lane = _lanes[(partition * _encoders.Length) + kind];
        SliceBuffer buffer = Open(lane);
        int start = buffer.Length;
        _encoders[kind].Write(_record, position, isCopy, buffer);
        Limit(lane, buffer, start);
    }

    private void Write(DeadLetter letter, long position)
    {
        const int Kind = (int)SliceKind.DeadLetters - 1;
        SliceLane lane = _lanes[(LogPartition.OfHash(letter.ContentHash, _partitions) * _encoders.Length) + Kind];
        SliceBuffer buffer = Open(lane);
        int start = buffer.Length;
        _encoders[Kind].Write(letter, position, buffer);
        Limit(lane, buffer, start);
    }

    /// <summary>Returns the slice of a lane that takes the next record.</summary>
    private SliceBuffer Open(SliceLane lane) =>
        lane.Parts.Count > 0 && lane.Parts[^1].Count < _limits.MaxRecords ? lane.Parts[^1] : Next(lane);

    private SliceBuffer Next(SliceLane lane)
    {
        FullBytes += lane.Parts.Count > 0 ? lane.Parts[^1].Length : 0;
        return lane.Append(_stock, _sourceName);
    }

    /// <summary>Moves the record written last to a slice of its own when it made its slice too large.</summary>
    private void Limit(SliceLane lane, SliceBuffer buffer, int start)
    {
        if (buffer.Length >= _limits.MaxBytes && buffer.Count > 1)
        {
            Next(lane).TakeLast(buffer, start);
        }
    }

    private void Count(ReadStatus status, Dataset dataset, long bytes)
    {
        Counts.Lines++;
        Counts.LineBytes += bytes;
        Counts.Statuses[(int)status]++;
        if (dataset != Dataset.Unknown)
        {
            Counts.Datasets[(int)dataset]++;
        }
    }
}

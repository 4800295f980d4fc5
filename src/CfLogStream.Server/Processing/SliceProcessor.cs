using System.Text;
using CfLogStream.ClickHouse.Rows;
using CfLogStream.Core;
using CfLogStream.Core.Correlation;
using CfLogStream.Core.Insight.Changes;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic;
using CfLogStream.Kafka.Log;
using CfLogStream.Kafka.Slices;

namespace CfLogStream.Server.Processing;

/// <summary>Turns the messages of a partition into rows: reads slices, knows duplicates, classifies, correlates. A pure function of the log.</summary>
/// <remarks>One thread; no clock, no I/O.</remarks>
internal sealed class SliceProcessor
{
    private readonly ProcessOptions _options;
    private readonly uint _partition;
    private readonly SliceReader _reader;
    private readonly LogRecord _record;
    private readonly TrafficClassifier _classifier;
    private readonly TrafficBatch _batch = new();
    private readonly SliceDuplicates _duplicates;
    private readonly CorrelatorResume? _resume;
    private RecordTally _tally = new();

    /// <param name="progress">Where an earlier pipeline left off; null at the beginning of a log.</param>
    /// <param name="batches">The batches that were seen before the message it says to read from.</param>
    public SliceProcessor(
        ProcessOptions options, int partition, PartitionProgress? progress, IReadOnlyList<KnownBatch> batches, RowEncoder encoder)
    {
        _options = options;
        _partition = (uint)partition;
        _reader = new SliceReader(options.Reader.ExtraFields);
        _record = _reader.CreateRecord();
        _classifier = new TrafficClassifier(options.Classification);
        _duplicates = new SliceDuplicates(options.BatchMemory, batches, progress?.Positions ?? []);
        _resume = progress?.Resume;
        NextMessage = progress?.ReadFromMessage ?? 0;
        Encoder = encoder;
        Correlator = new Correlator(options.Correlation, encoder, _partition, _resume, RecordOffsets.PerChunk);
    }

    public RowEncoder Encoder { get; }

    public Correlator Correlator { get; }

    public SliceDuplicates Duplicates => _duplicates;

    /// <summary>The offset of the message after the last one processed.</summary>
    public long NextMessage { get; private set; }

    /// <summary>Whether it has not yet read again all that an earlier pipeline had.</summary>
    public bool IsReplaying(PartitionProgress? progress) => progress is not null && NextMessage < progress.NextMessage;

    /// <summary>Processes the next message; returns whether it is a slice.</summary>
    public bool Process(LogMessage message)
    {
        SliceHeader header = message.Header;
        SliceStatus status = _reader.Open(in header, message.Value);
        if (status == SliceStatus.Ok)
        {
            ReadSlice(message.Offset, in header);
        }
        else
        {
            RejectMessage(message, status);
        }

        NextMessage = message.Offset + 1;
        return status == SliceStatus.Ok;
    }

    /// <summary>Goes on to a message; those before it are lost.</summary>
    public void Skip(long nextMessage) => NextMessage = Math.Max(NextMessage, nextMessage);

    /// <summary>Returns what became of the records since the last call.</summary>
    public RecordTally TakeTally()
    {
        RecordTally taken = _tally;
        _tally = new RecordTally();
        return taken;
    }

    private void ReadSlice(long message, in SliceHeader header)
    {
        string source = _reader.Source;
        SliceKind kind = _reader.Kind;
        StreamPositions? stream = header.Batch == 0 ? _duplicates.PositionsOf(source, kind) : null;
        bool isKnown = stream is null && _duplicates.IsKnown(in header, source, message, Correlator.WatermarkNs);
        long first = message * RecordOffsets.PerMessage;
        int index = 0;
        SliceRecord info;
        if (kind == SliceKind.DeadLetters)
        {
            for (; _reader.TryReadNext(out DeadLetter? letter, out info); index++)
            {
                bool isDuplicate = isKnown || (stream is not null && stream.IsKnown(info.Position, message));
                if (IsWanted(first + index))
                {
                    TakeLetter(letter, first + index, index, isDuplicate);
                }
            }

            return;
        }

        for (; _reader.TryReadNext(_record, out info); index++)
        {
            bool isDuplicate = isKnown || (stream is not null && stream.IsKnown(info.Position, message));
            if (IsWanted(first + index))
            {
                TakeRecord(first + index, info.IsCopy, isDuplicate);
            }
        }
    }

    /// <summary>Whether an offset still matters; those before the restart point were only read with their message.</summary>
    private bool IsWanted(long offset) => _resume is null || offset >= _resume.ReadFrom;

    private void TakeRecord(long offset, bool isCopy, bool isDuplicate)
    {
        Dataset dataset = _record.Dataset;
        bool isTraffic = dataset is Dataset.HttpRequests or Dataset.FirewallEvents;
        if (isCopy)
        {
            if (!isDuplicate && isTraffic)
            {
                Correlator.AddCopy(Classify(), offset, _reader.ReceivedNs);
            }

            return;
        }

        _tally.Received[(int)dataset]++;
        if (isDuplicate)
        {
            Correlator.AddDuplicate(dataset, _record.TimeNs, offset);
            _tally.Duplicates[(int)dataset]++;
            return;
        }

        if (!isTraffic)
        {
            Correlator.AddCounted(dataset, _record.TimeNs, offset);
            _tally.Counted[(int)dataset]++;
            if (AuditChanges.TryRead(_record, out ChangeEntry? change))
            {
                Encoder.Add(change);
            }

            return;
        }

        long duplicates = Correlator.Duplicates;
        long late = Correlator.Late;
        Correlator.Add(Classify(), offset, _reader.ReceivedNs);
        _tally.Late += Correlator.Late - late;
        if (Correlator.Duplicates == duplicates)
        {
            _tally.Counted[(int)dataset]++;
        }
        else
        {
            _tally.Duplicates[(int)dataset]++;
        }
    }

    private TrafficRecord Classify()
    {
        _batch.Clear();
        _classifier.Classify(_record, _batch);
        return _batch[0];
    }

    private void TakeLetter(DeadLetter letter, long offset, int index, bool isDuplicate)
    {
        if (isDuplicate)
        {
            Correlator.AddDuplicate(letter.Dataset, letter.TimeNs, offset);
            _tally.Received[(int)letter.Dataset]++;
            _tally.Duplicates[(int)letter.Dataset]++;
            return;
        }

        Correlator.AddRejected(letter.Dataset, letter.TimeNs, offset);
        _tally.DeadLetter(letter.Dataset, ReadStatusNames.Of(letter.Reason));
        if (index >= _options.DeadLettersPerMessage)
        {
            return;
        }

        Encoder.Add(new DeadLetterRow
        {
            Reason = TableWords.Of(letter.Reason),
            ContentHash = letter.ContentHash,
            Occurrence = (uint)offset,
            Dataset = letter.Dataset,
            TimeNs = letter.TimeNs,
            Source = Encoding.UTF8.GetBytes(letter.Source),
            LineNumber = (ulong)letter.LineNumber,
            ByteOffset = (ulong)letter.ByteOffset,
            ErrorColumn = (uint)letter.ErrorColumn,
            Length = (ulong)letter.Length,
            Bytes = letter.FirstBytes,
            Partition = _partition,
            Version = (ulong)offset + 1,
        });
    }

    /// <summary>Makes a message that is no slice one dead letter.</summary>
    private void RejectMessage(LogMessage message, SliceStatus status)
    {
        long offset = message.Offset * RecordOffsets.PerMessage;
        if (!IsWanted(offset))
        {
            return;
        }

        Correlator.AddRejected(Dataset.Unknown, 0, offset);
        _tally.DeadLetter(Dataset.Unknown, "bad_slice");
        ReadOnlySpan<byte> value = message.Value;
        Encoder.Add(new DeadLetterRow
        {
            Reason = TableWords.BadSlice,
            ContentHash = StableHash.Of(value),
            Occurrence = (uint)offset,
            Dataset = Dataset.Unknown,
            Source = Encoding.UTF8.GetBytes($"{_options.Log}/{message.Partition}@{message.Offset}: {SliceStatusNames.Of(status)}"),
            Length = (ulong)value.Length,
            Bytes = value[..Math.Min(value.Length, _options.Reader.DeadLetterBytes)],
            Partition = _partition,
            Version = (ulong)offset + 1,
        });
    }
}

using CfLogStream.Core.Correlation;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic;

namespace CfLogStream.Server.Analysis;

/// <summary>Makes one log out of parsed batches: puts records in order, gives them their offsets and feeds the correlator.</summary>
/// <remarks>Order of the log: by time, an audit record before the client records of its time; those by ray, dataset and content; rejected lines
/// at the end. Correlator thread only.</remarks>
internal sealed class OrderedLog
{
    /// <summary>How far below its limit the buffer is brought when it is full, so that giving out comes in long runs.</summary>
    private const double LowWater = 0.75;

    /// <summary>What is held in any case: input that fits is put in order whatever its files look like, and nothing is judged by what a file has shown.</summary>
    private const long KeptBytes = 64L * 1024 * 1024;
    private const long NsPerMinute = 60_000_000_000;

    private readonly TimeOrderedBuffer _buffer;
    private readonly ReadFrontier _frontier;
    private readonly AnalysisFilter _filter;
    private readonly Correlator _correlator;
    private readonly TallyBoard _tally;
    private readonly DeadLetterBook _deadLetters;
    private readonly PriorityQueue<AuditMark, AuditMark> _audits = new();
    private readonly Dictionary<(Dataset Dataset, long MinuteNs), long> _rejected = [];
    private readonly RecordConsumer _consumer;
    private readonly long _reorderBytes;
    private readonly long _keptBytes;
    private AuditMark _lastAudit;
    private long _nextAuditNs = long.MaxValue;
    private long _offset;

    /// <param name="filter">What the audit records of a batch must pass; its other records have been filtered where they were arranged.</param>
    public OrderedLog(
        long reorderBytes,
        RecordPagePool pages,
        AnalysisFilter filter,
        ReadFrontier frontier,
        Correlator correlator,
        TallyBoard tally,
        DeadLetterBook deadLetters)
    {
        _reorderBytes = reorderBytes;
        _keptBytes = Math.Min(KeptBytes, reorderBytes / 4);
        _buffer = new TimeOrderedBuffer(pages);
        _filter = filter;
        _frontier = frontier;
        _correlator = correlator;
        _tally = tally;
        _deadLetters = deadLetters;
        _consumer = Consume;
    }

    /// <summary>Records that came too late to be put in their place.</summary>
    public long Disordered => _buffer.Disordered;

    /// <summary>Takes a parsed and arranged batch and gives out what has become safe or does not fit any more.</summary>
    public void Add(ParsedBatch batch)
    {
        _tally.Add(batch);
        _tally.Filtered += batch.Run.Filtered;
        if (batch.Run.Count > 0)
        {
            _tally.Cover(batch.Run.OldestNs);
            _tally.Cover(batch.Run.NewestNs);
            _buffer.Add(batch.Run);
        }

        foreach (AuditMark audit in batch.Audits)
        {
            if (_filter.Takes(audit.TimeNs))
            {
                _tally.Cover(audit.TimeNs);
                _audits.Enqueue(audit, audit);
                _nextAuditNs = Math.Min(_nextAuditNs, audit.TimeNs);
            }
            else
            {
                _tally.Filtered++;
            }
        }

        foreach (DeadLetter letter in batch.DeadLetters)
        {
            _deadLetters.Add(letter);
            (Dataset, long) key = (letter.Dataset, letter.TimeNs - (letter.TimeNs % NsPerMinute));
            _rejected[key] = _rejected.GetValueOrDefault(key) + 1;
        }

        _frontier.Advance(batch.File, batch.Sequence, batch.Times, batch.IsLast);
        _buffer.GiveOutBefore(_frontier.SafeUntilNs(), _keptBytes, _consumer);
        if (_buffer.HeldBytes > _reorderBytes)
        {
            MakeRoom();
        }
    }

    /// <summary>Gives out the rest and ends the log.</summary>
    public void Complete()
    {
        _buffer.GiveOutBefore(long.MaxValue, 0, _consumer);
        CountAudits(long.MaxValue);
        foreach (((Dataset dataset, long timeNs), long count) in _rejected.OrderBy(pair => pair.Key.MinuteNs).ThenBy(pair => pair.Key.Dataset))
        {
            for (long i = 0; i < count; i++)
            {
                _correlator.AddRejected(dataset, timeNs, _offset++);
            }
        }

        _correlator.Complete();
    }

    /// <summary>Gives out the oldest seconds: first those that every file has passed, and only if that is not enough any.</summary>
    private void MakeRoom()
    {
        long target = (long)(_reorderBytes * LowWater);
        while (_buffer.Count > 0 && _buffer.HeldBytes > target
            && (_buffer.OldestNs() < _frontier.ReadUntilNs() || _buffer.HeldBytes > _reorderBytes))
        {
            _buffer.GiveOutOldest(_consumer);
        }
    }

    private void Consume(in TrafficRecord record)
    {
        if (record.Head.TimeNs >= _nextAuditNs)
        {
            CountAudits(record.Head.TimeNs);
        }

        _correlator.Add(record, _offset++);
    }

    /// <summary>Counts the audit records up to a time; equal ones of one time are duplicates.</summary>
    private void CountAudits(long untilNs)
    {
        while (_audits.TryPeek(out AuditMark audit, out _) && audit.TimeNs <= untilNs)
        {
            _audits.Dequeue();
            if (audit == _lastAudit)
            {
                _correlator.AddDuplicate(audit.Dataset, audit.TimeNs, _offset++);
            }
            else
            {
                _correlator.AddCounted(audit.Dataset, audit.TimeNs, _offset++);
            }

            _lastAudit = audit;
        }

        _nextAuditNs = _audits.TryPeek(out AuditMark next, out _) ? next.TimeNs : long.MaxValue;
    }
}

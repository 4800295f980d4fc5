using System.Diagnostics.CodeAnalysis;
using CfLogStream.Core.Logpush;
using CfLogStream.Core.Traffic;

namespace CfLogStream.Core.Correlation;

/// <summary>Correlates the records of one partition of the log and gives its rows: a pure function of that log.</summary>
/// <remarks>
/// One thread; no clock, no I/O. Each record is placed by its own offset (in time or late), recognised as new or duplicate, and either
/// counted at once or copied until its join is over; then the watermark moves, waits end, windows close and are written to the sink.
/// Rows written early (<see cref="WriteEarly"/>) are written again whole when they change. Nothing is allocated per record once the
/// tables have grown to the traffic. The bound on waiting records is the one thing that looks at the whole of the log before: a restart
/// is exact as long as no join was forced between <see cref="CorrelatorResume.ReadFrom"/> and <see cref="CorrelatorResume.ExactFrom"/>.
/// </remarks>
public sealed class Correlator
{
    /// <summary>Offsets that share a chunk for what came late, where each record has the offset after the one before.</summary>
    public const int DefaultChunkOffsets = 4096;

    private readonly CorrelatorContext _context;
    private readonly Watermark _watermark;
    private readonly ReplayLedger _ledger = new();
    private readonly RayTable _rays;
    private readonly WindowSet _windows;
    private readonly RayJoin _join;
    private readonly CorrelatorResume? _resume;
    private readonly long _firstOffset;
    private long _received;
    private long _late;
    private long _future;
    private long _nextSecondNs = long.MinValue;
    private bool _isComplete;

    /// <param name="resume">Where an earlier correlator of this partition left off; null at the beginning of a log.</param>
    /// <param name="chunkOffsets">Offsets that share a chunk for what came late; part of the pure function.</param>
    public Correlator(
        CorrelationOptions options, IRowSink sink, uint partition, CorrelatorResume? resume = null, int chunkOffsets = DefaultChunkOffsets)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(chunkOffsets, 1);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(sink);
        Check(options);
        _context = new CorrelatorContext(options, sink, partition);
        _watermark = new Watermark(options, chunkOffsets);
        _rays = new RayTable(_context, _ledger);
        _windows = new WindowSet(_context, _rays, _watermark);
        var counter = new RequestCounter(_context.Memo, _rays, _windows);
        _join = new RayJoin(_context, _rays, _windows, new RequestResolver(_context, _rays, counter));
        _resume = resume;
        if (resume is not null)
        {
            _firstOffset = resume.ReadFrom;
            _context.Offset = resume.ReadFrom - 1;
            _watermark.NewestNs = resume.NewestTimeNs;
            _ledger.Start(resume.ReadFrom, resume.NewestTimeNs);
            _windows.ClosedMinutesBefore = resume.ClosedMinutesBefore;
            _windows.ClosedHoursBefore = resume.ClosedHoursBefore;
            _windows.ClosedChunksBefore = resume.ClosedChunksBefore;
            _windows.KeptBefore = resume.KeptBefore;
            _windows.KeptChunksBefore = resume.KeptChunksBefore;
            _join.MaxWaiting = (int)Math.Min(int.MaxValue, 2L * options.MaxWaiting);
        }
    }

    /// <summary>The offset from which a restart must read so that all live state is rebuilt.</summary>
    public long ReplayOffset => Snapshot().ReadFrom;

    /// <summary>The watermark in nanoseconds; <see cref="long.MinValue"/> before the first record.</summary>
    public long WatermarkNs => _watermark.Value;

    /// <summary>Duplicates found so far.</summary>
    public long Duplicates => _join.Duplicates;

    /// <summary>Late records so far.</summary>
    public long Late => _late;

    /// <summary>What the correlator holds and has counted.</summary>
    public CorrelationStatus Status => new()
    {
        WatermarkNs = _watermark.Value,
        OldestOpenMinute = _windows.OldestMinute,
        OpenMinutes = _windows.OpenMinutes,
        OpenHours = _windows.OpenHours,
        OpenChunks = _windows.OpenChunks,
        OpenRows = _windows.RowCount,
        WaitingJoins = _join.WaitingRays,
        WaitingRecords = _join.WaitingRecords,
        KeptRequests = _context.KeptItems.Live,
        RememberedRays = _rays.Count,
        BytesHeld = _context.BytesHeld + _rays.BytesHeld + _windows.BytesHeld + _join.BytesHeld + _ledger.BytesHeld,
        Received = _received,
        Duplicates = _join.Duplicates,
        Late = _late,
        Future = _future,
        Forced = _join.Forced,
        NextOffset = _context.Offset + 1,
    };

    /// <summary>Takes the next http_requests or firewall_events record; the batch may be reused afterwards.</summary>
    /// <param name="offset">Its place in the log, greater than all before.</param>
    /// <param name="receivedNs">When its batch was received, in nanoseconds since 1970-01-01 UTC; judges times in the future.</param>
    public void Add(in TrafficRecord record, long offset, long receivedNs = long.MaxValue)
    {
        Dataset dataset = record.Head.Dataset;
        if (dataset is not (Dataset.HttpRequests or Dataset.FirewallEvents))
        {
            ThrowDataset(dataset);
        }

        Reach(offset);
        _received++;
        long timeNs = Watermark.Clamp(record.Head.TimeNs);
        RecordPlace place = _watermark.Place(timeNs, offset, receivedNs);
        _windows.Receive(place, dataset);
        _late += place.Late ? 1 : 0;
        _future += place.Future ? 1 : 0;
        if (dataset == Dataset.HttpRequests)
        {
            _join.AddRequest(record, place, _watermark.Value);
        }
        else
        {
            _join.AddEvent(record, place, _watermark.Value);
        }

        if (!place.Future && timeNs > _watermark.NewestNs)
        {
            _watermark.NewestNs = timeNs;
            long watermarkNs = _watermark.Value;
            if (watermarkNs >= _nextSecondNs || watermarkNs >= _join.NextDueNs || watermarkNs >= _windows.NextCloseNs)
            {
                Advance(watermarkNs);
            }
        }
    }

    /// <summary>Takes a record that is counted on another partition of the log and speaks of a ray here: a subrequest of its parent,
    /// a solved challenge of its originator. It counts nowhere and does not move the watermark, but it takes an offset.</summary>
    /// <remarks>The copy's own ray is remembered, so that a copy sent again says nothing new. No other record of that ray comes here.</remarks>
    public void AddCopy(in TrafficRecord record, long offset, long receivedNs = long.MaxValue)
    {
        Dataset dataset = record.Head.Dataset;
        if (dataset is not (Dataset.HttpRequests or Dataset.FirewallEvents))
        {
            ThrowDataset(dataset);
        }

        Reach(offset);
        RecordPlace place = _watermark.Place(Watermark.Clamp(record.Head.TimeNs), offset, receivedNs);
        if (dataset == Dataset.HttpRequests)
        {
            _join.AddRequestCopy(record, place, _watermark.Value);
        }
        else
        {
            _join.AddEventCopy(record, place, _watermark.Value);
        }
    }

    /// <summary>Counts a record of a dataset that became a dead letter; it does not move the watermark.</summary>
    /// <param name="timeNsOrZero">Its event time, or 0 when it has none.</param>
    public void AddRejected(Dataset dataset, long timeNsOrZero, long offset)
    {
        RecordPlace place = PlaceUnjoined(timeNsOrZero, offset);
        ref QualityCounts quality = ref _windows.Quality(place, dataset);
        quality.Received++;
        quality.DeadLettered++;
    }

    /// <summary>Counts a record that is counted and nothing else, for instance of audit logs; it does not move the watermark.</summary>
    public void AddCounted(Dataset dataset, long timeNs, long offset)
    {
        RecordPlace place = PlaceUnjoined(timeNs, offset);
        ref QualityCounts quality = ref _windows.Quality(place, dataset);
        quality.Received++;
        quality.Counted++;
        quality.Late += place.Late ? 1U : 0;
    }

    /// <summary>Counts a record that was there already, for instance of audit logs; it does not move the watermark.</summary>
    public void AddDuplicate(Dataset dataset, long timeNs, long offset)
    {
        RecordPlace place = PlaceUnjoined(timeNs, offset);
        ref QualityCounts quality = ref _windows.Quality(place, dataset);
        quality.Received++;
        quality.Duplicates++;
    }

    /// <summary>Writes the rows of open windows that changed since they were written last, and the lost requests kept since then.</summary>
    public void WriteEarly() => _windows.WriteEarly();

    /// <summary>Ends the log: resolves what waits, closes and writes everything. Nothing can be added afterwards.</summary>
    public void Complete()
    {
        if (_isComplete)
        {
            return;
        }

        // The end counts as the offset after the last one, so that what it adds to a row has a version of its own.
        _context.Offset++;
        _join.ResolveDue(long.MaxValue);
        _windows.CloseAll();
        _isComplete = true;
    }

    /// <summary>Returns where a restart continues if everything written until now is acknowledged.</summary>
    /// <remarks>While a resumed correlator has not yet read what its predecessor had, it returns what it was given.</remarks>
    public CorrelatorResume Snapshot()
    {
        long next = _context.Offset + 1;
        if (_resume is not null && next < _resume.NextOffset)
        {
            return _resume;
        }

        (long readFrom, long newestNs, long exactFrom) = _ledger.Find(_windows.FirstOffset(next));
        return new CorrelatorResume
        {
            ReadFrom = readFrom,
            NewestTimeNs = newestNs,
            ExactFrom = exactFrom,
            NextOffset = next,
            ClosedMinutesBefore = Math.Max(_windows.ClosedMinutesBefore, _windows.FirstOpen(_watermark.Value, 60)),
            ClosedHoursBefore = Math.Max(_windows.ClosedHoursBefore, _windows.FirstOpen(_watermark.Value, 3600)),
            ClosedChunksBefore = _windows.FirstOpenChunk(next),
            KeptBefore = _windows.KeptBefore,
            KeptChunksBefore = _windows.KeptChunksBefore,
        };
    }

    private static void Check(CorrelationOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.AllowedLateness, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.JoinHorizon, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.FutureBound, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.AllowedLateness, TimeSpan.FromDays(30));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.JoinHorizon, TimeSpan.FromDays(30));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.FutureBound, TimeSpan.FromDays(30));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxWaiting, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.TemplatesPerWindowHost, 0);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.HostsPerWindowZone, 0);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ClientsPerWindowHost, 0);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.SampleOneOf, 0);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.LostPerWindowHostRule, 0);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.CallersPerRow, 0);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.CallersPerHourHost, 0);
    }

    [DoesNotReturn]
    private static void ThrowDataset(Dataset dataset) => throw new ArgumentException(
        $"A record of the dataset '{dataset}' cannot be correlated; only http_requests and firewall_events can.", nameof(dataset));

    [DoesNotReturn]
    private static void ThrowOffset(long offset, long previous) => throw new ArgumentOutOfRangeException(
        nameof(offset), offset, $"Offsets must increase: '{offset}' came after '{previous}'.");

    [DoesNotReturn]
    private static void ThrowComplete() => throw new InvalidOperationException("The log is complete; nothing can be added.");

    private RecordPlace PlaceUnjoined(long timeNs, long offset)
    {
        Reach(offset);
        _received++;
        return _watermark.PlaceCounted(Watermark.Clamp(timeNs), offset);
    }

    private void Reach(long offset)
    {
        if (offset <= _context.Offset || offset < _firstOffset)
        {
            ThrowOffset(offset, _context.Offset);
        }

        if (_isComplete)
        {
            ThrowComplete();
        }

        if (_resume is not null && offset >= _resume.ExactFrom)
        {
            _join.MaxWaiting = _context.Options.MaxWaiting;
        }

        if (offset >= _ledger.NextBorder)
        {
            _ledger.Reach(offset, _watermark.NewestNs, _watermark.Value);
        }

        if (_windows.OpenChunks > 0)
        {
            _windows.CloseChunks(offset);
        }

        _context.Offset = offset;
    }

    /// <summary>Does what the watermark makes due. Nothing is but at the beginning of a second, a deadline or the end of a window.</summary>
    private void Advance(long watermarkNs)
    {
        _nextSecondNs = watermarkNs < 0 ? 0 : ((watermarkNs / Watermark.SecondNs) + 1) * Watermark.SecondNs;
        _join.ResolveDue(watermarkNs);
        _rays.Sweep(watermarkNs);
        if (_windows.CloseUntil(watermarkNs))
        {
            _ledger.Trim(_windows.FirstOffset(_context.Offset));
        }
    }
}

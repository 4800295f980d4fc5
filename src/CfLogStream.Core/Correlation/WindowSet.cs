using CfLogStream.Core.Logpush;

namespace CfLogStream.Core.Correlation;

/// <summary>
/// The open windows: minutes and hours of chunk 0 in order of time, late chunks in order of offset; opens and closes them.
/// </summary>
/// <remarks>
/// Chunk 0 of a window closes when the watermark reaches its end plus the horizon: no wait of its records can last longer. A late chunk
/// closes when its offsets have passed, none of its records waits, and the chunks before it are closed, so that one number tells which
/// are. What was closed before a restart is not opened again: contributions to it are dropped. Closed windows are pooled with their
/// arrays. Minutes open at once: about lateness + horizon.
/// </remarks>
internal sealed class WindowSet
{
    private const int MostPooled = 64;

    private readonly CorrelatorContext _context;
    private readonly RayTable _rays;
    private readonly Watermark _watermark;
    private readonly List<MinuteWindow> _minutes = [];
    private readonly List<HourWindow> _hours = [];
    private readonly List<LateChunk> _chunks = [];
    private readonly Stack<MinuteWindow> _pooledMinutes = new();
    private readonly Stack<HourWindow> _pooledHours = new();
    private readonly Stack<LateChunk> _pooledChunks = new();
    private QualityCounts _dropped;

    // The minute and the hour of chunk 0 that were asked for last: most records stay in them.
    private MinuteWindow? _lastMinute;
    private HourWindow? _lastHour;

    public WindowSet(CorrelatorContext context, RayTable rays, Watermark watermark)
    {
        _context = context;
        _rays = rays;
        _watermark = watermark;
    }

    /// <summary>Minutes of chunk 0 that start before this are closed; seconds since 1970-01-01 UTC.</summary>
    public uint ClosedMinutesBefore { get; set; }

    /// <summary>Hours of chunk 0 that start before this are closed; seconds since 1970-01-01 UTC.</summary>
    public uint ClosedHoursBefore { get; set; }

    /// <summary>Late chunks below this are closed.</summary>
    public ulong ClosedChunksBefore { get; set; } = 1;

    /// <summary>What came late for windows that start before this is kept from an earlier generation, in chunks below
    /// <see cref="KeptChunksBefore"/>.</summary>
    public uint KeptBefore { get; set; }

    public ulong KeptChunksBefore { get; set; }

    /// <summary>When the watermark closes the next window of chunk 0; <see cref="long.MaxValue"/> when none is open.</summary>
    public long NextCloseNs { get; private set; } = long.MaxValue;

    public int OpenMinutes => _minutes.Count;

    public int OpenHours => _hours.Count;

    public int OpenChunks => _chunks.Count;

    /// <summary>Start of the oldest open minute of chunk 0, or null.</summary>
    public uint? OldestMinute => _minutes.Count == 0 ? null : _minutes[0].Start;

    public long BytesHeld => _minutes.Sum(window => window.BytesHeld) + _hours.Sum(window => window.BytesHeld)
        + _pooledMinutes.Sum(window => window.BytesHeld) + _pooledHours.Sum(window => window.BytesHeld)
        + _chunks.Sum(chunk => chunk.Minutes.Sum(window => window.BytesHeld) + chunk.Hours.Sum(window => window.BytesHeld));

    public int RowCount => _minutes.Sum(window => window.RowCount) + _hours.Sum(window => window.RowCount)
        + _chunks.Sum(chunk => chunk.Minutes.Sum(window => window.RowCount) + chunk.Hours.Sum(window => window.RowCount));

    /// <summary>The counters for a record's minute and dataset, to be changed now; those of a closed window lead nowhere.</summary>
    public ref QualityCounts Quality(in RecordPlace place, Dataset dataset)
    {
        MinuteWindow? window = Minute(place);
        return ref window is null ? ref _dropped : ref window.Quality(dataset);
    }

    /// <summary>Counts the receipt of a record that may be joined.</summary>
    /// <remarks>
    /// Opens its hour as well, even if it turns out to be a duplicate: a restart must not begin after any record of an open window, or it
    /// might take a duplicate for new and add to the hour what was not there.
    /// </remarks>
    public void Receive(in RecordPlace place, Dataset dataset)
    {
        Quality(place, dataset).Received++;
        if (place.Chunk == 0)
        {
            Hour(place);
        }
    }

    /// <summary>The minute of a record, opened when needed; null when it was closed before a restart.</summary>
    public MinuteWindow? Minute(in RecordPlace place) =>
        place.Chunk == 0 && _lastMinute is { } last && last.Start == place.Minute ? last : FindMinute(place);

    /// <summary>The hour of a record, opened when needed; null when it was closed before a restart.</summary>
    public HourWindow? Hour(in RecordPlace place) =>
        place.Chunk == 0 && _lastHour is { } last && place.Minute - last.Start < 3600 ? last : FindHour(place);

    /// <summary>A record of a chunk begins to wait.</summary>
    public void Await(ulong chunk) => Wait(chunk, 1);

    /// <summary>A record of a chunk waits no longer.</summary>
    public void Settle(ulong chunk) => Wait(chunk, -1);

    /// <summary>Closes the minutes and hours of chunk 0 that the watermark has left behind; returns whether there were any.</summary>
    public bool CloseUntil(long watermarkNs)
    {
        if (watermarkNs < NextCloseNs)
        {
            return false;
        }

        _lastMinute = null;
        _lastHour = null;
        int open = _minutes.Count + _hours.Count;
        while (_minutes.Count > 0 && CloseNs(_minutes[0].Start, 60) <= watermarkNs)
        {
            _minutes[0].Close(_rays);
            Pool(_minutes[0]);
            _minutes.RemoveAt(0);
        }

        while (_hours.Count > 0 && CloseNs(_hours[0].Start, 3600) <= watermarkNs)
        {
            _hours[0].Close();
            Pool(_hours[0]);
            _hours.RemoveAt(0);
        }

        NextCloseNs = Math.Min(
            _minutes.Count == 0 ? long.MaxValue : CloseNs(_minutes[0].Start, 60),
            _hours.Count == 0 ? long.MaxValue : CloseNs(_hours[0].Start, 3600));
        return _minutes.Count + _hours.Count < open;
    }

    /// <summary>Closes the late chunks whose offsets lie before <paramref name="offset"/> and whose records are resolved.</summary>
    public void CloseChunks(long offset)
    {
        while (_chunks.Count > 0 && _chunks[0].Waiting == 0 && _chunks[0].Id < _watermark.ChunkOf(offset))
        {
            Close(_chunks[0]);
            _chunks.RemoveAt(0);
        }
    }

    /// <summary>Closes everything, at the end of the log.</summary>
    public void CloseAll()
    {
        CloseUntil(long.MaxValue);
        foreach (LateChunk chunk in _chunks)
        {
            Close(chunk);
        }

        _chunks.Clear();
    }

    /// <summary>Writes the changed rows of all open windows, and their new lost requests.</summary>
    public void WriteEarly()
    {
        _minutes.ForEach(static window => window.WriteEarly());
        _hours.ForEach(static window => window.WriteChanged());
        foreach (LateChunk chunk in _chunks)
        {
            chunk.Minutes.ForEach(static window => window.WriteEarly());
            chunk.Hours.ForEach(static window => window.WriteChanged());
        }
    }

    /// <summary>The offset of the first contribution to anything open, or <paramref name="otherwise"/> when nothing is.</summary>
    public long FirstOffset(long otherwise)
    {
        long first = otherwise;
        _minutes.ForEach(window => first = Math.Min(first, window.FirstOffset));
        _hours.ForEach(window => first = Math.Min(first, window.FirstOffset));
        return _chunks.Count == 0 ? first : Math.Min(first, _chunks[0].FirstOffset);
    }

    /// <summary>The first window start of a length that is still open at a watermark.</summary>
    public uint FirstOpen(long watermarkNs, uint seconds)
    {
        long last = watermarkNs == long.MinValue ? -1 : (watermarkNs - _context.HorizonNs) / Watermark.SecondNs;
        return last < 0 ? 0 : (uint)last / seconds * seconds;
    }

    /// <summary>Late chunks below the returned one are closed.</summary>
    public ulong FirstOpenChunk(long nextOffset) => _chunks.Count > 0
        ? _chunks[0].Id
        : Math.Max(ClosedChunksBefore, nextOffset <= 0 ? 1 : _watermark.ChunkOf(nextOffset - 1));

    private long CloseNs(uint start, long seconds) => ((start + seconds) * Watermark.SecondNs) + _context.HorizonNs;

    private MinuteWindow? FindMinute(in RecordPlace place)
    {
        if (place.Chunk == 0)
        {
            if (place.Minute < ClosedMinutesBefore)
            {
                return null;
            }

            int at = _minutes.Count;
            while (at > 0 && _minutes[at - 1].Start > place.Minute)
            {
                at--;
            }

            if (at == 0 || _minutes[at - 1].Start != place.Minute)
            {
                _minutes.Insert(at++, OpenMinute(place));
                NextCloseNs = Math.Min(NextCloseNs, CloseNs(place.Minute, 60));
            }

            _lastMinute = _minutes[at - 1];
            return _lastMinute;
        }

        LateChunk? chunk = IsKept(place.Chunk, place.Minute) ? null : Chunk(place.Chunk);
        MinuteWindow? window = chunk?.FindMinute(place.Minute);
        if (chunk is not null && window is null)
        {
            window = OpenMinute(place);
            chunk.Minutes.Add(window);
        }

        return window;
    }

    private HourWindow? FindHour(in RecordPlace place)
    {
        uint start = place.Minute / 3600 * 3600;
        if (place.Chunk == 0)
        {
            if (start < ClosedHoursBefore)
            {
                return null;
            }

            int at = _hours.Count;
            while (at > 0 && _hours[at - 1].Start > start)
            {
                at--;
            }

            if (at == 0 || _hours[at - 1].Start != start)
            {
                _hours.Insert(at++, OpenHour(start, 0));
                NextCloseNs = Math.Min(NextCloseNs, CloseNs(start, 3600));
            }

            _lastHour = _hours[at - 1];
            return _lastHour;
        }

        LateChunk? chunk = IsKept(place.Chunk, start) ? null : Chunk(place.Chunk);
        HourWindow? window = chunk?.FindHour(start);
        if (chunk is not null && window is null)
        {
            window = OpenHour(start, place.Chunk);
            chunk.Hours.Add(window);
        }

        return window;
    }

    private bool IsKept(ulong chunk, uint start) => start < KeptBefore && chunk < KeptChunksBefore;

    private LateChunk? Chunk(ulong id)
    {
        if (id < ClosedChunksBefore)
        {
            return null;
        }

        int at = _chunks.Count - 1;
        while (at >= 0 && _chunks[at].Id > id)
        {
            at--;
        }

        if (at >= 0 && _chunks[at].Id == id)
        {
            return _chunks[at];
        }

        if (!_pooledChunks.TryPop(out LateChunk? chunk))
        {
            chunk = new LateChunk();
        }

        chunk.Id = id;
        chunk.Waiting = 0;
        chunk.FirstOffset = _context.Offset;
        _chunks.Insert(at + 1, chunk);
        return chunk;
    }

    private void Wait(ulong id, int change)
    {
        LateChunk? chunk = id == 0 ? null : Chunk(id);
        if (chunk is not null)
        {
            chunk.Waiting += change;
        }
    }

    private MinuteWindow OpenMinute(in RecordPlace place)
    {
        if (!_pooledMinutes.TryPop(out MinuteWindow? window))
        {
            window = new MinuteWindow(_context);
        }

        window.Open(place.Minute, place.Chunk);
        return window;
    }

    private HourWindow OpenHour(uint start, ulong chunk)
    {
        if (!_pooledHours.TryPop(out HourWindow? window))
        {
            window = new HourWindow(_context);
        }

        window.Open(start, chunk);
        return window;
    }

    private void Close(LateChunk chunk)
    {
        chunk.Minutes.Sort(static (left, right) => left.Start.CompareTo(right.Start));
        chunk.Hours.Sort(static (left, right) => left.Start.CompareTo(right.Start));
        foreach (MinuteWindow window in chunk.Minutes)
        {
            window.Close(_rays);
            Pool(window);
        }

        foreach (HourWindow window in chunk.Hours)
        {
            window.Close();
            Pool(window);
        }

        chunk.Minutes.Clear();
        chunk.Hours.Clear();
        _pooledChunks.Push(chunk);
    }

    private void Pool(MinuteWindow window)
    {
        if (_pooledMinutes.Count < MostPooled)
        {
            _pooledMinutes.Push(window);
        }
    }

    private void Pool(HourWindow window)
    {
        if (_pooledHours.Count < MostPooled)
        {
            _pooledHours.Push(window);
        }
    }
}

namespace CfLogStream.Server.Analysis;

/// <summary>Knows up to which event time every file has been read, so that what is older can be given out.</summary>
/// <remarks>
/// How disordered a file may be follows from what it has shown: an upload spans minutes, and what follows is at most so much older; a file that many
/// uploads were joined into spans hours, and is taken to hold anything from its beginning on, up to the configured disorder; one whose lines jump
/// back by more than half an hour is taken to hold anything up to the configured disorder.
/// Batches of one file may be parsed out of turn by different workers; a file's progress counts only up to the first missing batch.
/// Correlator thread only.
/// </remarks>
internal sealed class ReadFrontier
{
    /// <summary>Disorder that every file may have beyond what it has shown: half an hour, where uploads were seen to span a minute or two.</summary>
    private const long LeastDisorderNs = 1_800_000_000_000;

    private readonly FileState[] _files;

    // Of the files that are not finished: the time before which nothing is left in them, and the newest they have reached.
    private readonly MinimumTree _safe;
    private readonly MinimumTree _read;
    private readonly long _disorderNs;

    /// <param name="beginnings">Per file, the event times at its beginning.</param>
    /// <param name="disorder">How much older than its file's newest record a record may be.</param>
    public ReadFrontier(IReadOnlyList<TimesSeen> beginnings, TimeSpan disorder)
    {
        _files = [.. beginnings.Select(beginning => new FileState(beginning))];
        _disorderNs = Math.Max(LeastDisorderNs, disorder.Ticks * 100);
        _safe = new MinimumTree(_files.Length);
        _read = new MinimumTree(_files.Length);
        for (int i = 0; i < _files.Length; i++)
        {
            Note(i);
        }
    }

    /// <summary>Notes a parsed batch of a file.</summary>
    /// <param name="sequence">The batch's number in its file, from 0.</param>
    /// <param name="times">The event times in it.</param>
    /// <param name="isLast">Whether the file ends with it.</param>
    public void Advance(int file, int sequence, TimesSeen times, bool isLast)
    {
        FileState state = _files[file];

        // How far back a file goes counts at once: the records of a batch that came out of turn must not be given out before its predecessors'.
        state.OldestNs = Math.Min(state.OldestNs, times.OldestNs);
        state.BackNs = Math.Max(state.BackNs, times.BackNs);
        if (sequence != state.Next)
        {
            Note(file);
            state.Waiting ??= [];
            state.Waiting.Add(sequence, (times, isLast));
            return;
        }

        state.Take(times, isLast);
        while (state.Waiting is { } waiting && waiting.Remove(state.Next, out (TimesSeen Times, bool IsLast) batch))
        {
            state.Take(batch.Times, batch.IsLast);
        }

        Note(file);
    }

    /// <summary>The time before which no unread record lies, if no file is more disordered than allowed; <see cref="long.MaxValue"/> at the end.</summary>
    public long SafeUntilNs() => _safe.Least;

    /// <summary>The newest time that every unfinished file has reached; <see cref="long.MaxValue"/> at the end.</summary>
    public long ReadUntilNs() => _read.Least;

    private void Note(int file)
    {
        FileState state = _files[file];
        _safe.Set(file, state.Finished ? long.MaxValue : SafeUntilNs(state));
        _read.Set(file, state.Finished ? long.MaxValue : state.NewestNs);
    }

    private long SafeUntilNs(FileState state)
    {
        if (state.MayHoldAnything)
        {
            return long.MinValue;
        }

        // More disorder than an upload has: its lines are in no order, and what it has shown so far says nothing of the rest.
        long disorder = state.BackNs > LeastDisorderNs ? _disorderNs : Math.Min(state.NewestNs - state.OldestNs + LeastDisorderNs, _disorderNs);
        return state.NewestNs < long.MinValue + disorder ? long.MinValue : state.NewestNs - disorder;
    }

    private sealed class FileState(TimesSeen beginning)
    {
        private TimesSeen _read = TimesSeen.None;

        public Dictionary<int, (TimesSeen Times, bool IsLast)>? Waiting;

        /// <summary>Whether its beginning told no time.</summary>
        public bool MayHoldAnything { get; } = beginning.IsEmpty;

        public int Next { get; private set; }

        public long OldestNs { get; set; } = beginning.OldestNs;

        public long NewestNs { get; private set; } = beginning.IsEmpty ? long.MinValue : beginning.OldestNs;

        public long BackNs { get; set; } = beginning.BackNs;

        public bool Finished { get; private set; }

        /// <summary>Takes the next batch of the file in its turn.</summary>
        public void Take(in TimesSeen times, bool isLast)
        {
            Next++;
            _read = _read.Then(times);
            OldestNs = Math.Min(OldestNs, _read.OldestNs);
            NewestNs = Math.Max(NewestNs, _read.NewestNs);
            BackNs = Math.Max(BackNs, _read.BackNs);
            Finished |= isLast;
        }
    }
}

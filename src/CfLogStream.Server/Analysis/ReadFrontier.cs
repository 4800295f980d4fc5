namespace CfLogStream.Server.Analysis;

/// <summary>Knows up to which event time every file has been read, so that what is older can be given out.</summary>
/// <remarks>
/// How disordered a file may be follows from what it has shown: an upload spans minutes, and what follows is at most so much older; a file that many
/// uploads were joined into spans hours, and is taken to hold anything from its beginning on, up to the configured disorder.
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

    /// <param name="startNs">Per file, the earliest event time at its beginning.</param>
    /// <param name="disorder">How much older than its file's newest record a record may be.</param>
    public ReadFrontier(IReadOnlyList<long> startNs, TimeSpan disorder)
    {
        _files = [.. startNs.Select(start => new FileState { OldestNs = start, NewestNs = start })];
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
    /// <param name="oldestNs">The oldest event time in it; <see cref="long.MaxValue"/> when it has none.</param>
    /// <param name="newestNs">The newest event time in it; <see cref="long.MinValue"/> when it has none.</param>
    /// <param name="isLast">Whether the file ends with it.</param>
    public void Advance(int file, int sequence, long oldestNs, long newestNs, bool isLast)
    {
        FileState state = _files[file];

        // How far back a file goes counts at once: the records of a batch that came out of turn must not be given out before its predecessors'.
        state.OldestNs = Math.Min(state.OldestNs, oldestNs);
        if (sequence != state.Next)
        {
            Note(file);
            state.Waiting ??= [];
            state.Waiting.Add(sequence, (oldestNs, newestNs, isLast));
            return;
        }

        Take(state, oldestNs, newestNs, isLast);
        while (state.Waiting is { } waiting && waiting.Remove(state.Next, out (long OldestNs, long NewestNs, bool IsLast) batch))
        {
            Take(state, batch.OldestNs, batch.NewestNs, batch.IsLast);
        }

        Note(file);
    }

    /// <summary>The time before which no unread record lies, if no file is more disordered than allowed; <see cref="long.MaxValue"/> at the end.</summary>
    public long SafeUntilNs() => _safe.Least;

    /// <summary>The newest time that every unfinished file has reached; <see cref="long.MaxValue"/> at the end.</summary>
    public long ReadUntilNs() => _read.Least;

    private static void Take(FileState state, long oldestNs, long newestNs, bool isLast)
    {
        state.Next++;
        state.OldestNs = Math.Min(state.OldestNs, oldestNs);
        state.NewestNs = Math.Max(state.NewestNs, newestNs);
        state.Finished |= isLast;
    }

    private void Note(int file)
    {
        FileState state = _files[file];
        _safe.Set(file, state.Finished ? long.MaxValue : SafeUntilNs(state));
        _read.Set(file, state.Finished ? long.MaxValue : state.NewestNs);
    }

    private long SafeUntilNs(FileState state)
    {
        // A file whose beginning told no time may hold anything.
        if (state.OldestNs == long.MinValue)
        {
            return long.MinValue;
        }

        long disorder = Math.Min(state.NewestNs - state.OldestNs + LeastDisorderNs, _disorderNs);
        return state.NewestNs < long.MinValue + disorder ? long.MinValue : state.NewestNs - disorder;
    }

    private sealed class FileState
    {
        public Dictionary<int, (long OldestNs, long NewestNs, bool IsLast)>? Waiting;
        public int Next;
        public long OldestNs;
        public long NewestNs;
        public bool Finished;
    }
}

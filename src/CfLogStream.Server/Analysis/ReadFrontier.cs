namespace CfLogStream.Server.Analysis;

/// <summary>Knows up to which event time every file has been read, so that what is older can be given out.</summary>
/// <remarks>
/// Batches of one file may be parsed out of turn by different workers; a file's progress counts only up to the first missing batch.
/// Correlator thread only.
/// </remarks>
internal sealed class ReadFrontier
{
    private readonly FileState[] _files;
    private readonly long _disorderNs;

    /// <param name="startNs">Per file, the earliest event time at its beginning.</param>
    /// <param name="disorder">How much older than its file's newest record a record may be.</param>
    public ReadFrontier(IReadOnlyList<long> startNs, TimeSpan disorder)
    {
        _files = [.. startNs.Select(start => new FileState { NewestNs = start })];
        _disorderNs = disorder.Ticks * 100;
    }

    /// <summary>Notes a parsed batch of a file.</summary>
    /// <param name="sequence">The batch's number in its file, from 0.</param>
    /// <param name="newestNs">The newest event time in it; <see cref="long.MinValue"/> when it has none.</param>
    /// <param name="isLast">Whether the file ends with it.</param>
    public void Advance(int file, int sequence, long newestNs, bool isLast)
    {
        FileState state = _files[file];
        state.Waiting.Add(sequence, (newestNs, isLast));
        while (state.Waiting.Remove(state.Next, out (long NewestNs, bool IsLast) batch))
        {
            state.Next++;
            state.NewestNs = Math.Max(state.NewestNs, batch.NewestNs);
            state.Finished |= batch.IsLast;
        }
    }

    /// <summary>The time before which no unread record lies, if no file is more disordered than allowed; <see cref="long.MaxValue"/> at the end.</summary>
    public long SafeUntilNs()
    {
        long read = ReadUntilNs();
        return read == long.MaxValue ? read : read < long.MinValue + _disorderNs ? long.MinValue : read - _disorderNs;
    }

    /// <summary>The newest time that every unfinished file has reached; <see cref="long.MaxValue"/> at the end.</summary>
    public long ReadUntilNs()
    {
        long until = long.MaxValue;
        foreach (FileState state in _files)
        {
            if (!state.Finished)
            {
                until = Math.Min(until, state.NewestNs);
            }
        }

        return until;
    }

    private sealed class FileState
    {
        public readonly Dictionary<int, (long NewestNs, bool IsLast)> Waiting = [];
        public int Next;
        public long NewestNs;
        public bool Finished;
    }
}

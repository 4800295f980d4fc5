namespace CfLogStream.Server.Analysis;

/// <summary>Hands files to workers, the one that is furthest behind in time first; a file is read by one worker at a time.</summary>
/// <remarks>Thread-safe. A worker takes a file, reads one batch, gives it back (or ends it) and only then parses, so that one big file keeps
/// all workers busy.</remarks>
internal sealed class FileQueue : IDisposable
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<PlannedFile, (long PositionNs, int Index)> _idle = new();
    private readonly SemaphoreSlim _available;
    private readonly int _workers;
    private int _unfinished;

    public FileQueue(IReadOnlyCollection<PlannedFile> files, int workers)
    {
        _workers = workers;
        _unfinished = files.Count;
        foreach (PlannedFile file in files)
        {
            _idle.Enqueue(file, (file.PositionNs, file.Index));
        }

        _available = new SemaphoreSlim(files.Count == 0 ? workers : files.Count);
    }

    /// <summary>Waits for a file to read from; null when all have been read.</summary>
    public async ValueTask<PlannedFile?> TakeAsync(CancellationToken ct)
    {
        await _available.WaitAsync(ct).ConfigureAwait(false);
        lock (_gate)
        {
            return _idle.TryDequeue(out PlannedFile? file, out _) ? file : null;
        }
    }

    /// <summary>Gives a file back that has more to read.</summary>
    public void Return(PlannedFile file)
    {
        lock (_gate)
        {
            _idle.Enqueue(file, (file.PositionNs, file.Index));
        }

        _available.Release();
    }

    /// <summary>Notes that a file has been read; the last one wakes every worker to its end.</summary>
    public void End()
    {
        if (Interlocked.Decrement(ref _unfinished) == 0)
        {
            _available.Release(_workers);
        }
    }

    public void Dispose() => _available.Dispose();
}

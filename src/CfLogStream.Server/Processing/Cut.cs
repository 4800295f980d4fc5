namespace CfLogStream.Server.Processing;

/// <summary>Rows up to a place in the log, and the progress that holds once all of them are acknowledged.</summary>
internal sealed class Cut
{
    private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _open = 1;

    /// <summary>Ends when the cut is sealed and all its blocks are acknowledged.</summary>
    public Task Written => _written.Task;

    public PartitionProgress? Progress { get; private set; }

    public IReadOnlyList<KnownBatch> Batches { get; private set; } = [];

    public RecordTally Tally { get; private set; } = new();

    /// <summary>A block belongs to the cut.</summary>
    public void Begin() => Interlocked.Increment(ref _open);

    /// <summary>One of its blocks is acknowledged.</summary>
    public void End()
    {
        if (Interlocked.Decrement(ref _open) == 0)
        {
            _written.TrySetResult();
        }
    }

    /// <summary>No more blocks come.</summary>
    public void Seal(PartitionProgress? progress, IReadOnlyList<KnownBatch> batches, RecordTally tally)
    {
        Progress = progress;
        Batches = batches;
        Tally = tally;
        End();
    }
}

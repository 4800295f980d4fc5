namespace CfLogStream.Generator.Simulation;

/// <summary>Acts in order of time; those of the same time in order of entry.</summary>
/// <remarks>Bounded: past the capacity new acts are refused, so that memory does not grow with what blocked callers still want.</remarks>
internal sealed class ActQueue(int capacity)
{
    private readonly PriorityQueue<Act, (long Ms, long Number)> _queue = new();
    private long _number;

    public void Add(in Act act)
    {
        if (_queue.Count < capacity)
        {
            _queue.Enqueue(act, (act.Ms, _number++));
        }
    }

    /// <summary>How long the first act has been due at <paramref name="ms"/>; less than nothing when none is.</summary>
    public long Lag(long ms) => _queue.TryPeek(out Act act, out _) ? ms - act.Ms : -1;

    /// <summary>Takes the first act that is due at <paramref name="ms"/>.</summary>
    public bool TryTake(long ms, out Act act)
    {
        if (_queue.TryPeek(out act, out _) && act.Ms <= ms)
        {
            _queue.Dequeue();
            return true;
        }

        return false;
    }
}

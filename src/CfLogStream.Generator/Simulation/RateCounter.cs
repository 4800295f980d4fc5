namespace CfLogStream.Generator.Simulation;

/// <summary>A rate limiting rule's counters: one per caller of an actor, over fixed periods, with a mitigation time.</summary>
internal sealed class RateCounter(int callers, int limit, long periodMs, long mitigationMs)
{
    private readonly long[] _period = new long[callers];
    private readonly int[] _count = new int[callers];
    private readonly long[] _blockedUntil = new long[callers];

    public int Limit => limit;

    public long PeriodMs => periodMs;

    public long MitigationMs => mitigationMs;

    /// <summary>Counts a request; true when it is over the limit.</summary>
    public bool Exceeds(int caller, long ms)
    {
        int slot = caller % _count.Length;
        if (ms < _blockedUntil[slot])
        {
            return true;
        }

        long period = ms / periodMs;
        if (_period[slot] != period)
        {
            _period[slot] = period;
            _count[slot] = 0;
        }

        if (++_count[slot] <= limit)
        {
            return false;
        }

        _blockedUntil[slot] = ms + mitigationMs;
        return true;
    }
}

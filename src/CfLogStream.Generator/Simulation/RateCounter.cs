namespace CfLogStream.Generator.Simulation;

/// <summary>A rate limiting rule's counters: one per caller, over fixed periods, with a mitigation time.</summary>
/// <remarks>A table of fixed size; two callers in one place take it from each other, which only forgets a count.</remarks>
internal sealed class RateCounter(int limit, long periodMs, long mitigationMs)
{
    private const int Slots = 16_384;

    private readonly ulong[] _caller = new ulong[Slots];
    private readonly long[] _period = new long[Slots];
    private readonly int[] _count = new int[Slots];
    private readonly long[] _blockedUntil = new long[Slots];

    public int Limit => limit;

    public long PeriodMs => periodMs;

    public long MitigationMs => mitigationMs;

    /// <summary>Counts a request; true when it is over the limit or within the mitigation time.</summary>
    public bool Exceeds(ulong caller, long ms)
    {
        int slot = (int)(caller % Slots);
        long period = ms / periodMs;
        if (_caller[slot] != caller)
        {
            _caller[slot] = caller;
            _blockedUntil[slot] = 0;
            _period[slot] = -1;
        }

        if (ms < _blockedUntil[slot])
        {
            return true;
        }

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

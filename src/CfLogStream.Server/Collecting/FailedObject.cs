namespace CfLogStream.Server.Collecting;

/// <summary>An object that could not be had so far.</summary>
/// <param name="had">How many objects had been had when it failed first.</param>
internal sealed class FailedObject(long had)
{
    private long _had = had;
    private long _failedAt;
    private TimeSpan _delay;

    public int Tries { get; private set; }

    /// <summary>How often it failed where others had been had since the time before: so it is not everything that fails.</summary>
    public int TriesAmongOthers { get; private set; }

    /// <summary>What went wrong last.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>How long until it is tried again.</summary>
    public TimeSpan Left(TimeProvider time)
    {
        TimeSpan left = _delay - time.GetElapsedTime(_failedAt);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    public void Fail(string reason, TimeSpan delay, long had, TimeProvider time)
    {
        Tries++;
        TriesAmongOthers += had > _had ? 1 : 0;
        _had = had;
        Reason = reason;
        _delay = delay;
        _failedAt = time.GetTimestamp();
    }
}

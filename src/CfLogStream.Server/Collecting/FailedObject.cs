namespace CfLogStream.Server.Collecting;

/// <summary>An object that could not be had so far.</summary>
/// <param name="HadBefore">How many other objects had been had when it failed first.</param>
internal sealed record FailedObject(long HadBefore)
{
    private long _failedAt;
    private TimeSpan _delay;

    public int Tries { get; private set; }

    /// <summary>What went wrong last.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>How long until it is tried again.</summary>
    public TimeSpan Left(TimeProvider time)
    {
        TimeSpan left = _delay - time.GetElapsedTime(_failedAt);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    public void Fail(string reason, TimeSpan delay, TimeProvider time)
    {
        Tries++;
        Reason = reason;
        _delay = delay;
        _failedAt = time.GetTimestamp();
    }
}

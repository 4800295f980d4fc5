namespace CfLogStream.EndToEnd.Tests.Insight;

/// <summary>A clock on which every wait is over at once, after something was done.</summary>
internal sealed class PassingTime(DateTimeOffset start, Func<int, Task> onWait) : TimeProvider
{
    private DateTimeOffset _now = start;
    private int _waits;

    /// <summary>How often was waited.</summary>
    public int Waits => _waits;

    public override DateTimeOffset GetUtcNow() => _now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            _now += dueTime;
            int wait = Interlocked.Increment(ref _waits);
            _ = Task.Run(async () =>
            {
                await onWait(wait);
                callback(state);
            });
        }

        return new NoTimer();
    }

    private sealed class NoTimer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

using System.Collections.Concurrent;

namespace CfLogStream.ClickHouse.Tests.Engine;

/// <summary>A clock on which every wait is over at once; it writes down how long the waits were.</summary>
internal sealed class InstantTime : TimeProvider
{
    private long _nanoseconds;

    public ConcurrentQueue<TimeSpan> Waits { get; } = new();

    public override long TimestampFrequency => 1_000_000_000;

    public override long GetTimestamp() => Volatile.Read(ref _nanoseconds);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Waits.Enqueue(dueTime);
        Interlocked.Add(ref _nanoseconds, (long)(dueTime.TotalMilliseconds * 1_000_000));
        return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}

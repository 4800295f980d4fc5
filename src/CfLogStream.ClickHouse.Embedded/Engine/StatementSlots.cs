using System.Collections.Concurrent;
using System.Globalization;

namespace CfLogStream.ClickHouse.Embedded.Engine;

/// <summary>The bounded number of places at which statements run, each with a thread of its own.</summary>
internal sealed class StatementSlots : IDisposable
{
    private readonly ConcurrentQueue<StatementThread> _threads = [];
    private readonly ConcurrentBag<StatementThread> _free = [];
    private readonly SemaphoreSlim _places;
    private readonly int _count;
    private int _started;

    public StatementSlots(int count)
    {
        _count = count;
        _places = new SemaphoreSlim(count);
    }

    /// <summary>Waits for a free place.</summary>
    /// <returns>Null when none became free in time.</returns>
    public async ValueTask<StatementThread?> RentAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (!await _places.WaitAsync(timeout, cancellationToken).ConfigureAwait(false))
        {
            return null;
        }

        return _free.TryTake(out StatementThread? thread) ? thread : StartThread();
    }

    /// <summary>Gives a place back.</summary>
    public void Return(StatementThread thread)
    {
        _free.Add(thread);
        _places.Release();
    }

    /// <summary>Takes all places, so that nothing can run any more.</summary>
    /// <returns>False when a statement still ran after the time.</returns>
    public async Task<bool> DrainAsync(TimeSpan timeout)
    {
        for (int i = 0; i < _count; i++)
        {
            if (!await _places.WaitAsync(timeout).ConfigureAwait(false))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Ends the threads. All places must have been returned.</summary>
    public void Dispose()
    {
        foreach (StatementThread thread in _threads)
        {
            thread.Dispose();
        }

        _places.Dispose();
    }

    // A place that nobody had yet: its thread starts with its first statement.
    private StatementThread StartThread()
    {
        int number = Interlocked.Increment(ref _started) - 1;
        if (number >= _count)
        {
            throw new InvalidOperationException("A statement slot was returned twice.");
        }

        var thread = new StatementThread(string.Create(CultureInfo.InvariantCulture, $"clickhouse-statement-{number}"));
        _threads.Enqueue(thread);
        return thread;
    }
}

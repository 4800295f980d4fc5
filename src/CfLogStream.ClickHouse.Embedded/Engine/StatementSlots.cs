using System.Collections.Concurrent;
using System.Globalization;

namespace CfLogStream.ClickHouse.Embedded.Engine;

/// <summary>The bounded number of places at which statements run, each with a thread of its own.</summary>
internal sealed class StatementSlots : IDisposable
{
    private readonly StatementThread[] _threads;
    private readonly ConcurrentBag<StatementThread> _free = [];
    private readonly SemaphoreSlim _places;

    public StatementSlots(int count)
    {
        _threads = new StatementThread[count];
        for (int i = 0; i < count; i++)
        {
            _threads[i] = new StatementThread(string.Create(CultureInfo.InvariantCulture, $"clickhouse-statement-{i}"));
            _free.Add(_threads[i]);
        }

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

        return _free.TryTake(out StatementThread? thread)
            ? thread
            : throw new InvalidOperationException("A statement slot was returned twice.");
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
        for (int i = 0; i < _threads.Length; i++)
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
}

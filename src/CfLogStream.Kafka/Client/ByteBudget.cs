namespace CfLogStream.Kafka.Client;

/// <summary>Bytes that may be on their way at the same time; who wants more waits in line.</summary>
internal sealed class ByteBudget
{
    private readonly Lock _gate = new();
    private readonly Queue<Waiter> _line = new();
    private readonly long _limit;
    private long _used;
    private TaskCompletionSource _returned = NewSignal();

    internal ByteBudget(long limit) => _limit = limit;

    /// <summary>Completes with the next return, whoever makes it.</summary>
    internal Task NextReturn
    {
        get
        {
            lock (_gate)
            {
                return _used == 0 ? Task.CompletedTask : _returned.Task;
            }
        }
    }

    /// <summary>Takes bytes, when there is room; anything fits when nothing else is on its way.</summary>
    internal Task TakeAsync(int bytes, CancellationToken ct)
    {
        Waiter waiter;
        lock (_gate)
        {
            if (_line.Count == 0 && Fits(bytes))
            {
                _used += bytes;
                return Task.CompletedTask;
            }

            waiter = new Waiter(bytes);
            _line.Enqueue(waiter);
        }

        return WaitAsync(waiter, ct);
    }

    internal void Return(int bytes)
    {
        TaskCompletionSource returned;
        lock (_gate)
        {
            _used -= bytes;
            Admit();
            returned = _returned;
            _returned = NewSignal();
        }

        returned.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static async Task WaitAsync(Waiter waiter, CancellationToken ct)
    {
        await using (ct.UnsafeRegister(static (state, token) => ((Waiter)state!).Signal.TrySetCanceled(token), waiter).ConfigureAwait(false))
        {
            await waiter.Signal.Task.ConfigureAwait(false);
        }
    }

    private bool Fits(int bytes) => _used == 0 || _used + bytes <= _limit;

    private void Admit()
    {
        while (_line.TryPeek(out Waiter? waiter))
        {
            if (!waiter.Signal.Task.IsCompleted && !Fits(waiter.Bytes))
            {
                return;
            }

            _line.Dequeue();
            if (waiter.Signal.TrySetResult())
            {
                _used += waiter.Bytes;
            }
        }
    }

    private sealed record Waiter(int Bytes)
    {
        internal TaskCompletionSource Signal { get; } = NewSignal();
    }
}

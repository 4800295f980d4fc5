using System.Collections.Concurrent;

namespace CfLogStream.ClickHouse.Embedded.Engine;

/// <summary>
/// A named thread for the engine's blocking calls, so that they do not take the runtime's pool threads away from the web server.
/// </summary>
internal sealed class StatementThread : IDisposable
{
    // The engine's parser and analyzer recurse as deep as a statement nests.
    private const int StackBytes = 8 << 20;

    private readonly BlockingCollection<Action> _work = new(boundedCapacity: 4);
    private readonly Thread _thread;

    public StatementThread(string name)
    {
        _thread = new Thread(Run, StackBytes) { Name = name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>Runs a blocking call on the thread.</summary>
    public Task<T> RunAsync<T>(Func<T> call)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                completion.SetResult(call());
            }
#pragma warning disable CA1031 // Everything goes to the caller, who awaits it.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                completion.SetException(exception);
            }
        });
        return completion.Task;
    }

    /// <summary>Runs a blocking call that answers nothing on the thread.</summary>
    public Task RunAsync(Action call) => RunAsync(() =>
    {
        call();
        return true;
    });

    /// <summary>Lets the thread end once its work is done, and waits for it.</summary>
    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
    }

    private void Run()
    {
        foreach (Action call in _work.GetConsumingEnumerable())
        {
            call();
        }
    }
}

using Confluent.Kafka;

namespace CfLogStream.Kafka.Client;

/// <summary>Slices of one append that wait for their delivery reports.</summary>
internal sealed class PendingAppend
{
    private readonly TaskCompletionSource<Error?> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _open;

    internal PendingAppend(int slices) => _open = slices;

    /// <summary>Null when the log has all of them; the first error otherwise.</summary>
    internal Task<Error?> Completion => _completion.Task;

    internal void Report(Error error)
    {
        if (error.IsError)
        {
            _completion.TrySetResult(error);
        }
        else if (Interlocked.Decrement(ref _open) == 0)
        {
            _completion.TrySetResult(null);
        }
    }
}

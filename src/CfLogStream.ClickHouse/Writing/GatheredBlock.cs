using CfLogStream.ClickHouse.Rows;

namespace CfLogStream.ClickHouse.Writing;

/// <summary>A block that shares an insert with others, and who waits for it.</summary>
/// <remarks>Holds the block, so that its memory is not used again while it is sent, even when its owner has given up.</remarks>
internal sealed class GatheredBlock : IDisposable
{
    private readonly TaskCompletionSource<WriteResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public GatheredBlock(EncodedBlock block, CancellationToken cancellation)
    {
        block.Hold();
        Block = block;
        Cancellation = cancellation;
    }

    public EncodedBlock Block { get; }

    public CancellationToken Cancellation { get; }

    public Task<WriteResult> Result => _result.Task;

    /// <summary>Whether nobody needs it to be written any more.</summary>
    public bool IsEnded => Cancellation.IsCancellationRequested || _result.Task.IsCompleted;

    public void End(WriteResult result) => _result.TrySetResult(result);

    public void Fail(Exception problem)
    {
        if (problem is OperationCanceledException)
        {
            _result.TrySetCanceled(Cancellation);
        }
        else
        {
            _result.TrySetException(problem);
        }
    }

    public void Dispose() => Block.Release();
}

using CfLogStream.Kafka.Slices;

namespace CfLogStream.Server.Spool;

/// <summary>An append that waits for its place in a commit.</summary>
internal sealed class SpoolAppend
{
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SpoolAppend(IReadOnlyList<Slice> slices, long seed)
    {
        var messages = new (int, SpoolMessage)[slices.Count];
        for (int i = 0; i < messages.Length; i++)
        {
            Slice slice = slices[i];
            messages[i] = (slice.Partition, new SpoolMessage(slice.Header, slice.Value, SpoolRecord.HashOf(slice.Value.Span, seed)));
            Bytes += SpoolRecord.HeaderBytes + slice.Value.Length;
        }

        Messages = messages;
    }

    public IReadOnlyList<(int Partition, SpoolMessage Message)> Messages { get; }

    public long Bytes { get; }

    public Task Completion => _completion.Task;

    public void Succeed() => _completion.TrySetResult();

    public void Fail(Exception problem) => _completion.TrySetException(problem);
}

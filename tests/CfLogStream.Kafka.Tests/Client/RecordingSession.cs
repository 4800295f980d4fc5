using System.Collections.Concurrent;
using CfLogStream.Kafka.Log;
using CfLogStream.Kafka.Slices;

namespace CfLogStream.Kafka.Tests.Client;

/// <summary>A message as a session saw it.</summary>
internal sealed record Seen(long Offset, SliceHeader Header, byte[] Value);

internal sealed class RecordingSession(RecordingHandler handler, int partition, long start) : IPartitionSession
{
    private int _refused;

    internal int Partition { get; } = partition;

    internal ConcurrentQueue<Seen> Messages { get; } = new();

    internal ConcurrentQueue<(long From, long To)> Lost { get; } = new();

    internal int Refused => Volatile.Read(ref _refused);

    internal bool Drained { get; private set; }

    internal bool Abandoned { get; private set; }

    public long StartOffset { get; } = start;

    public long? CommitOffset => Messages.IsEmpty ? null : Messages.Last().Offset + 1;

    public bool TryTake(LogMessage message)
    {
        Assert.False(Drained || Abandoned, "a message came after the end of the session");
        if (Messages.Count >= handler.Room)
        {
            Interlocked.Increment(ref _refused);
            return false;
        }

        Messages.Enqueue(new Seen(message.Offset, message.Header, message.Value.ToArray()));
        message.Dispose();
        return true;
    }

    public void LoseOffsets(long fromOffset, long toOffset) => Lost.Enqueue((fromOffset, toOffset));

    public async Task DrainAsync(CancellationToken ct)
    {
        await handler.Drain(this).WaitAsync(ct);
        Drained = true;
    }

    public Task AbandonAsync()
    {
        Abandoned = true;
        return Task.CompletedTask;
    }
}

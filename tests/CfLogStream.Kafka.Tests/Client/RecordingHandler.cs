using System.Collections.Concurrent;
using CfLogStream.Kafka.Log;

namespace CfLogStream.Kafka.Tests.Client;

/// <summary>Sessions that remember what they were given; all sessions of a partition share its list.</summary>
internal sealed class RecordingHandler : ILogHandler
{
    internal ConcurrentDictionary<int, RecordingSession> Sessions { get; } = new();

    internal ConcurrentQueue<RecordingSession> Opened { get; } = new();

    internal Func<int, long> StartAt { get; set; } = _ => long.MinValue;

    internal Func<RecordingSession, Task> Drain { get; set; } = _ => Task.CompletedTask;

    /// <summary>Messages that each session takes before it is full.</summary>
    internal int Room { get; set; } = int.MaxValue;

    internal int Taken => Opened.Sum(session => session.Messages.Count);

    internal IEnumerable<Seen> Of(int partition) => Opened.Where(session => session.Partition == partition).SelectMany(session => session.Messages);

    public Task<IPartitionSession> OpenAsync(int partition, CancellationToken ct)
    {
        var session = new RecordingSession(this, partition, StartAt(partition));
        Sessions[partition] = session;
        Opened.Enqueue(session);
        return Task.FromResult<IPartitionSession>(session);
    }
}

using CfLogStream.Kafka.Log;

namespace CfLogStream.Server.Processing;

/// <summary>What a pipeline has to do next: a message, or else lost offsets, or else (all default) rows of open windows are due.</summary>
internal readonly record struct QueueItem(LogMessage? Message, long LostFrom = 0, long LostTo = 0)
{
    public bool IsTick => Message is null && LostTo == 0;
}

namespace CfLogStream.Kafka.Client;

/// <summary>Where a partition is read on.</summary>
/// <param name="Wanted">The offset that should come next.</param>
/// <param name="Offset">The next offset there is; greater than the wanted one when offsets were lost.</param>
internal sealed record StartPoint<TMessage>(IGroupSession<TMessage> Session, long Wanted, long Offset);

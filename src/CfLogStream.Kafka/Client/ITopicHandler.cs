namespace CfLogStream.Kafka.Client;

/// <summary>Opens what takes in a partition of a user's topic when this process becomes its reader.</summary>
public interface ITopicHandler
{
    /// <summary>Opens a partition. It is read from the group's committed offset.</summary>
    Task<ITopicSession> OpenAsync(string topic, int partition, CancellationToken ct);
}

namespace CfLogStream.Kafka.Log;

/// <summary>Opens what processes a partition when this process becomes its owner.</summary>
public interface ILogHandler
{
    /// <summary>Opens a partition: finds out from where it must be read. Waits for its store for as long as it takes.</summary>
    Task<IPartitionSession> OpenAsync(int partition, CancellationToken ct);
}

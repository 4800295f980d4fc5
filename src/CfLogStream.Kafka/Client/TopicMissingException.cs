namespace CfLogStream.Kafka.Client;

/// <summary>A topic that must exist does not.</summary>
public sealed class TopicMissingException : Exception
{
    public TopicMissingException(string topic, string bootstrapServers, bool isLog)
        : base($"The topic '{topic}' does not exist on the Kafka cluster at '{bootstrapServers}'. "
            + (isLog ? "Create it with 'cflogstream topics create'." : "Create it, or correct its name in the configuration."))
        => Topic = topic;

    public string Topic { get; }
}

namespace CfLogStream.Kafka.Client;

/// <summary>Which properties of librdkafka a user may set: all but those that the delivery contract rests on or that have keys of their own.</summary>
public static class KafkaProperties
{
    private static readonly string[] s_contract =
    [
        "acks", "request.required.acks", "enable.idempotence", "enable.auto.commit", "enable.auto.offset.store", "auto.offset.reset",
        "partition.assignment.strategy", "group.protocol", "isolation.level", "transactional.id", "max.in.flight",
        "max.in.flight.requests.per.connection", "message.send.max.retries", "retries", "group.instance.id", "check.crcs", "group.remote.assignor",
        "auto.commit.enable", "auto.commit.interval.ms", "offset.store.method", "enable.partition.eof", "allow.auto.create.topics",
        "enable.gapless.guarantee", "message.timeout.ms", "delivery.timeout.ms", "delivery.report.only.error",
    ];

    private static readonly string[] s_keys =
    [
        "bootstrap.servers", "metadata.broker.list", "group.id", "client.id", "security.protocol", "sasl.mechanism", "sasl.mechanisms",
        "sasl.username", "sasl.password", "sasl.oauthbearer.method", "sasl.oauthbearer.client.id", "sasl.oauthbearer.client.secret",
        "sasl.oauthbearer.scope", "sasl.oauthbearer.token.endpoint.url", "ssl.ca.location", "ssl.certificate.location", "ssl.key.location",
        "ssl.key.password", "session.timeout.ms", "linger.ms", "queue.buffering.max.ms", "message.max.bytes",
    ];

    /// <summary>Returns why a property cannot be set, to follow its name in a message; null when it can.</summary>
    public static string? Refusal(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return s_contract.Contains(name, StringComparer.OrdinalIgnoreCase) || name.StartsWith("dotnet.", StringComparison.OrdinalIgnoreCase)
            ? "which the delivery contract needs as it is. Remove it."
            : s_keys.Contains(name, StringComparer.OrdinalIgnoreCase) ? "which has a key of its own in the section 'kafka'. Use that."
            : null;
    }
}

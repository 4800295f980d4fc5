using System.Globalization;

namespace CfLogStream.Kafka.Client;

/// <summary>The Kafka cluster, the log's topic on it and how this process speaks to it.</summary>
/// <remarks><see cref="ToString"/> names no secret.</remarks>
public sealed record KafkaOptions
{
    /// <summary>Brokers to ask for the cluster, <c>host:port</c> separated by commas.</summary>
    /// <value><c>localhost:9092</c>.</value>
    public string BootstrapServers { get; init; } = "localhost:9092";

    /// <summary>The topic that is the log.</summary>
    /// <value><c>cflogstream.log</c>.</value>
    public string Topic { get; init; } = "cflogstream.log";

    /// <summary>The consumer group that shares the log's partitions.</summary>
    /// <value><c>cflogstream</c>.</value>
    public string Group { get; init; } = "cflogstream";

    /// <summary>Partitions of the log when it is created.</summary>
    /// <value>12.</value>
    /// <remarks>It bounds how many processes can share the work and must never change afterwards: a ray's partition depends on it.</remarks>
    public int Partitions { get; init; } = 12;

    /// <summary>Copies of each partition when the log is created.</summary>
    /// <value>3, the least that survives the loss of a broker while another is in maintenance.</value>
    public int Replication { get; init; } = 3;

    /// <summary>The name that brokers show for this client.</summary>
    /// <value><c>cflogstream</c>.</value>
    public string ClientId { get; init; } = "cflogstream";

    /// <summary>How the connection is protected.</summary>
    /// <value><c>plaintext</c>.</value>
    public KafkaSecurity SecurityProtocol { get; init; } = KafkaSecurity.Plaintext;

    /// <summary>How the client proves who it is, when <see cref="SecurityProtocol"/> is one of the <c>sasl</c> ones.</summary>
    /// <value>None.</value>
    public KafkaSasl? SaslMechanism { get; init; }

    /// <summary>The user of <c>plain</c> and <c>scram</c>.</summary>
    /// <value>None.</value>
    public string? Username { get; init; }

    /// <summary>The password of <c>plain</c> and <c>scram</c>.</summary>
    /// <value>None.</value>
    public string? Password { get; init; }

    /// <summary>The token endpoint of <c>oauthbearer</c>.</summary>
    /// <value>None.</value>
    public string? OAuthTokenEndpoint { get; init; }

    /// <summary>The client's id at the token endpoint.</summary>
    /// <value>None.</value>
    public string? OAuthClientId { get; init; }

    /// <summary>The client's secret at the token endpoint.</summary>
    /// <value>None.</value>
    public string? OAuthClientSecret { get; init; }

    /// <summary>The scope to ask the token endpoint for.</summary>
    /// <value>None: the endpoint's default.</value>
    public string? OAuthScope { get; init; }

    /// <summary>Certificate authorities that sign the brokers' certificates (PEM).</summary>
    /// <value>None: those of the system.</value>
    public string? CaFile { get; init; }

    /// <summary>The client's certificate (PEM).</summary>
    /// <value>None.</value>
    public string? CertificateFile { get; init; }

    /// <summary>The key of <see cref="CertificateFile"/> (PEM).</summary>
    /// <value>None.</value>
    public string? KeyFile { get; init; }

    /// <summary>The password of <see cref="KeyFile"/>.</summary>
    /// <value>None.</value>
    public string? KeyPassword { get; init; }

    /// <summary>How long a member may be silent before its partitions are given to others.</summary>
    /// <value>45 seconds, as librdkafka and Kafka.</value>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>How long the reading thread may be away before the member is thrown out of the group.</summary>
    /// <value>5 minutes, as librdkafka and Kafka.</value>
    /// <remarks>The thread never waits for the pipeline but while it drains partitions that it gives up, so this must exceed the drain
    /// limit.</remarks>
    public TimeSpan MaxPollInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Bytes that are read ahead from the brokers, all partitions together.</summary>
    /// <value>64 MiB.</value>
    public int FetchBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>How long the producer waits for more messages to send together.</summary>
    /// <value>5 ms, as librdkafka.</value>
    public int LingerMs { get; init; } = 5;

    /// <summary>The largest message, before compression.</summary>
    /// <value>4 MiB.</value>
    /// <remarks>The topic's <c>max.message.bytes</c> is set to it when it is created.</remarks>
    public int MessageBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Bytes of messages that may wait for the brokers; appending waits when there are more.</summary>
    /// <value>64 MiB.</value>
    public int InFlightBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Any property of librdkafka, applied last.</summary>
    /// <value>None.</value>
    /// <remarks>Properties on which the delivery contract rests are refused: see <see cref="KafkaClients.Problems"/>.</remarks>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"Kafka at {BootstrapServers} ({SecurityProtocol}{(SaslMechanism is null ? "" : $", {SaslMechanism}")}"
        + $"{(Username is null ? "" : $", user {Username}")}), topic {Topic}, group {Group}");
}

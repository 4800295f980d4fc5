using Confluent.Kafka;

namespace CfLogStream.Kafka.Client;

/// <summary>Makes the configurations of librdkafka's clients from <see cref="KafkaOptions"/>.</summary>
public static class KafkaClients
{
    /// <summary>What is wrong with the options, one sentence each; empty when nothing is.</summary>
    public static IReadOnlyList<string> Problems(KafkaOptions options)
    {
        var problems = new List<string>();
        foreach (string name in options.Properties.Keys)
        {
            if (KafkaProperties.Refusal(name) is { } refusal)
            {
                problems.Add($"The librdkafka property '{name}' cannot be set, {refusal}");
            }
        }

        bool sasl = options.SecurityProtocol is KafkaSecurity.SaslPlaintext or KafkaSecurity.SaslSsl;
        if (sasl && options.SaslMechanism is null)
        {
            problems.Add("The security protocol is a SASL one but no SASL mechanism is named.");
        }
        else if (!sasl && options.SaslMechanism is not null)
        {
            problems.Add($"The SASL mechanism '{options.SaslMechanism}' is named but the security protocol '{options.SecurityProtocol}' uses none.");
        }

        if (sasl && options.SaslMechanism == KafkaSasl.OAuthBearer)
        {
            if (options.OAuthTokenEndpoint is null || options.OAuthClientId is null || options.OAuthClientSecret is null)
            {
                problems.Add("The SASL mechanism 'oauthbearer' needs a token endpoint, a client id and a client secret.");
            }
        }
        else if (sasl && options.SaslMechanism is not null && (options.Username is null || options.Password is null))
        {
            problems.Add($"The SASL mechanism '{options.SaslMechanism}' needs a user name and a password.");
        }

        if (options.CertificateFile is null != options.KeyFile is null)
        {
            problems.Add("A client certificate needs both its certificate file and its key file.");
        }

        return problems;
    }

    /// <summary>The configuration of a producer that appends to the log: idempotent, acknowledged by all replicas, without gaps.</summary>
    /// <remarks>Messages never expire in the queue: a source whose positions only grow relies on a later slice never being on the log without the
    /// earlier one. Who cannot wait cancels the append and sends the same again later.</remarks>
    public static ProducerConfig Producer(KafkaOptions options) => Apply(options, new ProducerConfig
    {
        Acks = Acks.All,
        EnableIdempotence = true,
        EnableGaplessGuarantee = true,
        MessageTimeoutMs = 0,
        CompressionType = CompressionType.Zstd,
        LingerMs = options.LingerMs,
        MessageMaxBytes = options.MessageBytes,
        BatchSize = Math.Max(1_000_000, options.MessageBytes),
        QueueBufferingMaxKbytes = Math.Max(1024, options.InFlightBytes / 1024 * 2),
        EnableDeliveryReports = true,
        DeliveryReportFields = "status",
    });

    /// <summary>The configuration of a consumer of a group that stores its offsets itself and learns of lost offsets as errors.</summary>
    public static ConsumerConfig Consumer(KafkaOptions options, string group, TimeSpan commitInterval) => Apply(options, new ConsumerConfig
    {
        GroupId = group,
        PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky,
        // Offsets are stored by hand only after they are acknowledged; the library then commits what is stored without blocking anybody.
        EnableAutoOffsetStore = false,
        EnableAutoCommit = true,
        AutoCommitIntervalMs = (int)Math.Clamp(commitInterval.TotalMilliseconds, 10, 86_400_000),
        AutoOffsetReset = AutoOffsetReset.Error,
        EnablePartitionEof = false,
        AllowAutoCreateTopics = false,
        SessionTimeoutMs = (int)options.SessionTimeout.TotalMilliseconds,
        HeartbeatIntervalMs = (int)Math.Min(3000, options.SessionTimeout.TotalMilliseconds / 3),
        MaxPollIntervalMs = (int)Math.Max(options.MaxPollInterval.TotalMilliseconds, options.SessionTimeout.TotalMilliseconds),
        FetchMaxBytes = Math.Max(options.FetchBytes, options.MessageBytes),
        MaxPartitionFetchBytes = Math.Max(1024 * 1024, options.MessageBytes),
        MessageMaxBytes = options.MessageBytes,
        QueuedMaxMessagesKbytes = Math.Max(1024, options.FetchBytes / 1024),
        FetchWaitMaxMs = 100,
    });

    /// <summary>The configuration of a client that asks about topics and groups.</summary>
    public static AdminClientConfig Admin(KafkaOptions options) => Apply(options, new AdminClientConfig());

    private static TConfig Apply<TConfig>(KafkaOptions options, TConfig config)
        where TConfig : ClientConfig
    {
        IReadOnlyList<string> problems = Problems(options);
        if (problems.Count > 0)
        {
            throw new ArgumentException(string.Join(Environment.NewLine, problems), nameof(options));
        }

        config.BootstrapServers = options.BootstrapServers;
        config.ClientId = options.ClientId;
        config.SecurityProtocol = options.SecurityProtocol switch
        {
            KafkaSecurity.Ssl => SecurityProtocol.Ssl,
            KafkaSecurity.SaslPlaintext => SecurityProtocol.SaslPlaintext,
            KafkaSecurity.SaslSsl => SecurityProtocol.SaslSsl,
            _ => SecurityProtocol.Plaintext,
        };
        config.SaslMechanism = options.SaslMechanism switch
        {
            KafkaSasl.Plain => SaslMechanism.Plain,
            KafkaSasl.ScramSha256 => SaslMechanism.ScramSha256,
            KafkaSasl.ScramSha512 => SaslMechanism.ScramSha512,
            KafkaSasl.OAuthBearer => SaslMechanism.OAuthBearer,
            _ => null,
        };
        Set(config, "sasl.username", options.Username);
        Set(config, "sasl.password", options.Password);
        if (options.SaslMechanism == KafkaSasl.OAuthBearer)
        {
            config.SaslOauthbearerMethod = SaslOauthbearerMethod.Oidc;
            Set(config, "sasl.oauthbearer.token.endpoint.url", options.OAuthTokenEndpoint);
            Set(config, "sasl.oauthbearer.client.id", options.OAuthClientId);
            Set(config, "sasl.oauthbearer.client.secret", options.OAuthClientSecret);
            Set(config, "sasl.oauthbearer.scope", options.OAuthScope);
        }

        Set(config, "ssl.ca.location", options.CaFile);
        Set(config, "ssl.certificate.location", options.CertificateFile);
        Set(config, "ssl.key.location", options.KeyFile);
        Set(config, "ssl.key.password", options.KeyPassword);
        foreach (KeyValuePair<string, string> property in options.Properties)
        {
            config.Set(property.Key, property.Value);
        }

        return config;
    }

    private static void Set(ClientConfig config, string name, string? value)
    {
        if (value is not null)
        {
            config.Set(name, value);
        }
    }
}

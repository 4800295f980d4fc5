using CfLogStream.Kafka.Client;
using CfLogStream.Kafka.Slices;
using CfLogStream.Server.Configuration;

namespace CfLogStream.Server.Serving;

/// <summary>Makes the options of the Kafka client from the configuration.</summary>
public static class KafkaSettings
{
    /// <summary>Bytes that a slice may have less than a message: headers, and what a producer puts around them.</summary>
    private const int MessageOverhead = 32 * 1024;

    /// <summary>Returns the client's options.</summary>
    public static KafkaOptions Of(KafkaSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        bool sasl = section.SecurityProtocol.StartsWith("sasl", StringComparison.Ordinal);
        return new KafkaOptions
        {
            BootstrapServers = section.BootstrapServers,
            Topic = section.Topic,
            Group = section.Group,
            ClientId = section.ClientId,
            SecurityProtocol = section.SecurityProtocol switch
            {
                "ssl" => KafkaSecurity.Ssl,
                "sasl_plaintext" => KafkaSecurity.SaslPlaintext,
                "sasl_ssl" => KafkaSecurity.SaslSsl,
                _ => KafkaSecurity.Plaintext,
            },
            SaslMechanism = !sasl ? null : section.SaslMechanism switch
            {
                "scram-sha-256" => KafkaSasl.ScramSha256,
                "scram-sha-512" => KafkaSasl.ScramSha512,
                "oauthbearer" => KafkaSasl.OAuthBearer,
                _ => KafkaSasl.Plain,
            },
            Username = NullIfEmpty(section.Username),
            Password = NullIfEmpty(section.Password.Reveal()),
            OAuthTokenEndpoint = NullIfEmpty(section.OauthTokenUrl),
            OAuthClientId = NullIfEmpty(section.OauthClientId),
            OAuthClientSecret = NullIfEmpty(section.OauthSecret.Reveal()),
            OAuthScope = NullIfEmpty(section.OauthScope),
            CaFile = NullIfEmpty(section.CaFile),
            CertificateFile = NullIfEmpty(section.CertificateFile),
            KeyFile = NullIfEmpty(section.KeyFile),
            KeyPassword = NullIfEmpty(section.KeyPassword.Reveal()),
            SessionTimeout = section.SessionTimeout,
            LingerMs = section.LingerMs,
            MessageBytes = section.MessageBytes,
            Properties = section.Properties.Select(property => property.Split('=', 2))
                .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal),
        };
    }

    /// <summary>Returns how large slices may become, so that each fits into a message.</summary>
    public static SlicerOptions SlicerOf(KafkaSection section) => new() { MaxBytes = section.MessageBytes - MessageOverhead };

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}

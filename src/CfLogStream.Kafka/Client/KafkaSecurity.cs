namespace CfLogStream.Kafka.Client;

/// <summary>How the connection to the brokers is protected.</summary>
public enum KafkaSecurity
{
    /// <summary><c>plaintext</c>: neither encrypted nor authenticated.</summary>
    Plaintext,

    /// <summary><c>ssl</c>: TLS; the client may show a certificate.</summary>
    Ssl,

    /// <summary><c>sasl_plaintext</c>: authenticated, not encrypted.</summary>
    SaslPlaintext,

    /// <summary><c>sasl_ssl</c>: authenticated over TLS.</summary>
    SaslSsl,
}

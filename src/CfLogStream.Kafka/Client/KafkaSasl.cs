namespace CfLogStream.Kafka.Client;

/// <summary>How the client proves who it is.</summary>
public enum KafkaSasl
{
    /// <summary><c>plain</c>: user name and password.</summary>
    Plain,

    /// <summary><c>scram-sha-256</c>: user name and password, the password never on the wire.</summary>
    ScramSha256,

    /// <summary><c>scram-sha-512</c>: as before with the longer hash.</summary>
    ScramSha512,

    /// <summary><c>oauthbearer</c>: a token that librdkafka fetches from an OpenID token endpoint with client credentials.</summary>
    OAuthBearer,
}

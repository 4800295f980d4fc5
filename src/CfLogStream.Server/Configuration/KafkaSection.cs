namespace CfLogStream.Server.Configuration;

/// <summary>The Kafka that carries the log between ingest and process, and that holds a user's own topics.</summary>
public sealed record KafkaSection
{
    /// <summary>Brokers to begin with, as <c>host:port</c> with commas between.</summary>
    /// <value>empty, which is no Kafka at all.</value>
    public string BootstrapServers { get; init; } = "";

    /// <summary>The topic that is the log: it carries both datasets, partitioned by RayID. Nobody else writes to it.</summary>
    /// <value><c>cflogstream.log</c>.</value>
    public string Topic { get; init; } = "cflogstream.log";

    /// <summary>The consumer group that shares the log's partitions.</summary>
    /// <value><c>cflogstream</c>.</value>
    public string Group { get; init; } = "cflogstream";

    /// <summary>What this program calls itself at the brokers.</summary>
    /// <value><c>cflogstream</c>.</value>
    public string ClientId { get; init; } = "cflogstream";

    /// <summary>How the brokers are spoken to: <c>plaintext</c>, <c>ssl</c>, <c>sasl_plaintext</c> or <c>sasl_ssl</c>.</summary>
    /// <value><c>plaintext</c>.</value>
    public string SecurityProtocol { get; init; } = "plaintext";

    /// <summary>How this program proves who it is: <c>plain</c>, <c>scram-sha-256</c>, <c>scram-sha-512</c> or <c>oauthbearer</c>.</summary>
    /// <value><c>plain</c>.</value>
    /// <remarks>Only where <c>security_protocol</c> begins with <c>sasl</c>.</remarks>
    public string SaslMechanism { get; init; } = "plain";

    /// <summary>The user name of <c>plain</c> and <c>scram</c>.</summary>
    /// <value>empty.</value>
    public string Username { get; init; } = "";

    /// <summary>The name of the environment variable that holds the password.</summary>
    /// <value>empty.</value>
    public string PasswordEnv { get; init; } = "";

    /// <summary>A file that holds the password; line ends at its end are dropped.</summary>
    /// <value>empty.</value>
    public string PasswordFile { get; init; } = "";

    /// <summary>The password that the reference led to. It is no key of the file.</summary>
    public Secret Password { get; init; } = Secret.None;

    /// <summary>Where <c>oauthbearer</c> gets its tokens (OpenID Connect, client credentials).</summary>
    /// <value>empty.</value>
    public string OauthTokenUrl { get; init; } = "";

    /// <summary>The client id at the token endpoint.</summary>
    /// <value>empty.</value>
    public string OauthClientId { get; init; } = "";

    /// <summary>The scope that is asked for at the token endpoint.</summary>
    /// <value>empty.</value>
    public string OauthScope { get; init; } = "";

    /// <summary>The name of the environment variable that holds the client's secret at the token endpoint.</summary>
    /// <value>empty.</value>
    public string OauthSecretEnv { get; init; } = "";

    /// <summary>A file that holds the client's secret at the token endpoint.</summary>
    /// <value>empty.</value>
    public string OauthSecretFile { get; init; } = "";

    /// <summary>The client secret that the reference led to. It is no key of the file.</summary>
    public Secret OauthSecret { get; init; } = Secret.None;

    /// <summary>The certificates of authorities that the brokers' certificates are checked against (PEM).</summary>
    /// <value>empty, which is the system's.</value>
    public string CaFile { get; init; } = "";

    /// <summary>This program's own certificate (PEM), for brokers that demand one.</summary>
    /// <value>empty.</value>
    public string CertificateFile { get; init; } = "";

    /// <summary>The private key of the certificate (PEM).</summary>
    /// <value>empty.</value>
    public string KeyFile { get; init; } = "";

    /// <summary>The name of the environment variable that holds the private key's password.</summary>
    /// <value>empty.</value>
    public string KeyPasswordEnv { get; init; } = "";

    /// <summary>A file that holds the private key's password.</summary>
    /// <value>empty.</value>
    public string KeyPasswordFile { get; init; } = "";

    /// <summary>The key's password that the reference led to. It is no key of the file.</summary>
    public Secret KeyPassword { get; init; } = Secret.None;

    /// <summary>How long a member of the group may be silent before its partitions are given to others.</summary>
    /// <value>45 seconds, librdkafka's default.</value>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>How long slices wait for company on their way to a broker, in milliseconds.</summary>
    /// <value>20.</value>
    /// <remarks>Longer makes fewer and larger requests and later acknowledgements.</remarks>
    public int LingerMs { get; init; } = 20;

    /// <summary>The largest message on the log, as the topic allows it (<c>max.message.bytes</c>).</summary>
    /// <value>1,000,000, a little less than Kafka's default.</value>
    public int MessageBytes { get; init; } = 1_000_000;

    /// <summary>Further properties of librdkafka, each as <c>name=value</c>.</summary>
    /// <value>none.</value>
    /// <remarks>Properties that the delivery contract rests on (acknowledgements, commits, assignment) are refused.</remarks>
    public IReadOnlyList<string> Properties { get; init; } = [];
}

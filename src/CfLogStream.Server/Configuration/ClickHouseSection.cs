namespace CfLogStream.Server.Configuration;

/// <summary>Which ClickHouse is written and read, and as whom.</summary>
public sealed record ClickHouseSection
{
    /// <summary>The HTTP interface of a ClickHouse server, for instance <c>https://clickhouse.example.com:8443</c>.</summary>
    /// <value>empty, which is the engine inside this program.</value>
    public string Url { get; init; } = "";

    /// <summary>The database that holds the tables.</summary>
    /// <value><c>cflogstream</c>.</value>
    public string Database { get; init; } = "cflogstream";

    /// <summary>The port of 127.0.0.1 on which the engine inside this program answers Grafana, curl and others while <c>serve</c>
    /// runs.</summary>
    /// <value>8123, as ClickHouse; 0 is any free port.</value>
    /// <remarks>Only without <c>url</c> and without Kafka.</remarks>
    public int EmbeddedPort { get; init; } = 8123;

    /// <summary>The user name at the server.</summary>
    /// <value><c>default</c>.</value>
    public string User { get; init; } = "default";

    /// <summary>The name of the environment variable that holds the password.</summary>
    /// <value>empty.</value>
    /// <remarks>At most one of <c>password_env</c> and <c>password_file</c>; a password itself is never written into this file.</remarks>
    public string PasswordEnv { get; init; } = "";

    /// <summary>A file that holds the password; line ends at its end are dropped.</summary>
    /// <value>empty.</value>
    /// <remarks>The path is relative to the configuration file.</remarks>
    public string PasswordFile { get; init; } = "";

    /// <summary>The password that the reference led to. It is no key of the file.</summary>
    public Secret Password { get; init; } = Secret.None;

    /// <summary>The name of the cluster on which tables are created (<c>ON CLUSTER</c>, replicated engines).</summary>
    /// <value>empty, which is one server.</value>
    public string Cluster { get; init; } = "";

    /// <summary>How long rows are kept, per group of tables.</summary>
    public RetentionSection RetentionDays { get; init; } = new();
}

using System.Text;

namespace CfLogStream.ClickHouse;

/// <summary>Where ClickHouse is and how it is spoken to.</summary>
public sealed record ClickHouseOptions
{
    /// <summary>The HTTP interface, for instance <c>https://clickhouse.example.com:8443/</c>; credentials do not belong in it.</summary>
    /// <value><c>http://127.0.0.1:8123/</c>.</value>
    public Uri Endpoint { get; init; } = ClickHouseDefaults.Endpoint;

    /// <summary>The database of all tables.</summary>
    /// <value><c>cflogstream</c>.</value>
    public string Database { get; init; } = ClickHouseDefaults.Database;

    /// <value><c>default</c>, ClickHouse's own.</value>
    public string User { get; init; } = ClickHouseDefaults.User;

    /// <summary>A secret: from the environment or a file, printed as <c>***</c>.</summary>
    public string Password { get; init; } = string.Empty;

    /// <summary>The cluster that tables are created on; its replicas hold the same data. Null for one server.</summary>
    /// <value>None.</value>
    /// <remarks>One shard: all versions of a row must be in one place. The tables are then Replicated and DDL runs ON CLUSTER.</remarks>
    public string? Cluster { get; init; }

    /// <summary>How long a query may take.</summary>
    /// <value>60 seconds.</value>
    public TimeSpan QueryTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long an insert may take before its answer counts as lost (and it is sent again).</summary>
    /// <value>5 minutes.</value>
    public TimeSpan InsertTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long opening a connection may take.</summary>
    /// <value>10 seconds.</value>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether bodies are compressed on the wire.</summary>
    /// <value><see cref="WireCompression.Auto"/>: not on this machine, else yes.</value>
    public WireCompression Compression { get; init; } = WireCompression.Auto;

    internal bool Compresses => Compression == WireCompression.Always || (Compression == WireCompression.Auto && !Endpoint.IsLoopback);

    /// <summary>Names everything that is wrong, one sentence each.</summary>
    public IReadOnlyList<string> Validate()
    {
        var problems = new List<string>();
        if (!Endpoint.IsAbsoluteUri || Endpoint.Scheme is not ("http" or "https"))
        {
            problems.Add($"The endpoint '{Throw.Excerpt(Endpoint.OriginalString)}' is no http or https address.");
        }
        else if (Endpoint.UserInfo.Length > 0 || Endpoint.Query.Length > 0)
        {
            problems.Add("The endpoint must hold neither user and password nor a query; they have options of their own.");
        }

        if (!SqlIdentifier.IsValid(Database))
        {
            problems.Add(
                $"The database '{Throw.Excerpt(Database)}' must start with a letter or '_' and have only letters, digits and '_'.");
        }

        if (Cluster is not null && !SqlIdentifier.IsValid(Cluster))
        {
            problems.Add(
                $"The cluster '{Throw.Excerpt(Cluster)}' must start with a letter or '_' and have only letters, digits and '_'.");
        }

        if (string.IsNullOrEmpty(User))
        {
            problems.Add("The user must not be empty.");
        }

        CheckTimeout(problems, "query timeout", QueryTimeout);
        CheckTimeout(problems, "insert timeout", InsertTimeout);
        CheckTimeout(problems, "connect timeout", ConnectTimeout);
        return problems;
    }

    private static void CheckTimeout(List<string> problems, string name, TimeSpan value)
    {
        if (value <= TimeSpan.Zero || value > TimeSpan.FromDays(1))
        {
            problems.Add($"The {name} ({value}) must be above zero and at most a day.");
        }
    }

    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append("Endpoint = ").Append(Endpoint)
            .Append(", Database = ").Append(Database)
            .Append(", User = ").Append(User)
            .Append(", Password = ***")
            .Append(", Cluster = ").Append(Cluster)
            .Append(", QueryTimeout = ").Append(QueryTimeout)
            .Append(", InsertTimeout = ").Append(InsertTimeout)
            .Append(", ConnectTimeout = ").Append(ConnectTimeout)
            .Append(", Compression = ").Append(Compression);
        return true;
    }
}

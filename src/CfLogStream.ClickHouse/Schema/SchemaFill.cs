using System.Globalization;
using System.Text;

namespace CfLogStream.ClickHouse.Schema;

/// <summary>What the <c>${…}</c> of the schema files stand for.</summary>
/// <remarks>
/// <c>${database}</c>; <c>${on_cluster}</c> (with its leading blank, or nothing); <c>${replacing}</c>, the engine; and
/// <c>${ttl:table:expression}</c>, the TTL clause of a table from an expression that says when a row happened, or nothing.
/// </remarks>
internal sealed class SchemaFill
{
    private readonly string _database;
    private readonly string? _cluster;
    private readonly RetentionOptions _retention;

    public SchemaFill(string database, string? cluster, RetentionOptions retention)
    {
        _database = SqlIdentifier.Check("database name", database);
        _cluster = cluster is null ? null : SqlIdentifier.Check("cluster name", cluster);
        _retention = retention;
    }

    public string Database => _database;

    public string OnCluster => _cluster is null ? string.Empty : $" ON CLUSTER {_cluster}";

    private string Engine => _cluster is null
        ? "ReplacingMergeTree(version)"
        : "ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', version)";

    /// <summary>Fills in a statement; lines of which nothing remains are left out.</summary>
    public string Fill(string statement)
    {
        var result = new StringBuilder(statement.Length);
        foreach (string line in statement.Split('\n'))
        {
            string filled = FillLine(line);
            if (filled.Length > 0 || line.Length == 0)
            {
                result.Append(filled).Append('\n');
            }
        }

        return result.ToString().TrimEnd('\n');
    }

    /// <summary>The TTL clause's expression for a table, for instance <c>window + toIntervalDay(90)</c>; null when retention is
    /// off.</summary>
    public string? Ttl(string table, string happened) =>
        _retention.DaysOf(table) is int days ? string.Create(CultureInfo.InvariantCulture, $"{happened} + toIntervalDay({days})") : null;

    private string FillLine(string line)
    {
        int start = line.IndexOf("${", StringComparison.Ordinal);
        if (start < 0)
        {
            return line;
        }

        int end = line.IndexOf('}', start);
        string name = line[(start + 2)..end];
        return line[..start] + Value(name) + FillLine(line[(end + 1)..]);
    }

    private string Value(string name)
    {
        string[] parts = name.Split(':', 3);
        return parts switch
        {
            ["database"] => _database,
            ["on_cluster"] => OnCluster,
            ["replacing"] => Engine,
            ["ttl", string table, string happened] => Ttl(table, happened) is { } ttl ? "TTL " + ttl : string.Empty,
            _ => throw new SchemaException($"A schema file has '${{{name}}}', which stands for nothing."),
        };
    }
}

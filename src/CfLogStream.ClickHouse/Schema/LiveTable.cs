namespace CfLogStream.ClickHouse.Schema;

/// <summary>A table or view that exists.</summary>
internal sealed record LiveTable(
    string Name, string Engine, string EngineFull, string PartitionKey, string PrimaryKey, string SortingKey, string Select)
{
    /// <summary>The TTL clause's expression; null when there is none.</summary>
    public string? Ttl => TtlIn(EngineFull);

    /// <summary>The TTL clause's expression in an <c>engine_full</c>; null when there is none.</summary>
    public static string? TtlIn(string engineFull)
    {
        int start = engineFull.IndexOf(" TTL ", StringComparison.Ordinal);
        if (start < 0)
        {
            return null;
        }

        string rest = engineFull[(start + " TTL ".Length)..];
        int end = rest.IndexOf(" SETTINGS ", StringComparison.Ordinal);
        return end < 0 ? rest : rest[..end];
    }
}

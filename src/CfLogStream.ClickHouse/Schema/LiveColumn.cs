namespace CfLogStream.ClickHouse.Schema;

/// <summary>A column that exists.</summary>
internal sealed record LiveColumn(string Table, string Name, string Type, string Kind, string Expression);

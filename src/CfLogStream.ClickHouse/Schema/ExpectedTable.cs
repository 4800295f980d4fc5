namespace CfLogStream.ClickHouse.Schema;

/// <summary>A table or view as the schema files declare it, for comparing with what a database has.</summary>
/// <remarks>
/// Reads the files' own layout, not SQL in general: one column per line between lines of parentheses, and each clause
/// (ENGINE, PARTITION BY, PRIMARY KEY, ORDER BY, ${ttl}) on a line of its own, written as the server itself would write it.
/// </remarks>
internal sealed record ExpectedTable
{
    private const string Table = "CREATE TABLE IF NOT EXISTS ${database}.";
    private const string Change = "ALTER TABLE ${database}.";
    private const string NewColumn = "    ADD COLUMN IF NOT EXISTS ";
    private const string View = "CREATE OR REPLACE VIEW ${database}.";

    public required string Name { get; init; }

    /// <summary>The query of a view; null for a table.</summary>
    public string? Select { get; init; }

    public IReadOnlyList<ExpectedColumn> Columns { get; init; } = [];

    public string PartitionKey { get; init; } = string.Empty;

    public string PrimaryKey { get; init; } = string.Empty;

    public string SortingKey { get; init; } = string.Empty;

    /// <summary>The expression that says when a row happened; null when the table has no retention.</summary>
    public string? Happened { get; init; }

    /// <summary>Reads statements in their order: tables with the columns that later ones add, and views.</summary>
    public static IReadOnlyList<ExpectedTable> Read(IEnumerable<string> statements)
    {
        var tables = new List<ExpectedTable>();
        foreach (string[] lines in statements.Select(Lines))
        {
            if (lines[0].StartsWith(Change, StringComparison.Ordinal))
            {
                int table = tables.FindIndex(table => table.Name == NameIn(lines[0], Change));
                tables[table] = tables[table] with { Columns = [.. tables[table].Columns, .. lines.Skip(1).Select(Added)] };
            }
            else if (Parse(lines) is { } made)
            {
                tables.Add(made);
            }
        }

        return tables;
    }

    private static string[] Lines(string statement) =>
    [
        .. statement.Split('\n').Where(line => line.Length > 0 && !line.StartsWith("--", StringComparison.Ordinal)),
    ];

    private static ExpectedColumn Added(string line) => line.StartsWith(NewColumn, StringComparison.Ordinal)
        ? ExpectedColumn.Parse(line[NewColumn.Length..].TrimEnd(','))
        : throw new SchemaException($"The schema files have a change that cannot be compared: '{line}'.");

    /// <summary>Reads the lines of a statement; null when it makes no table.</summary>
    private static ExpectedTable? Parse(string[] lines)
    {
        string head = lines[0];
        if (head.StartsWith(View, StringComparison.Ordinal))
        {
            return new ExpectedTable { Name = NameIn(head, View), Select = string.Join('\n', lines.Skip(1)) };
        }

        if (!head.StartsWith(Table, StringComparison.Ordinal))
        {
            return head.StartsWith("CREATE DATABASE", StringComparison.Ordinal)
                ? null
                : throw new SchemaException($"The schema files have a statement that cannot be compared: '{head}'.");
        }

        int end = Array.IndexOf(lines, ")");
        string sorting = Clause(lines, "ORDER BY ");
        string primary = Clause(lines, "PRIMARY KEY ");
        return new ExpectedTable
        {
            Name = NameIn(head, Table),
            Columns = [.. lines[2..end].Select(line => line.Trim().TrimEnd(',')).Where(IsColumn).Select(ExpectedColumn.Parse)],
            PartitionKey = Clause(lines, "PARTITION BY "),
            PrimaryKey = primary.Length > 0 ? primary : sorting,
            SortingKey = sorting,
            Happened = HappenedIn(lines),
        };
    }

    private static bool IsColumn(string line) => line.Length > 0 && !line.StartsWith("INDEX ", StringComparison.Ordinal);

    private static string NameIn(string head, string prefix) =>
        head[prefix.Length..head.IndexOf("${on_cluster}", StringComparison.Ordinal)];

    private static string Clause(string[] lines, string start)
    {
        string? line = lines.FirstOrDefault(line => line.StartsWith(start, StringComparison.Ordinal));
        string clause = line?[start.Length..] ?? string.Empty;
        return clause is ['(', .., ')'] ? clause[1..^1] : clause;
    }

    private static string? HappenedIn(string[] lines)
    {
        string? line = lines.FirstOrDefault(line => line.StartsWith("${ttl:", StringComparison.Ordinal));
        return line?.TrimEnd('}').Split(':', 3)[2];
    }
}

namespace CfLogStream.ClickHouse.Schema;

/// <summary>Compares a table that exists with its declaration.</summary>
internal static class SchemaComparison
{
    public static void Compare(
        ExpectedTable expected,
        LiveTable live,
        IReadOnlyList<LiveColumn> columns,
        SchemaFill fill,
        bool replicated,
        List<SchemaDifference> differences)
    {
        CompareText(expected.Name, "engine", replicated ? "ReplicatedReplacingMergeTree" : "ReplacingMergeTree", live.Engine, differences);
        CompareText(expected.Name, "partition key", expected.PartitionKey, live.PartitionKey, differences);
        CompareText(expected.Name, "primary key", expected.PrimaryKey, live.PrimaryKey, differences);
        CompareText(expected.Name, "sorting key", expected.SortingKey, live.SortingKey, differences);
        if (expected.Happened is not null)
        {
            CompareText(expected.Name, "retention", fill.Ttl(expected.Name, expected.Happened) ?? "off", live.Ttl ?? "off", differences);
        }

        foreach (ExpectedColumn column in expected.Columns)
        {
            LiveColumn? found = columns.FirstOrDefault(candidate => candidate.Name == column.Name);
            if (found is null)
            {
                differences.Add(new SchemaDifference($"{expected.Name}.{column.Name}", $"the column is missing; expected {column.Type}."));
                continue;
            }

            string name = $"{expected.Name}.{column.Name}";
            CompareText(name, "type", column.Type, found.Type, differences);
            CompareText(name, "kind of default", column.Kind, found.Kind, differences);
            if (column.Kind == "DEFAULT")
            {
                CompareText(name, "default", column.Expression, found.Expression, differences);
            }
        }

        foreach (LiveColumn column in columns.Where(column => expected.Columns.All(candidate => candidate.Name != column.Name)))
        {
            differences.Add(new SchemaDifference(
                $"{expected.Name}.{column.Name}", $"the column ({column.Type}) is not in the schema files; the program leaves it alone."));
        }
    }

    private static void CompareText(string subject, string what, string expected, string found, List<SchemaDifference> differences)
    {
        if (expected != found)
        {
            differences.Add(new SchemaDifference(
                subject, $"expected the {what} '{expected}', found '{Throw.Excerpt(found)}'."));
        }
    }
}

namespace CfLogStream.ClickHouse.Schema;

/// <summary>Something in the database that is not as the schema files have it.</summary>
/// <param name="Subject">The table, view, or <c>table.column</c>; <c>schema</c> for the whole.</param>
/// <param name="Description">What is expected and what was found, in one sentence.</param>
public sealed record SchemaDifference(string Subject, string Description)
{
    public override string ToString() => $"{Subject}: {Description}";
}

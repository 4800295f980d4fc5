using CfLogStream.ClickHouse.Reading;

namespace CfLogStream.ClickHouse.Schema;

/// <summary>What a database really has: read from <c>system.tables</c> and <c>system.columns</c>.</summary>
internal sealed class LiveSchema
{
    private LiveSchema(IReadOnlyList<LiveTable> tables, IReadOnlyList<LiveColumn> columns)
    {
        Tables = tables.ToDictionary(table => table.Name, StringComparer.Ordinal);
        Columns = columns.ToLookup(column => column.Table, StringComparer.Ordinal);
    }

    public IReadOnlyDictionary<string, LiveTable> Tables { get; }

    public ILookup<string, LiveColumn> Columns { get; }

    public static async Task<LiveSchema> ReadAsync(Queries queries, string database, CancellationToken cancellationToken)
    {
        QueryParameters parameters = new QueryParameters().Add("database", database);
        IReadOnlyList<LiveTable> tables = await queries.ReadAsync(
            """
            SELECT name, engine, engine_full, partition_key, primary_key, sorting_key,
                if(as_select = '', '', formatQuerySingleLine(as_select)) AS query
            FROM system.tables WHERE database = {database:String}
            """,
            parameters,
            row => new LiveTable(
                row.GetString(0),
                row.GetString(1),
                row.GetString(2),
                row.GetString(3),
                row.GetString(4),
                row.GetString(5),
                row.GetString(6)),
            cancellationToken).ConfigureAwait(false);
        IReadOnlyList<LiveColumn> columns = await queries.ReadAsync(
            """
            SELECT table, name, type, default_kind, default_expression
            FROM system.columns WHERE database = {database:String} ORDER BY table, position
            """,
            parameters,
            row => new LiveColumn(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4)),
            cancellationToken).ConfigureAwait(false);
        return new LiveSchema(tables, columns);
    }
}

using System.Globalization;
using System.Reflection;
using CfLogStream.ClickHouse.Reading;

namespace CfLogStream.ClickHouse.Schema;

/// <summary>Applies, prints and compares the schema of the database.</summary>
/// <remarks>
/// Applied files are recorded in <c>schema_migrations</c> with their checksums. ClickHouse has no transactions over DDL, so every
/// statement may run again (IF NOT EXISTS, OR REPLACE) and files are recorded after the last statement of the last one: what broke off
/// runs again. Two programs may apply at the same time. A database that is up to date costs two queries.
/// </remarks>
public sealed class SchemaManager
{
    /// <summary>Statements on their way at the same time: their time is mostly the server's, and the way to it.</summary>
    private const int Concurrency = 4;

    private readonly Queries _queries;
    private readonly ClickHouseOptions _options;
    private readonly IReadOnlyList<Migration> _migrations;
    private readonly SchemaFill _fill;
    private readonly TimeProvider _time;

    public SchemaManager(ClickHouseConnection connection, RetentionOptions retention, TimeProvider time)
        : this(connection, retention, time, Migration.BuiltIn)
    {
    }

    internal SchemaManager(
        ClickHouseConnection connection, RetentionOptions retention, TimeProvider time, IReadOnlyList<Migration> migrations)
    {
        _queries = new Queries(connection);
        _options = connection.Options;
        _migrations = migrations;
        _time = time;
        _fill = new SchemaFill(_options.Database, _options.Cluster, retention);
    }

    /// <summary>Returns the whole schema as a script, without asking any server.</summary>
    public static string Print(string database, string? cluster, RetentionOptions retention)
    {
        var fill = new SchemaFill(database, cluster, retention);
        IEnumerable<string> statements = Migration.BuiltIn.SelectMany(
            migration => migration.Statements.Select(statement => fill.Fill(statement) + ";"));
        return string.Join("\n\n", statements) + "\n";
    }

    /// <summary>Brings the database to this program's schema and retention; doing it again changes nothing.</summary>
    /// <returns>The names of what was applied: migrations, and tables whose retention changed.</returns>
    /// <exception cref="SchemaException">The database has a newer schema, or one made from other files of the same number.</exception>
    public async Task<IReadOnlyList<string>> ApplyAsync(CancellationToken cancellationToken)
    {
        await CheckClusterAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlyDictionary<string, string> engines = await ReadEnginesAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlyList<Migration> pending = Pending(await ReadAppliedAsync(engines, cancellationToken).ConfigureAwait(false));
        foreach (string[] statements in pending.SelectMany(migration => migration.Batches).SelectMany(batch => batch.Chunk(Concurrency)))
        {
            await Task.WhenAll(statements.Select(statement => _queries.ExecuteAsync(_fill.Fill(statement), null, cancellationToken)))
                .ConfigureAwait(false);
        }

        List<string> done = [.. pending.Select(migration => migration.Name)];
        if (pending.Count > 0)
        {
            await RecordAsync(pending, cancellationToken).ConfigureAwait(false);
        }

        await ApplyRetentionAsync(engines, done, cancellationToken).ConfigureAwait(false);
        return done;
    }

    /// <summary>Whether what <see cref="ApplyAsync"/> did shows that the database is new, so that its tables are empty.</summary>
    /// <remarks>Rows are written only to a database whose files are recorded, the first of them included.</remarks>
    public static bool MadeDatabase(IReadOnlyList<string> applied) => applied.Contains(Migration.BuiltIn[0].Name);

    /// <summary>Returns the statements that <see cref="ApplyAsync"/> would run for the files that are not applied yet.</summary>
    public async Task<IReadOnlyList<string>> PrintPendingAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<Migration> pending = await PendingAsync(cancellationToken).ConfigureAwait(false);
        return [.. pending.SelectMany(migration => migration.Statements.Select(_fill.Fill))];
    }

    /// <summary>Returns what is missing or different in the database; nothing when it is as this program expects.</summary>
    public async Task<IReadOnlyList<SchemaDifference>> DiffAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<Migration> pending = await PendingAsync(cancellationToken).ConfigureAwait(false);
        List<SchemaDifference> differences =
        [
            .. pending.Select(migration => new SchemaDifference("schema", $"'{migration.Name}' is not applied.")),
        ];
        LiveSchema live = await LiveSchema.ReadAsync(_queries, _options.Database, cancellationToken).ConfigureAwait(false);
        foreach (ExpectedTable expected in Expected())
        {
            if (!live.Tables.TryGetValue(expected.Name, out LiveTable? table))
            {
                differences.Add(new SchemaDifference(expected.Name, $"the {(expected.Select is null ? "table" : "view")} is missing."));
            }
            else if (expected.Select is not null)
            {
                await CompareViewAsync(expected, table, differences, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                LiveColumn[] columns = [.. live.Columns[expected.Name]];
                SchemaComparison.Compare(expected, table, columns, _fill, _options.Cluster is not null, differences);
            }
        }

        return differences;
    }

    private IReadOnlyList<ExpectedTable> Expected() =>
        ExpectedTable.Read(_migrations.SelectMany(migration => migration.Statements));

    private async Task<IReadOnlyList<Migration>> PendingAsync(CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, string> engines = await ReadEnginesAsync(cancellationToken).ConfigureAwait(false);
        return Pending(await ReadAppliedAsync(engines, cancellationToken).ConfigureAwait(false));
    }

    private IReadOnlyList<Migration> Pending(IReadOnlyList<AppliedMigration> applied)
    {
        int newestKnown = _migrations[^1].Number;
        if (applied.Count > 0 && applied[^1].Number > newestKnown)
        {
            throw new SchemaException(
                $"The database '{_options.Database}' has schema {applied[^1].Number} ('{Throw.Excerpt(applied[^1].Name)}', applied by "
                + $"'{Throw.Excerpt(applied[^1].Program)}'), newer than {newestKnown}, the newest this program knows. "
                + "Use that program or a newer one.");
        }

        foreach (AppliedMigration record in applied)
        {
            Migration? migration = _migrations.FirstOrDefault(migration => migration.Number == record.Number);
            if (migration is null || migration.Checksum != record.Checksum)
            {
                throw new SchemaException(
                    $"The database '{_options.Database}' was made with a file '{Throw.Excerpt(record.Name)}' of checksum "
                    + $"'{Throw.Excerpt(record.Checksum)}', but this program has '{migration?.Name}' with '{migration?.Checksum}'. "
                    + "Applied files must not be edited: use the program that applied it, or a database of another name.");
            }
        }

        return [.. _migrations.Where(migration => applied.All(record => record.Number != migration.Number))];
    }

    /// <summary>Reads <c>engine_full</c> by table.</summary>
    private async Task<IReadOnlyDictionary<string, string>> ReadEnginesAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<(string Name, string Engine)> tables = await _queries.ReadAsync(
            "SELECT name, engine_full FROM system.tables WHERE database = {database:String}",
            new QueryParameters().Add("database", _options.Database),
            row => (row.GetString(0), row.GetString(1)),
            cancellationToken).ConfigureAwait(false);
        return tables.ToDictionary(table => table.Name, table => table.Engine, StringComparer.Ordinal);
    }

    private async Task<IReadOnlyList<AppliedMigration>> ReadAppliedAsync(
        IReadOnlyDictionary<string, string> engines, CancellationToken cancellationToken) =>
        !engines.ContainsKey("schema_migrations")
            ? []
            : await _queries.ReadAsync(
                $"SELECT toInt32(number), name, checksum, program FROM {_queries.Table("schema_migrations")} FINAL ORDER BY number",
                null,
                row => new AppliedMigration(row.GetInt32(0), row.GetString(1), row.GetString(2), row.GetString(3)),
                cancellationToken).ConfigureAwait(false);

    private Task RecordAsync(IReadOnlyList<Migration> migrations, CancellationToken cancellationToken)
    {
        string program = "cflogstream " + typeof(SchemaManager).Assembly
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        QueryParameters parameters = new QueryParameters()
            .Add("program", program)
            .Add("applied", _time.GetUtcNow().ToUnixTimeMilliseconds());
        var rows = new List<string>();
        foreach (Migration migration in migrations)
        {
            string i = migration.Number.ToString(CultureInfo.InvariantCulture);
            parameters.Add("number" + i, migration.Number).Add("name" + i, migration.Name).Add("checksum" + i, migration.Checksum);
            rows.Add(
                $"SELECT {{number{i}:UInt32}}, {{name{i}:String}}, {{checksum{i}:String}}, {{program:String}}, "
                + "fromUnixTimestamp64Milli({applied:Int64}), 1");
        }

        return _queries.ExecuteAsync(
            $"INSERT INTO {_queries.Table("schema_migrations")} (number, name, checksum, program, applied, version) "
            + string.Join(" UNION ALL ", rows),
            parameters,
            cancellationToken);
    }

    /// <summary>Brings the tables that were there before to the retention; the others were made with it.</summary>
    private async Task ApplyRetentionAsync(
        IReadOnlyDictionary<string, string> engines, List<string> done, CancellationToken cancellationToken)
    {
        foreach (ExpectedTable expected in Expected().Where(table => table.Happened is not null))
        {
            string? wanted = _fill.Ttl(expected.Name, expected.Happened!);
            if (!engines.TryGetValue(expected.Name, out string? engine) || LiveTable.TtlIn(engine) == wanted)
            {
                continue;
            }

            string change = wanted is null ? "REMOVE TTL" : $"MODIFY TTL {wanted}";
            await _queries.ExecuteAsync(
                $"ALTER TABLE {_queries.Table(expected.Name)}{_fill.OnCluster} {change}", null, cancellationToken).ConfigureAwait(false);
            done.Add(string.Create(CultureInfo.InvariantCulture, $"retention of {expected.Name}: {wanted ?? "off"}"));
        }
    }

    private async Task CompareViewAsync(
        ExpectedTable expected, LiveTable live, List<SchemaDifference> differences, CancellationToken cancellationToken)
    {
        string wanted = await _queries.ScalarAsync<string>(
            "SELECT formatQuerySingleLine({query:String})",
            new QueryParameters().Add("query", _fill.Fill(expected.Select!)),
            cancellationToken).ConfigureAwait(false);
        if (live.Select != wanted)
        {
            differences.Add(new SchemaDifference(expected.Name, "the view's query is not the one of the schema files."));
        }
    }

    private async Task CheckClusterAsync(CancellationToken cancellationToken)
    {
        if (_options.Cluster is not { } cluster)
        {
            return;
        }

        long shards = await _queries.ScalarAsync<long>(
            "SELECT toInt64(uniqExact(shard_num)) FROM system.clusters WHERE cluster = {cluster:String}",
            new QueryParameters().Add("cluster", cluster),
            cancellationToken).ConfigureAwait(false);
        if (shards != 1)
        {
            throw new SchemaException(
                $"The cluster '{cluster}' has {shards} shards as this server knows it; expected one shard with any number of replicas, "
                + "because all versions of a row must be in one place. Name a cluster of one shard in the ClickHouse options.");
        }
    }

    private sealed record AppliedMigration(int Number, string Name, string Checksum, string Program);
}

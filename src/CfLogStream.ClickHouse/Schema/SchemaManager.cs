using System.Globalization;
using System.Reflection;
using CfLogStream.ClickHouse.Reading;

namespace CfLogStream.ClickHouse.Schema;

/// <summary>Applies, prints and compares the schema of the database.</summary>
/// <remarks>
/// Applied files are recorded in <c>schema_migrations</c> with their checksums. ClickHouse has no transactions over DDL, so every
/// statement may run
/// again (IF NOT EXISTS, OR REPLACE) and a file is recorded after its last one. Two programs may apply at the same time.
/// </remarks>
public sealed class SchemaManager
{
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
        var done = new List<string>();
        foreach (Migration migration in await PendingAsync(cancellationToken).ConfigureAwait(false))
        {
            foreach (string statement in migration.Statements)
            {
                await _queries.ExecuteAsync(_fill.Fill(statement), null, cancellationToken).ConfigureAwait(false);
            }

            await RecordAsync(migration, cancellationToken).ConfigureAwait(false);
            done.Add(migration.Name);
        }

        await ApplyRetentionAsync(done, cancellationToken).ConfigureAwait(false);
        return done;
    }

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

    private IEnumerable<ExpectedTable> Expected() =>
        _migrations.SelectMany(migration => migration.Statements).Select(ExpectedTable.Parse).OfType<ExpectedTable>();

    private async Task<IReadOnlyList<Migration>> PendingAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<AppliedMigration> applied = await ReadAppliedAsync(cancellationToken).ConfigureAwait(false);
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

    private async Task<IReadOnlyList<AppliedMigration>> ReadAppliedAsync(CancellationToken cancellationToken)
    {
        long exists = await _queries.ScalarAsync<long>(
            "SELECT toInt64(count()) FROM system.tables WHERE database = {database:String} AND name = 'schema_migrations'",
            new QueryParameters().Add("database", _options.Database),
            cancellationToken).ConfigureAwait(false);
        return exists == 0
            ? []
            : await _queries.ReadAsync(
                $"SELECT toInt32(number), name, checksum, program FROM {_queries.Table("schema_migrations")} FINAL ORDER BY number",
                null,
                row => new AppliedMigration(row.GetInt32(0), row.GetString(1), row.GetString(2), row.GetString(3)),
                cancellationToken).ConfigureAwait(false);
    }

    private Task RecordAsync(Migration migration, CancellationToken cancellationToken)
    {
        string program = "cflogstream " + typeof(SchemaManager).Assembly
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        return _queries.ExecuteAsync(
            $"INSERT INTO {_queries.Table("schema_migrations")} (number, name, checksum, program, applied, version) "
            + "SELECT {number:UInt32}, {name:String}, {checksum:String}, {program:String}, fromUnixTimestamp64Milli({applied:Int64}), 1",
            new QueryParameters()
                .Add("number", migration.Number)
                .Add("name", migration.Name)
                .Add("checksum", migration.Checksum)
                .Add("program", program)
                .Add("applied", _time.GetUtcNow().ToUnixTimeMilliseconds()),
            cancellationToken);
    }

    private async Task ApplyRetentionAsync(List<string> done, CancellationToken cancellationToken)
    {
        LiveSchema live = await LiveSchema.ReadAsync(_queries, _options.Database, cancellationToken).ConfigureAwait(false);
        foreach (ExpectedTable expected in Expected().Where(table => table.Happened is not null))
        {
            string? wanted = _fill.Ttl(expected.Name, expected.Happened!);
            if (!live.Tables.TryGetValue(expected.Name, out LiveTable? table) || table.Ttl == wanted)
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

using CfLogStream.ClickHouse.Reading;
using CfLogStream.ClickHouse.Schema;
using CfLogStream.ClickHouse.Tests.Engine;

namespace CfLogStream.ClickHouse.Tests.Schema;

public sealed class SchemaManagerTests(ClickHouseServer server)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Apply_EmptyServer_MakesEverythingAndTheSecondTimeNothing()
    {
        await using var database = new TestDatabase(server.Connect(ClickHouseServer.NewName()));
        var manager = new SchemaManager(database.Connection, RetentionOptions.Off, TimeProvider.System);

        IReadOnlyList<string> pending = await manager.PrintPendingAsync(Cancel);
        IReadOnlyList<string> first = await manager.ApplyAsync(Cancel);
        IReadOnlyList<string> second = await manager.ApplyAsync(Cancel);

        string head = $"CREATE TABLE IF NOT EXISTS {database.Name}.requests_1m\n";
        Assert.Contains(pending, statement => statement.Contains(head, StringComparison.Ordinal));
        Assert.Equal(Migration.BuiltIn.Select(migration => migration.Name), first);
        Assert.True(SchemaManager.MadeDatabase(first));
        Assert.Empty(second);
        Assert.False(SchemaManager.MadeDatabase(second));
        Assert.Empty(await manager.PrintPendingAsync(Cancel));
    }

    [Fact]
    public async Task Apply_UpToDate_CostsTwoQueries()
    {
        await using TestDatabase database = await server.CreateDatabaseAsync();
        using var counter = new CountingHandler();
        using var connection = new ClickHouseConnection(new ClickHouseOptions { Endpoint = server.Endpoint, Database = database.Name }, counter);

        Assert.Empty(await new SchemaManager(connection, RetentionOptions.Off, TimeProvider.System).ApplyAsync(Cancel));

        Assert.Equal(2, counter.Requests);
    }

    [Fact]
    public void Migration_Batches_HoldTogetherOnlyWhatMayRunAtTheSameTime()
    {
        var migration = Migration.Parse(
            "0007_some.sql",
            """
            CREATE DATABASE IF NOT EXISTS a;
            -- CREATE TABLE in a comment
            CREATE TABLE IF NOT EXISTS a.b (x UInt8) ENGINE = Memory;
            CREATE TABLE IF NOT EXISTS a.c (x UInt8) ENGINE = Memory;
            ALTER TABLE a.b ADD COLUMN y UInt8;
            ALTER TABLE a.b ADD COLUMN z UInt8;
            CREATE TABLE IF NOT EXISTS a.d (x UInt8) ENGINE = Memory;
            CREATE OR REPLACE VIEW a.e AS SELECT 1;
            CREATE OR REPLACE VIEW a.f AS SELECT 2;
            """);

        Assert.Equal([1, 2, 1, 1, 1, 2], migration.Batches.Select(batch => batch.Count));
        Assert.Equal(migration.Statements, migration.Batches.SelectMany(batch => batch));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Diff_AfterApply_IsEmpty(bool retention)
    {
        RetentionOptions options = retention ? new RetentionOptions() : RetentionOptions.Off;
        await using TestDatabase database = await server.CreateDatabaseAsync(options);

        IReadOnlyList<SchemaDifference> differences =
            await new SchemaManager(database.Connection, options, TimeProvider.System).DiffAsync(Cancel);

        Assert.Empty(differences);
    }

    [Fact]
    public async Task Diff_NothingApplied_NamesFilesAndTables()
    {
        await using var database = new TestDatabase(server.Connect(ClickHouseServer.NewName()));

        IReadOnlyList<SchemaDifference> differences =
            await new SchemaManager(database.Connection, RetentionOptions.Off, TimeProvider.System).DiffAsync(Cancel);

        Assert.Contains(new SchemaDifference("schema", "'0001_aggregates' is not applied."), differences);
        Assert.Contains(new SchemaDifference("requests", "the table is missing."), differences);
        Assert.Contains(new SchemaDifference("top_rules", "the view is missing."), differences);
    }

    [Fact]
    public async Task Diff_DriftedDatabase_SaysWhatDiffers()
    {
        await using TestDatabase database = await server.CreateDatabaseAsync();
        string name = database.Name;
        await database.Queries.ExecuteAsync($"ALTER TABLE {name}.requests_1m ADD COLUMN tenant String", null, Cancel);
        await database.Queries.ExecuteAsync($"ALTER TABLE {name}.requests_1m DROP COLUMN preflights", null, Cancel);
        await database.Queries.ExecuteAsync($"ALTER TABLE {name}.requests MODIFY COLUMN subrequests UInt64", null, Cancel);
        await database.Queries.ExecuteAsync($"ALTER TABLE {name}.quality_1m MODIFY TTL window + toIntervalDay(3)", null, Cancel);
        await database.Queries.ExecuteAsync($"CREATE OR REPLACE VIEW {name}.data_quality AS SELECT 1 AS one", null, Cancel);
        await database.Queries.ExecuteAsync($"DROP TABLE {name}.rules", null, Cancel);

        IReadOnlyList<SchemaDifference> differences =
            await new SchemaManager(database.Connection, RetentionOptions.Off, TimeProvider.System).DiffAsync(Cancel);

        Assert.Equal(
            [
                "data_quality: the view's query is not the one of the schema files.",
                "quality_1m: expected the retention 'off', found 'window + toIntervalDay(3)'.",
                "requests.subrequests: expected the type 'UInt32', found 'UInt64'.",
                "requests_1m.preflights: the column is missing; expected UInt64.",
                "requests_1m.tenant: the column (String) is not in the schema files; the program leaves it alone.",
                "rules: the table is missing.",
            ],
            differences.Select(difference => difference.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Apply_NewerSchema_Refuses()
    {
        await using TestDatabase database = await server.CreateDatabaseAsync();
        await database.Queries.ExecuteAsync(
            $"INSERT INTO {database.Name}.schema_migrations (number, name, checksum, program, version) "
            + "SELECT 99, '0099_later', 'x', 'cflogstream 9', 1",
            null,
            Cancel);

        SchemaException refusal = await Assert.ThrowsAsync<SchemaException>(
            () => new SchemaManager(database.Connection, RetentionOptions.Off, TimeProvider.System).ApplyAsync(Cancel));

        Assert.Equal(
            $"The database '{database.Name}' has schema 99 ('0099_later', applied by 'cflogstream 9'), newer than 9, the newest "
            + "this program knows. Use that program or a newer one.",
            refusal.Message);
    }

    [Fact]
    public async Task Apply_EditedFile_Refuses()
    {
        await using TestDatabase database = await server.CreateDatabaseAsync();
        Migration[] edited =
        [
            .. Migration.BuiltIn.Select(migration =>
                migration.Number == 2 ? Migration.Parse(migration.Name + ".sql", migration.Text + "\n-- edited\n") : migration),
        ];

        SchemaException refusal = await Assert.ThrowsAsync<SchemaException>(
            () => new SchemaManager(database.Connection, RetentionOptions.Off, TimeProvider.System, edited).DiffAsync(Cancel));

        Assert.Equal(
            $"The database '{database.Name}' was made with a file '0002_requests' of checksum '{Migration.BuiltIn[2].Checksum}', but this "
            + $"program has '0002_requests' with '{edited[2].Checksum}'. Applied files must not be edited: use the program that applied "
            + "it, or a database of another name.",
            refusal.Message);
    }

    [Fact]
    public async Task Apply_BrokenOffBefore_GoesOn()
    {
        await using TestDatabase database = await server.CreateDatabaseAsync();
        await database.Queries.ExecuteAsync($"DELETE FROM {database.Name}.schema_migrations WHERE number >= 2", null, Cancel);
        await database.Queries.ExecuteAsync($"DROP TABLE {database.Name}.dead_letters", null, Cancel);
        var manager = new SchemaManager(database.Connection, RetentionOptions.Off, TimeProvider.System);

        IReadOnlyList<string> applied = await manager.ApplyAsync(Cancel);

        Assert.Equal(["0002_requests", "0003_operations", "0004_views", "0005_log", "0006_replay", "0007_objects", "0009_early"], applied);
        Assert.Empty(await manager.DiffAsync(Cancel));
    }

    [Fact]
    public async Task Apply_OtherRetention_ChangesOnlyIt()
    {
        await using TestDatabase database = await server.CreateDatabaseAsync();
        var shorter = new RetentionOptions { Requests = 7 };
        RetentionOptions onlyRequests = RetentionOptions.Off with { Requests = 7 };

        IReadOnlyList<string> on = await new SchemaManager(database.Connection, shorter, TimeProvider.System).ApplyAsync(Cancel);
        IReadOnlyList<string> off = await new SchemaManager(database.Connection, onlyRequests, TimeProvider.System).ApplyAsync(Cancel);

        Assert.Contains("retention of requests: toDateTime(time, 'UTC') + toIntervalDay(7)", on);
        Assert.Contains("retention of requests_1m: window + toIntervalDay(90)", on);
        Assert.Contains("retention of requests_1m: off", off);
        Assert.DoesNotContain(off, change => change.StartsWith("retention of requests:", StringComparison.Ordinal));
        Assert.Empty(await new SchemaManager(database.Connection, onlyRequests, TimeProvider.System).DiffAsync(Cancel));
    }

    [Fact]
    public async Task Retention_Off_KeepsOldRowsAndTimelessOnesStayWhenOn()
    {
        await using TestDatabase database = await server.CreateDatabaseAsync();
        string table = $"{database.Name}.quality_1m";
        foreach (string window in (string[])["toDateTime('2020-01-01 00:00:00', 'UTC')", "toDateTime(0, 'UTC')"])
        {
            await database.Queries.ExecuteAsync($"INSERT INTO {table} (window, received, version) SELECT {window}, 1, 1", null, Cancel);
        }

        await database.Queries.ExecuteAsync($"OPTIMIZE TABLE {table} FINAL", null, Cancel);
        long kept = await database.Queries.ScalarAsync<long>($"SELECT toInt64(count()) FROM {table}", null, Cancel);

        await new SchemaManager(database.Connection, new RetentionOptions(), TimeProvider.System).ApplyAsync(Cancel);
        await database.Queries.ExecuteAsync($"OPTIMIZE TABLE {table} FINAL", null, Cancel);
        IReadOnlyList<long> left = await database.Queries.ReadAsync(
            $"SELECT toInt64(toUnixTimestamp(window)) FROM {table}", null, row => row.GetInt64(0), Cancel);

        Assert.Equal(2, kept);
        Assert.Equal([0], left);
    }

    [Fact]
    public async Task Apply_UnknownCluster_Refuses()
    {
        using var connection = new ClickHouseConnection(new ClickHouseOptions { Endpoint = server.Endpoint, Cluster = "no_such_cluster" });

        SchemaException refusal = await Assert.ThrowsAsync<SchemaException>(
            () => new SchemaManager(connection, RetentionOptions.Off, TimeProvider.System).ApplyAsync(Cancel));

        Assert.Equal(
            "The cluster 'no_such_cluster' has 0 shards as this server knows it; expected one shard with any number of replicas, because "
            + "all versions of a row must be in one place. Name a cluster of one shard in the ClickHouse options.",
            refusal.Message);
    }

    [Fact]
    public void Print_Cluster_UsesReplicatedEnginesAndOnClusterEverywhere()
    {
        string script = SchemaManager.Print("logs", "main", new RetentionOptions());

        Assert.DoesNotContain("${", script, StringComparison.Ordinal);
        Assert.Contains("CREATE DATABASE IF NOT EXISTS logs ON CLUSTER main;", script, StringComparison.Ordinal);
        Assert.Contains("TTL window + toIntervalDay(90)\n", script, StringComparison.Ordinal);
        foreach (string line in script.Split('\n'))
        {
            if (line.StartsWith("CREATE", StringComparison.Ordinal) || line.StartsWith("ALTER", StringComparison.Ordinal))
            {
                Assert.Contains(" ON CLUSTER main", line, StringComparison.Ordinal);
            }

            if (line.StartsWith("ENGINE", StringComparison.Ordinal))
            {
                Assert.Equal(
                    "ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', version)", line);
            }
        }
    }

    [Fact]
    public async Task Print_Cluster_IsSqlThatTheEngineParses()
    {
        using ClickHouseConnection connection = server.Connect();
        var queries = new Queries(connection);

        foreach (string statement in SchemaManager.Print("logs", "main", new RetentionOptions()).Split(";\n\n"))
        {
            string formatted = await queries.ScalarAsync<string>(
                "SELECT formatQuerySingleLine({query:String})", new QueryParameters().Add("query", statement.TrimEnd('\n', ';')), Cancel);
            Assert.Matches("^(CREATE|ALTER) ", formatted);
        }
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("a`; DROP DATABASE b")]
    [InlineData("")]
    public void Print_BadDatabaseName_Throws(string name) =>
        Assert.Throws<ArgumentException>(() => SchemaManager.Print(name, null, RetentionOptions.Off));
}

using CfLogStream.ClickHouse;
using CfLogStream.ClickHouse.Reading;
using CfLogStream.ClickHouse.Schema;
using CfLogStream.EndToEnd.Tests.Executable;
using CfLogStream.EndToEnd.Tests.Receiving;
using CfLogStream.EndToEnd.Tests.Support;
using CfLogStream.Server.Storage;

namespace CfLogStream.EndToEnd.Tests.Backup;

/// <summary>A data folder of an earlier version is opened and goes on; one of a later version is refused before anything of it is touched.</summary>
public sealed class UpgradeTests
{
    /// <summary>The schema of the first version that could keep a log on one machine.</summary>
    private const int Earliest = 5;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(40);

    [Fact]
    public async Task Serve_OnAFolderOfAnEarlierSchema_KeepsAllNumbersAndGoesOn()
    {
        await using StandalonePlace place = StandalonePlace.Make(null);
        IReadOnlyList<byte[]> uploads = await place.GenerateAsync("custom-rule-hits-api", 61, 5_000);
        place.Serve();
        int half = uploads.Count / 2;
        foreach (byte[] upload in uploads.Take(half))
        {
            await place.SendAsync(upload);
        }

        await UntilAsync(async () => await CountAsync(place.Queries) is var counts && counts["requests_1m"] > 0 && counts["progress"] == 4);
        place.Service.Terminate();
        Assert.Equal(0, await place.Service.WaitAsync(s_limit));
        Dictionary<string, long> before = await AgeAsync(place);
        Assert.All(new[] { "requests_1m", "mitigations_1m", "requests", "progress", "batches" }, table => Assert.NotEqual(0, before[table]));
        File.Delete(Path.Combine(place.Data, DataFolderMarker.FileName));

        place.Serve();
        await place.Service.UntilSaidAsync("The role process reads");
        Dictionary<string, long> after = await CountAsync(place.Queries);
        Assert.All(before.Where(table => table.Key != "schema_migrations"), table => Assert.True(
            after[table.Key] >= table.Value, $"{table.Key} had {table.Value} rows and has {after[table.Key]}"));
        Assert.Equal(DataFolderMarker.NewestSchema, DataFolderMarker.Read(place.Data).Schema);
        Assert.Empty(await new SchemaManager(place.Connection, Retention, TimeProvider.System).DiffAsync(Ct));
        foreach (byte[] upload in uploads.Skip(half - 5))
        {
            await place.SendAsync(upload);
        }

        await place.CloseAsync();
        await place.ExpectOracleAsync();
        Assert.Equal(0, place.Service.Said("are lost"));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"schema {Earliest} to {DataFolderMarker.NewestSchema}: {string.Join(", ", before.Select(table => $"{table.Key} {table.Value}"))}");
    }

    [Fact]
    public async Task Serve_OnAFolderOfALaterVersion_IsRefusedBeforeAnUploadIsTaken()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.Combine("cflogstream-data"));
        await File.WriteAllTextAsync(
            folder.Combine("cflogstream-data/" + DataFolderMarker.FileName), """{"format":1,"schema":9999,"program":"cflogstream 9.9"}""", Ct);

        await File.WriteAllTextAsync(folder.Combine("config.yaml"), "receiver: {listen: 127.0.0.1:0}\nmetrics: {listen: ''}\n", Ct);
        foreach (string[] command in new[] { new[] { "serve" }, ["ray", "0123456789abcdef"], ["backup", "--out", "b.tar"] })
        {
            Directory.CreateDirectory(folder.Combine("cflogstream-data/engine"));
            CommandResult result = await ProgramProcess.RunAsync(folder.Path, [.. command, "--config", "config.yaml"]);

            Assert.Equal(1, result.ExitCode);
            Assert.Contains(
                $"has schema 9999, newer than {DataFolderMarker.NewestSchema}, the newest this program knows. It was last used by 'cflogstream 9.9'. Use that "
                + "program or a newer one",
                result.Stderr,
                StringComparison.Ordinal);
            Assert.DoesNotContain("Taking Logpush uploads", result.Stderr, StringComparison.Ordinal);
            Assert.Equal(
                [DataFolderMarker.FileName, "engine"],
                Directory.GetFileSystemEntries(folder.Combine("cflogstream-data")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        }
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static RetentionOptions Retention => Store.Retention(new());

    /// <summary>Lets the folder have the schema of an earlier version, with all rows that it can hold. Returns the rows of each table.</summary>
    private static async Task<Dictionary<string, long>> AgeAsync(StandalonePlace place)
    {
        string folder = Path.Combine(place.Folder, "helper");
        string config = Path.Combine(place.Folder, "helper.yaml");
        string text = await File.ReadAllTextAsync(place.Config, Ct);
        await File.WriteAllTextAsync(config, text.Replace("database: cflogstream", "database: unused", StringComparison.Ordinal), Ct);
        Directory.Move(Path.Combine(place.Data, "spool"), folder);
        try
        {
            // A service that works on other tables and another spool, for its ClickHouse alone.
            await using Log.ServiceProcess service = Log.ServiceProcess.Start(place.Folder, config, "ingest,process");
            await service.UntilSaidAsync("The role process reads");
            await place.Queries.ExecuteAsync("RENAME DATABASE cflogstream TO later", null, Ct);
            using var connection = new ClickHouseConnection(new ClickHouseOptions { Endpoint = place.Connection.Options.Endpoint });
            await new SchemaManager(connection, Retention, TimeProvider.System, [.. Migration.BuiltIn.Where(file => file.Number <= Earliest)])
                .ApplyAsync(Ct);
            foreach (string table in (await CountAsync(place.Queries)).Keys.Where(table => table != "schema_migrations"))
            {
                string columns = await place.Queries.ScalarAsync<string>(
                    $"SELECT arrayStringConcat(groupArray(name), ', ') FROM system.columns WHERE database = 'cflogstream' AND table = '{table}' "
                    + "AND default_kind NOT IN ('ALIAS', 'MATERIALIZED', 'EPHEMERAL')",
                    null,
                    Ct);
                await place.Queries.ExecuteAsync($"INSERT INTO cflogstream.{table} ({columns}) SELECT {columns} FROM later.{table}", null, Ct);
            }

            await place.Queries.ExecuteAsync("DROP DATABASE later SYNC", null, Ct);
            await place.Queries.ExecuteAsync("DROP DATABASE unused SYNC", null, Ct);
            Dictionary<string, long> counts = await CountAsync(place.Queries);
            service.Kill();
            await service.WaitAsync(s_limit);
            return counts;
        }
        finally
        {
            Directory.Delete(Path.Combine(place.Data, "spool"), recursive: true);
            Directory.Move(folder, Path.Combine(place.Data, "spool"));
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                if (await isSo())
                {
                    return;
                }
            }
            catch (Exception problem) when (problem is not OperationCanceledException && TimeProvider.System.GetElapsedTime(started) < s_limit)
            {
                // The service is not there yet.
            }

            Assert.True(TimeProvider.System.GetElapsedTime(started) < s_limit, "It did not come to that.");
            await Task.Delay(100, Ct);
        }
    }

    private static async Task<Dictionary<string, long>> CountAsync(Queries queries)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (string table in await queries.ReadAsync(
            "SELECT name FROM system.tables WHERE database = 'cflogstream' AND engine LIKE '%MergeTree' ORDER BY name", null, row => row.GetString(0), Ct))
        {
            counts[table] = await queries.ScalarAsync<long>($"SELECT toInt64(count()) FROM cflogstream.{table} FINAL", null, Ct);
        }

        return counts;
    }
}

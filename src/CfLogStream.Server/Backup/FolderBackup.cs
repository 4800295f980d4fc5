using CfLogStream.ClickHouse;
using CfLogStream.ClickHouse.Embedded;
using CfLogStream.ClickHouse.Reading;
using CfLogStream.Server.Spool;
using CfLogStream.Server.Storage;

namespace CfLogStream.Server.Backup;

/// <summary>Makes backups of a data folder: of one that nobody uses, or of one that a service works on.</summary>
/// <remarks>
/// <para>While a service works, the table <c>progress</c> is frozen first, then the other tables, then the spool is copied to its end; the
/// service removes nothing from the spool meanwhile. So the copy has every message that its progress asks for, and its tables have at
/// least what its progress covers. Rows beyond it are written again by whoever goes on, with the same keys, versions and values: it is
/// the state of a service that was killed.</para>
/// <para>ClickHouse freezes a table by links to its files, which never change once written.</para>
/// </remarks>
public static class FolderBackup
{
    private const string Frozen = "cflogstream_backup";
    private const string First = "progress";

    private static readonly TimeSpan s_wait = TimeSpan.FromSeconds(5);

    /// <summary>Makes a backup.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="path">The file to write.</param>
    /// <param name="service">The ClickHouse interface of a service that may be working on the folder; null when it has none.</param>
    /// <exception cref="BackupException">It cannot be made; nothing is left of it.</exception>
    public static async Task<BackupManifest> MakeAsync(string folder, string path, Uri? service, TimeProvider time, CancellationToken ct)
    {
        folder = Path.GetFullPath(folder);
        path = Path.GetFullPath(path);
        if (!Directory.Exists(Path.Combine(folder, BackupLayout.Engine)) && !Directory.Exists(Path.Combine(folder, BackupLayout.Spool)))
        {
            throw new BackupException($"'{folder}' is no data folder: it has neither '{BackupLayout.Engine}' nor '{BackupLayout.Spool}'. "
                + "Name the folder with '--data DIR'.");
        }

        if (path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new BackupException($"The backup '{path}' would be inside the data folder '{folder}'. Name a file elsewhere, best on another disk.");
        }

        try
        {
            DataFolderMarker.Check(folder);
            using FileStream alone = SpoolHold.TryTake(folder)
                ?? throw new BackupException($"Another backup of '{folder}' is being made. Wait for it.");
            using IDisposable? stopped = TryStopped(folder);
            if (stopped is not null)
            {
                return await StoppedAsync(folder, path, time, ct).ConfigureAwait(false);
            }

            return service is not null
                ? await RunningAsync(folder, path, service, time, ct).ConfigureAwait(false)
                : throw new BackupException($"A service works on '{folder}' and its ClickHouse has no address. Stop it, or give its address with '--service URL'.");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            throw new BackupException($"The backup '{path}' cannot be made: {problem.Message} The data folder is as it was.", problem);
        }
    }

    private static BackupHead Head(string folder, bool isOnline, TimeProvider time)
    {
        DataFolderMarker marker = DataFolderMarker.Read(folder);
        return new BackupHead
        {
            Program = DataFolderMarker.ThisProgram,
            Created = time.GetUtcNow(),
            FolderFormat = marker.Format,
            Schema = marker.Schema,
            IsOnline = isOnline,
        };
    }

    /// <summary>Locks a folder that nobody uses; null when somebody does.</summary>
    private static IDisposable? TryStopped(string folder)
    {
        DataFolderHold? engine = null;
        try
        {
            engine = DataFolderHold.Take(folder);
            string spool = Path.Combine(folder, BackupLayout.Spool);
            return Directory.Exists(spool) ? new Both(engine, SpoolLog.Hold(spool)) : engine;
        }
        catch (InvalidOperationException)
        {
            engine?.Dispose();
            return null;
        }
    }

    private static async Task<BackupManifest> StoppedAsync(string folder, string path, TimeProvider time, CancellationToken ct)
    {
        BackupWriter writer = await BackupWriter.BeginAsync(path, Head(folder, isOnline: false, time), ct).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            var content = new BackupContent();
            content.AddTree(folder, "");
            await writer.AddAsync(content, ct).ConfigureAwait(false);
            return await writer.FinishAsync(ct).ConfigureAwait(false);
        }
    }

    private static async Task<BackupManifest> RunningAsync(string folder, string path, Uri service, TimeProvider time, CancellationToken ct)
    {
        string frozen = Path.Combine(folder, BackupLayout.Engine, "shadow", Frozen);
        using var connection = new ClickHouseConnection(new ClickHouseOptions { Endpoint = service });
        var queries = new Queries(connection);
        await CheckServiceAsync(queries, folder, service, ct).ConfigureAwait(false);
        RemoveFrozen(frozen);
        try
        {
            BackupWriter writer = await BackupWriter.BeginAsync(path, Head(folder, isOnline: true, time), ct).ConfigureAwait(false);
            await using (writer.ConfigureAwait(false))
            {
                string spool = Path.Combine(folder, BackupLayout.Spool);
                using (FileStream? hold = Directory.Exists(spool) ? await HoldSpoolAsync(spool, time, ct).ConfigureAwait(false) : null)
                {
                    await FreezeAsync(queries, ct).ConfigureAwait(false);
                    if (hold is not null)
                    {
                        var log = new BackupContent();
                        log.AddTree(folder, BackupLayout.Spool);
                        await writer.AddAsync(log, ct).ConfigureAwait(false);
                    }
                }

                await writer.AddAsync(Tables(folder, frozen), ct).ConfigureAwait(false);
                return await writer.FinishAsync(ct).ConfigureAwait(false);
            }
        }
        finally
        {
            RemoveFrozen(frozen);
        }
    }

    /// <summary>Sees that the service works on this folder and no other.</summary>
    private static async Task CheckServiceAsync(Queries queries, string folder, Uri service, CancellationToken ct)
    {
        string found;
        try
        {
            found = await queries.ScalarAsync<string>("SELECT path FROM system.disks WHERE name = 'default'", null, ct).ConfigureAwait(false);
        }
        catch (Exception problem) when (problem is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            throw new BackupException(
                $"A process works on '{folder}', but no ClickHouse answers at '{service}': {problem.Message} Stop that process, or give the "
                + "address of its ClickHouse with '--service URL'.",
                problem);
        }

        string engine = Path.Combine(folder, BackupLayout.Engine);
        if (Real(found) != Real(engine))
        {
            throw new BackupException($"The service at '{service}' works on '{found}', not on '{engine}'. Give the address of the right one with "
                + "'--service URL', or its folder with '--data DIR'.");
        }
    }

    private static string Real(string folder) =>
        (Directory.Exists(folder) ? new DirectoryInfo(folder).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder : folder).TrimEnd('/');

    private static async Task<FileStream> HoldSpoolAsync(string spool, TimeProvider time, CancellationToken ct)
    {
        long started = time.GetTimestamp();
        while (true)
        {
            if (SpoolHold.TryTake(spool) is { } hold)
            {
                return hold;
            }

            // The service looks at the lock for a moment.
            if (time.GetElapsedTime(started) > s_wait)
            {
                throw new BackupException($"Another backup of the spool '{spool}' is being made. Wait for it.");
            }

            await Task.Delay(10, ct).ConfigureAwait(false);
        }
    }

    private static async Task FreezeAsync(Queries queries, CancellationToken ct)
    {
        try
        {
            IReadOnlyList<(string Database, string Table)> tables = await queries.ReadAsync(
                "SELECT database, name FROM system.tables WHERE engine LIKE '%MergeTree' "
                + "AND database NOT IN ('system', 'INFORMATION_SCHEMA', 'information_schema') ORDER BY database, name",
                null,
                static row => (row.GetString(0), row.GetString(1)),
                ct).ConfigureAwait(false);
            foreach ((string database, string table) in tables.OrderBy(static table => table.Table == First ? 0 : 1))
            {
                await queries.ExecuteAsync(
                    $"ALTER TABLE {Quoted(database)}.{Quoted(table)} FREEZE WITH NAME '{Frozen}'", null, ct).ConfigureAwait(false);
            }
        }
        catch (Exception problem) when (problem is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            throw new BackupException($"The service cannot freeze its tables: {problem.Message} Nothing was changed; try again.", problem);
        }
    }

    private static string Quoted(string name) =>
        "`" + name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("`", "\\`", StringComparison.Ordinal) + "`";

    /// <summary>The frozen parts in their tables' places, and what describes the tables.</summary>
    private static BackupContent Tables(string folder, string frozen)
    {
        var content = new BackupContent();
        string marker = Path.Combine(folder, DataFolderMarker.FileName);
        if (File.Exists(marker))
        {
            content.AddFile(DataFolderMarker.FileName, marker);
        }

        var described = new BackupContent();
        described.AddTree(folder, BackupLayout.Engine, static path => path.Split('/').Length <= 4);
        foreach ((string path, string file) in described.Files.Where(static file => Path.GetExtension(file.Path) is ".sql" || Path.GetFileName(file.Path) is "format_version.txt"))
        {
            content.AddFile(path, file);
        }

        string store = Path.Combine(frozen, "store");
        if (Directory.Exists(store))
        {
            var parts = new BackupContent();
            parts.AddTree(frozen, "store");
            foreach ((string path, string file) in parts.Files)
            {
                content.AddFile(BackupLayout.Engine + "/" + path, file);
            }
        }

        return content;
    }

    private static void RemoveFrozen(string frozen)
    {
        if (Directory.Exists(frozen))
        {
            Directory.Delete(frozen, recursive: true);
        }
    }

    private sealed class Both(IDisposable first, IDisposable second) : IDisposable
    {
        public void Dispose()
        {
            second.Dispose();
            first.Dispose();
        }
    }
}

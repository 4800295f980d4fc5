using CfLogStream.ClickHouse.Embedded;
using CfLogStream.Server.Spool;
using CfLogStream.Server.Storage;

namespace CfLogStream.Server.Backup;

/// <summary>Restores a backup into an empty data folder.</summary>
/// <remarks>
/// Files are written into a folder inside, which no program opens a data folder with; when all of them are there, checked and on disk, they
/// are moved to their places and that folder is removed. So a restore that was killed is seen, and is begun anew by the next one.
/// </remarks>
public static class FolderRestore
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // What may stand in a folder that counts as empty.
    private static readonly string[] s_nothing = [BackupLayout.Lock, BackupLayout.Pid, "lost+found"];

    /// <summary>Reads a backup to its end and checks it; changes nothing.</summary>
    /// <exception cref="BackupException">It cannot be used.</exception>
    public static Task<BackupManifest> CheckAsync(string path, CancellationToken ct) => BackupReader.ReadAsync(path, null, ct);

    /// <summary>Restores a backup.</summary>
    /// <param name="path">The backup.</param>
    /// <param name="folder">The data folder: empty, or not there.</param>
    /// <exception cref="BackupException">It cannot be restored; the folder is as it was.</exception>
    public static async Task<BackupManifest> RestoreAsync(string path, string folder, CancellationToken ct)
    {
        folder = Path.GetFullPath(folder);
        try
        {
            CheckEmpty(folder);
            using var hold = DataFolderHold.Take(folder);
            CheckEmpty(folder);
            Clear(folder);
            string unfinished = Path.Combine(folder, DataFolderMarker.UnfinishedRestore);
            MakeFolder(unfinished);
            FolderSync.Flush(folder);
            BackupManifest manifest;
            try
            {
                manifest = await BackupReader.ReadAsync(path, (inside, isFolder) => Create(unfinished, inside, isFolder), ct).ConfigureAwait(false);
            }
            catch
            {
                Directory.Delete(unfinished, recursive: true);
                throw;
            }

            Settle(folder, unfinished);
            return manifest;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            throw new BackupException($"The backup '{path}' cannot be restored into '{folder}': {problem.Message}", problem);
        }
    }

    /// <summary>Refuses a folder with anything in it, but for what an earlier restore has left.</summary>
    private static void CheckEmpty(string folder)
    {
        if (!Directory.Exists(folder) || Directory.Exists(Path.Combine(folder, DataFolderMarker.UnfinishedRestore)))
        {
            return;
        }

        if (Others(folder).FirstOrDefault() is { } other)
        {
            throw new BackupException($"The folder '{folder}' is not empty: it has '{other.Name}'. A backup is restored into an empty folder only; "
                + "name another one with '--data DIR'.");
        }
    }

    /// <summary>Removes what an earlier restore has left: it found the folder empty, and no program opens it before it is finished.</summary>
    private static void Clear(string folder)
    {
        string unfinished = Path.Combine(folder, DataFolderMarker.UnfinishedRestore);
        if (!Directory.Exists(unfinished))
        {
            return;
        }

        foreach (FileSystemInfo left in Others(folder).Where(left => left.Name != DataFolderMarker.UnfinishedRestore))
        {
            Remove(left);
        }

        Directory.Delete(unfinished, recursive: true);
    }

    private static List<FileSystemInfo> Others(string folder) =>
        [.. new DirectoryInfo(folder).EnumerateFileSystemInfos().Where(static entry => !s_nothing.Contains(entry.Name, StringComparer.Ordinal))];

    private static void Remove(FileSystemInfo entry)
    {
        if (entry is DirectoryInfo { LinkTarget: null } tree)
        {
            tree.Delete(recursive: true);
        }
        else
        {
            entry.Delete();
        }
    }

    private static Stream Create(string root, string inside, bool isFolder)
    {
        string path = Path.Combine(root, inside);
        if (isFolder)
        {
            MakeFolder(path);
            return Stream.Null;
        }

        MakeFolder(Path.GetDirectoryName(path)!);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return new FileStream(path, options);
    }

    private static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
        }
    }

    private static void Settle(string folder, string unfinished)
    {
        foreach (string tree in Directory.EnumerateDirectories(unfinished, "*", SearchOption.AllDirectories).Append(unfinished))
        {
            FolderSync.Flush(tree);
        }

        foreach (FileSystemInfo entry in new DirectoryInfo(unfinished).EnumerateFileSystemInfos())
        {
            string target = Path.Combine(folder, entry.Name);
            if (entry is DirectoryInfo)
            {
                Directory.Move(entry.FullName, target);
            }
            else
            {
                File.Move(entry.FullName, target);
            }
        }

        FolderSync.Flush(folder);
        Directory.Delete(unfinished);
        FolderSync.Flush(folder);
    }
}

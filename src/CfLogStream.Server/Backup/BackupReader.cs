using System.Formats.Tar;
using System.Text.Json;
using CfLogStream.Server.Storage;

namespace CfLogStream.Server.Backup;

/// <summary>Reads a backup from its beginning to its end and checks all of it.</summary>
internal sealed class BackupReader
{
    private const int BufferBytes = 1 << 20;

    private readonly string _path;
    private readonly Func<string, bool, Stream>? _create;
    private readonly List<string> _folders = [];
    private readonly List<BackupFile> _files = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private BackupHead? _head;
    private BackupManifest? _manifest;
    private string _last = "its beginning";

    private BackupReader(string path, Func<string, bool, Stream>? create)
    {
        _path = path;
        _create = create;
    }

    /// <summary>Reads a backup.</summary>
    /// <param name="create">Makes a folder (true) or a file (false) of the data folder, for what the backup has of it; null to look only.
    /// Paths it gets are inside the data folder, and each comes once.</param>
    /// <exception cref="BackupException">It is none, or is damaged or unfinished, or is too new for this program.</exception>
    public static async Task<BackupManifest> ReadAsync(string path, Func<string, bool, Stream>? create, CancellationToken ct)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, FileOptions.SequentialScan);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new BackupException($"The backup '{path}' cannot be read: {problem.Message}", problem);
        }

        await using (file.ConfigureAwait(false))
        {
            return await new BackupReader(path, create).ReadAsync(file, ct).ConfigureAwait(false);
        }
    }

    private async Task<BackupManifest> ReadAsync(FileStream file, CancellationToken ct)
    {
        var tar = new TarReader(file, leaveOpen: true);
        await using (tar.ConfigureAwait(false))
        {
            while (await NextAsync(tar, ct).ConfigureAwait(false) is { } entry)
            {
                await TakeAsync(entry, ct).ConfigureAwait(false);
                _last = $"'{entry.Name}'";
            }
        }

        if (_manifest is not { } manifest)
        {
            throw Damaged(_head is null
                ? "it is not a backup of cflogstream"
                : $"it ends after {_last}, without '{BackupLayout.Manifest}': it was not finished, or is cut off");
        }

        Compare(manifest);
        return manifest;
    }

    private async Task<TarEntry?> NextAsync(TarReader tar, CancellationToken ct)
    {
        try
        {
            return await tar.GetNextEntryAsync(copyData: false, ct).ConfigureAwait(false);
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            // Whatever the archive's reader stumbles over: the archive is not as it was written.
            throw Damaged(_head is null ? "it is not a backup of cflogstream" : $"what follows {_last} is no entry ({problem.Message})", problem);
        }
    }

    private async Task TakeAsync(TarEntry entry, CancellationToken ct)
    {
        if (_manifest is not null)
        {
            throw Damaged($"the entry '{entry.Name}' stands behind its end");
        }

        if (_head is null)
        {
            if (entry.Name != BackupLayout.Head)
            {
                throw Damaged("it is not a backup of cflogstream");
            }

            _head = await JsonAsync(entry, BackupJson.ReadHead, ct).ConfigureAwait(false);
            CheckVersions(_head);
        }
        else if (entry.Name == BackupLayout.Manifest)
        {
            _manifest = await JsonAsync(entry, BackupJson.ReadManifest, ct).ConfigureAwait(false);
        }
        else
        {
            await TakeDataAsync(entry, ct).ConfigureAwait(false);
        }
    }

    private async Task TakeDataAsync(TarEntry entry, CancellationToken ct)
    {
        bool isFolder = entry.EntryType == TarEntryType.Directory;
        string path = entry.Name.StartsWith(BackupLayout.DataPrefix, StringComparison.Ordinal)
            ? entry.Name[BackupLayout.DataPrefix.Length..]
            : "";
        path = isFolder && path.EndsWith('/') ? path[..^1] : path;
        if (!BackupLayout.IsPath(path) || !_seen.Add(path) || (!isFolder && entry.EntryType != TarEntryType.RegularFile))
        {
            throw Damaged($"the entry '{entry.Name}' ({entry.EntryType}) is none that a backup has");
        }

        if (isFolder)
        {
            using Stream? none = _create?.Invoke(path, true);
            _folders.Add(path);
            return;
        }

        using Stream target = _create?.Invoke(path, false) ?? Stream.Null;
        var hashed = new HashedStream(entry.DataStream ?? Stream.Null, entry.Length);
        byte[] buffer = new byte[BufferBytes];
        int count;
        while ((count = await ReadDataAsync(hashed, buffer, path, ct).ConfigureAwait(false)) > 0)
        {
            await target.WriteAsync(buffer.AsMemory(0, count), ct).ConfigureAwait(false);
        }

        (target as FileStream)?.Flush(flushToDisk: true);
        _files.Add(new BackupFile(path, entry.Length, hashed.Sha256()));
    }

    private async Task<int> ReadDataAsync(HashedStream data, byte[] buffer, string path, CancellationToken ct)
    {
        try
        {
            return await data.ReadAsync(buffer, ct).ConfigureAwait(false);
        }
        catch (Exception problem) when (problem is IOException or InvalidDataException)
        {
            throw Damaged($"the file '{path}' cannot be read: {problem.Message}", problem);
        }
    }

    private async Task<T> JsonAsync<T>(TarEntry entry, Func<ReadOnlyMemory<byte>, T> read, CancellationToken ct)
    {
        try
        {
            if (entry.EntryType == TarEntryType.RegularFile && entry is { DataStream: { } data, Length: <= BackupLayout.JsonBytes })
            {
                byte[] bytes = new byte[entry.Length];
                await data.ReadExactlyAsync(bytes, ct).ConfigureAwait(false);
                return read(bytes);
            }
        }
        catch (Exception problem) when (problem is JsonException or IOException or InvalidDataException)
        {
            throw Damaged($"'{entry.Name}' cannot be read: {problem.Message}", problem);
        }

        throw Damaged($"'{entry.Name}' cannot be read");
    }

    private void CheckVersions(BackupHead head)
    {
        string? newer = head.Format > BackupHead.NewestFormat ? $"layout {head.Format}, newer than {BackupHead.NewestFormat}"
            : head.FolderFormat > DataFolderMarker.NewestFormat
                ? $"a data folder of layout {head.FolderFormat}, newer than {DataFolderMarker.NewestFormat}"
            : head.Schema > DataFolderMarker.NewestSchema ? $"schema {head.Schema}, newer than {DataFolderMarker.NewestSchema}"
            : null;
        if (newer is not null)
        {
            throw new BackupException(
                $"The backup '{_path}' has {newer}, the newest this program knows. It was made by '{Excerpt(head.Program)}': use that program or "
                + "a newer one.");
        }
    }

    /// <summary>Holds what was read against what the backup says that it has.</summary>
    private void Compare(BackupManifest manifest)
    {
        if (manifest.Head != _head)
        {
            throw Damaged($"'{BackupLayout.Head}' and '{BackupLayout.Manifest}' do not agree");
        }

        Dictionary<string, BackupFile> found = _files.ToDictionary(static file => file.Path, StringComparer.Ordinal);
        foreach (BackupFile file in manifest.Files)
        {
            if (!found.Remove(file.Path, out BackupFile? read))
            {
                throw Damaged($"the file '{file.Path}' is missing");
            }

            if (read != file)
            {
                throw Damaged($"the file '{file.Path}' is not as it was written: it has {read.Bytes} bytes with SHA-256 {read.Sha256}, "
                    + $"and should have {file.Bytes} with {Excerpt(file.Sha256)}");
            }
        }

        if (found.Count > 0 || !manifest.Folders.SequenceEqual(_folders, StringComparer.Ordinal))
        {
            throw Damaged(found.Count > 0
                ? $"the file '{found.Keys.First()}' is not in '{BackupLayout.Manifest}'"
                : $"its folders are not those of '{BackupLayout.Manifest}'");
        }
    }

    private BackupException Damaged(string what, Exception? cause = null)
    {
        string text = $"The backup '{_path}' cannot be used: {what}. Nothing was restored; use another backup.";
        return cause is null ? new BackupException(text) : new BackupException(text, cause);
    }

    private static string Excerpt(string text) => text.Length > 200 ? text[..200] : text;
}

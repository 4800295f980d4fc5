using System.Formats.Tar;
using CfLogStream.Server.Spool;

namespace CfLogStream.Server.Backup;

/// <summary>Writes a backup: a tar archive under a temporary name, which gets its name when all of it is on disk.</summary>
internal sealed class BackupWriter : IAsyncDisposable
{
    /// <summary>What a backup's name ends with until it is finished.</summary>
    public const string Unfinished = ".unfinished";

    private const int BufferBytes = 1 << 20;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _path;
    private readonly BackupHead _head;
    private readonly FileStream _file;
    private readonly TarWriter _tar;
    private readonly List<string> _folders = [];
    private readonly List<BackupFile> _files = [];
    private bool _isFinished;

    private BackupWriter(string path, BackupHead head, FileStream file)
    {
        _path = path;
        _head = head;
        _file = file;
        _tar = new TarWriter(file, TarEntryFormat.Pax, leaveOpen: true);
    }

    /// <summary>Begins a backup.</summary>
    /// <exception cref="BackupException">There is a file of that name, or another process writes it.</exception>
    public static async Task<BackupWriter> BeginAsync(string path, BackupHead head, CancellationToken ct)
    {
        if (Path.Exists(path))
        {
            throw new BackupException($"'{path}' exists already; a backup never replaces one. Name another file.");
        }

        FileStream file;
        try
        {
            var options = new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                BufferSize = BufferBytes,
            };
            if (!OperatingSystem.IsWindows())
            {
                // What a log says of visitors is nobody else's business.
                options.UnixCreateMode = OwnerOnly;
            }

            file = new FileStream(path + Unfinished, options);
            file.SetLength(0);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new BackupException($"The backup '{path}{Unfinished}' cannot be written: {problem.Message}", problem);
        }

        var writer = new BackupWriter(path, head, file);
        await writer.WriteJsonAsync(BackupLayout.Head, BackupJson.Write(head), ct).ConfigureAwait(false);
        return writer;
    }

    /// <summary>Copies what is in a content and was not copied yet.</summary>
    public async Task AddAsync(BackupContent content, CancellationToken ct)
    {
        foreach (string folder in content.Folders)
        {
            var entry = new PaxTarEntry(TarEntryType.Directory, BackupLayout.DataPrefix + folder + "/");
            await _tar.WriteEntryAsync(entry, ct).ConfigureAwait(false);
            _folders.Add(folder);
        }

        foreach ((string path, string file) in content.Files)
        {
            await AddFileAsync(path, file, ct).ConfigureAwait(false);
        }
    }

    /// <summary>Ends it: what it has, on disk, under its name.</summary>
    public async Task<BackupManifest> FinishAsync(CancellationToken ct)
    {
        var manifest = new BackupManifest(_head, _folders, _files);
        await WriteJsonAsync(BackupLayout.Manifest, BackupJson.Write(manifest), ct).ConfigureAwait(false);
        await _tar.DisposeAsync().ConfigureAwait(false);
        _file.Flush(flushToDisk: true);
        File.Move(_path + Unfinished, _path, overwrite: false);
        _isFinished = true;
        FolderSync.Flush(Path.GetDirectoryName(Path.GetFullPath(_path))!);
        return manifest;
    }

    /// <summary>Removes it when it is not finished.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isFinished)
        {
            await _file.DisposeAsync().ConfigureAwait(false);
            return;
        }

        try
        {
            await _file.DisposeAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            // What is still to be written has no room either.
        }

        File.Delete(_path + Unfinished);
    }

    private async Task AddFileAsync(string path, string file, CancellationToken ct)
    {
        var stream = new FileStream(file, new FileStreamOptions
        {
            Access = FileAccess.Read,
            Share = FileShare.ReadWrite | FileShare.Delete,
            Options = FileOptions.SequentialScan,
            BufferSize = 0,
        });
        var hashed = new HashedStream(stream, stream.Length);
        await using (hashed.ConfigureAwait(false))
        {
            long bytes = hashed.Length;
            var entry = new PaxTarEntry(TarEntryType.RegularFile, BackupLayout.DataPrefix + path) { DataStream = hashed };
            await _tar.WriteEntryAsync(entry, ct).ConfigureAwait(false);
            _files.Add(new BackupFile(path, bytes, hashed.Sha256()));
        }
    }

    private async Task WriteJsonAsync(string name, byte[] json, CancellationToken ct)
    {
        using var stream = new MemoryStream(json);
        await _tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = stream }, ct).ConfigureAwait(false);
    }
}

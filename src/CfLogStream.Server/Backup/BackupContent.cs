namespace CfLogStream.Server.Backup;

/// <summary>The folders and files that go into a backup, in the order in which they are copied.</summary>
internal sealed class BackupContent
{
    private readonly List<string> _folders = [];
    private readonly List<(string Path, string File)> _files = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    /// <summary>Paths in the data folder.</summary>
    public IReadOnlyList<string> Folders => _folders;

    /// <summary>Paths in the data folder, and which file stands for each.</summary>
    public IReadOnlyList<(string Path, string File)> Files => _files;

    /// <summary>Adds a folder and what is in it; links and what is left out of backups are passed over.</summary>
    /// <param name="root">A folder of the file system that stands for the data folder.</param>
    /// <param name="path">The path in it; empty for all of it.</param>
    /// <param name="enters">Whether a folder in it is gone into.</param>
    public void AddTree(string root, string path, Func<string, bool>? enters = null)
    {
        if (path.Length > 0 && _seen.Add(path))
        {
            _folders.Add(path);
        }

        foreach (FileSystemInfo entry in new DirectoryInfo(Path.Combine(root, path)).EnumerateFileSystemInfos()
            .OrderBy(static entry => entry.Name, StringComparer.Ordinal))
        {
            string inside = path.Length > 0 ? path + "/" + entry.Name : entry.Name;
            if (entry.LinkTarget is not null || BackupLayout.IsLeft(inside))
            {
                continue;
            }

            if (entry is DirectoryInfo)
            {
                if (enters?.Invoke(inside) != false)
                {
                    AddTree(root, inside, enters);
                }
            }
            else
            {
                AddFile(inside, entry.FullName);
            }
        }
    }

    /// <summary>Adds a file.</summary>
    public void AddFile(string path, string file)
    {
        if (_seen.Add(path))
        {
            _files.Add((path, file));
        }
    }
}

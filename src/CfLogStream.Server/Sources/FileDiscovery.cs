using System.IO.Enumeration;

namespace CfLogStream.Server.Sources;

/// <summary>Finds the log files that a command line names: files, folders with all below them, patterns, and <c>-</c> for standard
/// input.</summary>
/// <remarks>
/// In patterns <c>*</c> and <c>?</c> match within one name and <c>**</c> any number of folders; a folder that a pattern matches is
/// read with all below it, and a path that exists as it stands is no pattern. Symbolic links are followed; a file or folder reached
/// twice, by two arguments or in a circle, counts once.
/// Left out everywhere: <c>ownership-challenge.txt</c> and <c>ledger.ndjson</c>, the truth beside generated uploads. Left out unless named
/// outright: hidden files and folders, and empty files, which object stores keep as folder markers (a named pipe looks empty too).
/// Validation uploads such as <c>test.txt.gz</c> are not left out: their content tells, when they are read.
/// </remarks>
public sealed class FileDiscovery
{
    private const string PathAdvice = "check the path";

    private static readonly (string Name, string Why)[] s_otherFiles =
    [
        ("ownership-challenge.txt", "an ownership challenge"), ("ledger.ndjson", "the ledger of generated uploads"),
    ];

    private readonly List<LogFile> _files = [];
    private readonly List<SkippedFile> _skipped = [];
    private readonly List<SourceError> _errors = [];
    private readonly HashSet<string> _seenFiles = new(StringComparer.Ordinal);
    private readonly HashSet<string> _seenFolders = new(StringComparer.Ordinal);

    // Whether the argument at hand has led to any file.
    private bool _hasFound;

    private FileDiscovery()
    {
    }

    /// <summary>Finds the files of all arguments.</summary>
    public static DiscoveredFiles Find(IEnumerable<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var discovery = new FileDiscovery();
        foreach (string argument in arguments)
        {
            discovery._hasFound = false;
            int errors = discovery._errors.Count;
            if (!discovery.AddArgument(argument))
            {
                discovery._errors.Add(new SourceError(argument, null, "there is no such file or folder", PathAdvice));
            }
            else if (!discovery._hasFound && discovery._errors.Count == errors)
            {
                discovery._errors.Add(new SourceError(argument, null, "there are no log files in it", PathAdvice));
            }
        }

        return new DiscoveredFiles(discovery._files, discovery._skipped, discovery._errors);
    }

    private bool AddArgument(string argument)
    {
        if (argument == LogFile.StandardInput)
        {
            _hasFound = true;
            if (_seenFiles.Add(argument))
            {
                _files.Add(new LogFile(argument, 0));
            }

            return true;
        }

        if (argument.Length > 0 && File.Exists(argument))
        {
            AddFile(argument, isNamed: true);
            return true;
        }

        if (argument.Length > 0 && Directory.Exists(argument))
        {
            AddFolder(argument);
            return true;
        }

        int pattern = argument.AsSpan().IndexOfAny('*', '?');
        if (pattern < 0)
        {
            return false;
        }

        int folderEnd = argument.LastIndexOf('/', pattern) + 1;
        string[] names = argument[folderEnd..].Split('/', StringSplitOptions.RemoveEmptyEntries);
        var walk = new PatternWalk(this);
        walk.Match(argument[..folderEnd], names, 0);
        return walk.HasMatched;
    }

    private void AddFile(string path, bool isNamed)
    {
        string name = Path.GetFileName(path);
        foreach ((string otherName, string why) in s_otherFiles)
        {
            if (name == otherName)
            {
                _skipped.Add(new SkippedFile(path, why));
                return;
            }
        }

        string? real = RealPath.Of(path);
        if (real is null || !File.Exists(real))
        {
            _errors.Add(new SourceError(path, null, "the link leads nowhere", "remove the link or restore what it points to"));
            return;
        }

        long length = new FileInfo(real).Length;
        if (length == 0 && !isNamed)
        {
            _skipped.Add(new SkippedFile(path, "an empty file"));
            return;
        }

        // A file or folder that an earlier argument has already found is found all the same.
        _hasFound = true;
        if (_seenFiles.Add(real) && (length == 0 || CanOpen(path)))
        {
            _files.Add(new LogFile(path, length));
        }
    }

    private bool CanOpen(string path)
    {
        try
        {
            using Microsoft.Win32.SafeHandles.SafeFileHandle handle = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            AddSystemError(path, exception);
            return false;
        }
    }

    private void AddFolder(string folder)
    {
        if (RealPath.Of(folder) is not { } real || !_seenFolders.Add(real))
        {
            _hasFound = true;
            return;
        }

        foreach (string path in Entries(folder))
        {
            if (IsHidden(path))
            {
                continue;
            }

            if (Directory.Exists(path))
            {
                AddFolder(path);
            }
            else
            {
                AddFile(path, isNamed: false);
            }
        }
    }

    private string[] Entries(string folder)
    {
        try
        {
            string[] entries = Directory.GetFileSystemEntries(folder.Length == 0 ? "." : folder);
            if (folder.Length == 0)
            {
                entries = Array.ConvertAll(entries, entry => Path.GetFileName(entry));
            }

            Array.Sort(entries, StringComparer.Ordinal);
            return entries;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            AddSystemError(folder, exception);
            return [];
        }
    }

    private void AddSystemError(string path, Exception exception) =>
        _errors.Add(new SourceError(path, null, $"the system said '{exception.Message}'", "check the path and the permissions"));

    private static bool IsHidden(string path) => Path.GetFileName(path.AsSpan()).StartsWith('.');

    /// <summary>Goes through folders along the names of one pattern.</summary>
    private sealed class PatternWalk(FileDiscovery discovery)
    {
        private readonly HashSet<(string Folder, int Name)> _seen = [];

        public bool HasMatched { get; private set; }

        public void Match(string folder, string[] names, int index)
        {
            string place = folder.Length == 0 ? "." : folder;
            if (!Directory.Exists(place) || RealPath.Of(place) is not { } real || !_seen.Add((real, index)))
            {
                return;
            }

            string name = names[index];
            bool isLast = index == names.Length - 1;
            if (name is "." or "..")
            {
                MatchEntry(Path.Combine(folder, name), names, index, isLast);
                return;
            }

            if (name == "**" && !isLast)
            {
                Match(folder, names, index + 1);
            }

            foreach (string entry in discovery.Entries(folder))
            {
                ReadOnlySpan<char> entryName = Path.GetFileName(entry.AsSpan());
                if (IsHidden(entry) && !name.StartsWith('.'))
                {
                    continue;
                }

                if (name == "**" && !isLast)
                {
                    Match(entry, names, index);
                }
                else if (name == "**" || FileSystemName.MatchesSimpleExpression(name, entryName, ignoreCase: false))
                {
                    MatchEntry(entry, names, index, isLast);
                }
            }
        }

        private void MatchEntry(string entry, string[] names, int index, bool isLast)
        {
            if (!isLast)
            {
                Match(entry, names, index + 1);
                return;
            }

            HasMatched = true;
            if (Directory.Exists(entry))
            {
                discovery.AddFolder(entry);
            }
            else
            {
                discovery.AddFile(entry, isNamed: false);
            }
        }
    }
}

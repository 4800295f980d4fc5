using System.Globalization;
using System.IO.Enumeration;
using System.Runtime.CompilerServices;

namespace CfLogStream.Server.Collecting;

/// <summary>A folder with its subfolders. Shows files that are finished: unchanged for a while, by what was seen of them.</summary>
/// <remarks>
/// A file's own time says nothing of when it came, since it may be kept when a file is moved; and no clock is asked for it. So a file is
/// watched from listing to listing, and the place always lists everything. Links are not followed: they lead outside.
/// </remarks>
internal sealed class FolderPlace : IObjectPlace
{
    private static readonly string[] s_unfinished = [".tmp", ".part", ".partial", ".filepart", ".crdownload", ".swp", "~"];

    private readonly string _root;
    private readonly string _pattern;
    private readonly TimeSpan _settle;
    private readonly TimeProvider _time;
    private Dictionary<string, (string Tag, long Since)> _seen = new(StringComparer.Ordinal);

    /// <param name="root">The folder.</param>
    /// <param name="pattern">What names of files look like, with <c>*</c> and <c>?</c>.</param>
    /// <param name="settle">How long a file is unchanged before it is finished; zero when files are moved in whole.</param>
    /// <param name="time">Measures that.</param>
    public FolderPlace(string root, string pattern, TimeSpan settle, TimeProvider time)
    {
        _root = root;
        _pattern = pattern;
        _settle = settle;
        _time = time;
    }

    /// <inheritdoc/>
    public bool ListsEverything => true;

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectEntry> ListAsync(
        DateTimeOffset from, DateTimeOffset to, [EnumeratorCancellation] CancellationToken ct)
    {
        var seen = new Dictionary<string, (string Tag, long Since)>(StringComparer.Ordinal);
        long now = _time.GetTimestamp();
        foreach (ObjectEntry entry in await Task.Run(() => Files(ct), ct).ConfigureAwait(false))
        {
            long since = _seen.TryGetValue(entry.Key, out (string Tag, long Since) known) && known.Tag == entry.Tag ? known.Since : now;
            seen[entry.Key] = (entry.Tag, since);
            if (_time.GetElapsedTime(since, now) >= _settle)
            {
                yield return entry;
            }
        }

        _seen = seen;
    }

    /// <inheritdoc/>
    public async Task CopyAsync(ObjectEntry entry, Stream destination, CancellationToken ct)
    {
        string path = Path.Combine(_root, entry.Key);
        try
        {
            var file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.Open,
                Access = FileAccess.Read,
                Share = FileShare.ReadWrite | FileShare.Delete,
                Options = FileOptions.SequentialScan | FileOptions.Asynchronous,
            });
            await using (file.ConfigureAwait(false))
            {
                await file.CopyToAsync(destination, ct).ConfigureAwait(false);
            }

            var after = new FileInfo(path);
            if (after.LinkTarget is not null || Entry(entry.Key, after) != entry)
            {
                throw new PlaceException(PlaceFailure.Gone, "The file has changed while it was read.");
            }
        }
        catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new PlaceException(PlaceFailure.Gone, problem.Message, problem);
        }
        catch (UnauthorizedAccessException problem)
        {
            throw new PlaceException(PlaceFailure.Refused, problem.Message, problem);
        }
    }

    public void Dispose()
    {
    }

    private static ObjectEntry Entry(string key, FileInfo file)
    {
        long modifiedNs = ObjectEntry.NanosecondsOf(file.LastWriteTimeUtc);
        return new ObjectEntry(key, string.Create(CultureInfo.InvariantCulture, $"{file.Length}-{modifiedNs}"), file.Length, modifiedNs);
    }

    private List<ObjectEntry> Files(CancellationToken ct)
    {
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            IgnoreInaccessible = false,
            AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint,
        };
        var entries = new List<ObjectEntry>();
        try
        {
            foreach (FileInfo file in new DirectoryInfo(_root).EnumerateFiles("*", options))
            {
                ct.ThrowIfCancellationRequested();
                if (FileSystemName.MatchesSimpleExpression(_pattern, file.Name, ignoreCase: false)
                    && !Array.Exists(s_unfinished, end => file.Name.EndsWith(end, StringComparison.OrdinalIgnoreCase))
                    && file.Exists)
                {
                    entries.Add(Entry(Path.GetRelativePath(_root, file.FullName), file));
                }
            }
        }
        catch (FileNotFoundException problem)
        {
            // It was moved away in this moment.
            throw new PlaceException(PlaceFailure.Transient, problem.Message, problem);
        }
        catch (DirectoryNotFoundException problem)
        {
            throw new PlaceException(PlaceFailure.Refused, $"There is no folder '{_root}'.", problem);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new PlaceException(PlaceFailure.Refused, problem.Message, problem);
        }

        return entries;
    }
}
